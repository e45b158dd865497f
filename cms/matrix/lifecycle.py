"""The life of a delivery, whole: its states, the moves between them, and the one way to move.

docs/deliveries.md draws what stands here; a test compares the two. Every move is compared and set
in the database (another process cannot make the same one) and leaves a line in the delivery's log:
who, when, why, and the platform's own trace id.

In a step of work a delivery is *held*: `claim` numbers the holds, so whoever lost its hold (a
worker that slept too long) finds its number outdated and can neither write nor send any more.
"""

import logging
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)

# Longer than the longest call (channels.http.Wire: six times its timeout); renewed at each call.
HOLD = timedelta(seconds=120)


class State(models.TextChoices):
    DRAFT = "draft", _("审稿中")
    APPROVED = "approved", _("等待分发")
    SCHEDULED = "scheduled", _("已定时")
    SUBMITTING = "submitting", _("正在提交")
    SUBMITTED = "submitted", _("平台处理中")
    UNKNOWN = "unknown", _("结果待核对")
    PUBLISHED = "published", _("已发布")
    NEEDS_CONSOLE = "console", _("待人工发表")
    FAILED = "failed", _("未成功")
    CANCELLED = "cancelled", _("已取消")
    WITHDRAWN = "withdrawn", _("已撤回")
    TAKEN_DOWN = "taken_down", _("被平台下架")


S = State
MOVES: dict[State, frozenset[State]] = {
    # An edit after approval sends what has not left back to DRAFT: it is reviewed again.
    S.DRAFT: frozenset({S.APPROVED, S.SCHEDULED, S.CANCELLED}),
    S.APPROVED: frozenset({S.DRAFT, S.SCHEDULED, S.SUBMITTING, S.FAILED, S.CANCELLED}),
    S.SCHEDULED: frozenset({S.DRAFT, S.APPROVED, S.CANCELLED}),
    # Committed before the call that makes it public. Back to APPROVED only when the platform said
    # no, or was never reached.
    S.SUBMITTING: frozenset(
        {S.APPROVED, S.SUBMITTED, S.UNKNOWN, S.PUBLISHED, S.NEEDS_CONSOLE, S.FAILED}
    ),
    # A lost answer is settled by looking: to APPROVED when it is certainly not there.
    S.UNKNOWN: frozenset(
        {S.APPROVED, S.SUBMITTED, S.PUBLISHED, S.NEEDS_CONSOLE, S.FAILED, S.WITHDRAWN, S.TAKEN_DOWN}
    ),
    S.SUBMITTED: frozenset(
        {S.UNKNOWN, S.PUBLISHED, S.NEEDS_CONSOLE, S.FAILED, S.WITHDRAWN, S.TAKEN_DOWN}
    ),
    S.NEEDS_CONSOLE: frozenset({S.PUBLISHED, S.FAILED, S.WITHDRAWN, S.CANCELLED, S.APPROVED}),
    S.PUBLISHED: frozenset({S.WITHDRAWN, S.TAKEN_DOWN}),
    S.FAILED: frozenset({S.APPROVED, S.SCHEDULED, S.DRAFT, S.CANCELLED}),
    S.CANCELLED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.TAKEN_DOWN: frozenset({S.WITHDRAWN}),
}

# The machine has a next step of its own.
MOVING = (S.APPROVED, S.SCHEDULED, S.SUBMITTING, S.SUBMITTED, S.UNKNOWN)
# Nothing has left this machine yet.
BEFORE = (S.DRAFT, S.APPROVED, S.SCHEDULED)
# The text has left, or may have left.
GONE_OUT = (S.SUBMITTING, S.SUBMITTED, S.UNKNOWN, S.PUBLISHED, S.NEEDS_CONSOLE)
ENDED = (S.CANCELLED, S.WITHDRAWN)


class IllegalMove(ValueError):
    """The states do not follow each other. `str()` is Chinese, for the person who asked."""


class LostHold(Exception):
    """Somebody else moved or took the delivery meanwhile: whatever we know of it is outdated."""


@transaction.atomic
def move(delivery, to: State, *, by=None, why: str = "", **changes) -> None:
    """Move `delivery` to `to` with `changes` of other fields, and log it.

    The row must still be in the state and under the hold that `delivery` was read with: raises
    LostHold otherwise, and IllegalMove where MOVES has no such move. A "move" to the same state
    writes the changes; it is logged when `why` says something new.
    """
    before = State(delivery.state)
    if to != before and to not in MOVES[before]:
        raise IllegalMove(
            _("这条分发的状态是“%(state)s”，不能这样处理。") % {"state": before.label}
        )
    if to != before:
        changes["moved_at"] = timezone.now()
    changed = (
        type(delivery)
        .objects.filter(pk=delivery.pk, state=before, claim=delivery.claim)
        .update(state=to, **changes)
    )
    if not changed:
        raise LostHold(f"delivery {delivery.pk} is no longer {before} under claim {delivery.claim}")
    if to != before or (why and why != delivery.error_text):
        note(delivery, to, by=by, why=why, before=before, **changes)
    delivery.state = to
    for name, value in changes.items():
        setattr(delivery, name, value)


def rest(delivery, to: State, *, by=None, why: str = "", **changes) -> None:
    """The step is over: move (perhaps to the same state) and let go of the row."""
    if to != delivery.state:
        changes.setdefault("attempts", 0)
    changes = {"next_try_at": None, **changes, "held_until": None}
    move(delivery, to, by=by, why=why or changes.get("error_text", ""), **changes)


def note(delivery, to: State, *, by=None, why="", before="", **changes) -> None:
    """A line in the delivery's log."""
    delivery.events.create(
        from_state=before or to,
        to_state=to,
        by=by,
        why=why[:500],
        code=changes.get("error_code", ""),
        trace_id=changes.get("trace_id", ""),
    )


def free() -> models.Q:
    """Rows that nobody works on."""
    return models.Q(held_until=None) | models.Q(held_until__lte=timezone.now())


def hold(rows: models.QuerySet, pk: int, **changes):
    """Take hold of the row `pk` if it is among `rows` and free, for one more try; None if not.

    `changes` are written with the hold.
    """
    row = rows.filter(free(), pk=pk).first()
    if row is None:
        return None
    until = timezone.now() + HOLD
    mine = {"held_until": until, "claim": row.claim + 1, "attempts": row.attempts + 1} | changes
    if not type(row).objects.filter(free(), pk=pk, claim=row.claim).update(**mine):
        return None
    for name, value in mine.items():
        setattr(row, name, value)
    return row


def keep_hold(row) -> None:
    """Hold on for another while. Raises LostHold when somebody else has the row by now."""
    mine = type(row).objects.filter(pk=row.pk, claim=row.claim)
    if not mine.update(held_until=timezone.now() + HOLD):
        raise LostHold(f"{type(row).__name__} {row.pk} is held by somebody else")
