"""What moderators decide, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.interactions import notices, selectors, signals, words
from cms.interactions.models import CommentReport, ModerationEvent, ModerationItem
from cms.interactions.origins import comment_id
from cms.interactions.services.record import record
from cms.interactions.services.showing import comments_show
from cms.members.models import User

State = ModerationItem.State
Action = ModerationEvent.Action
ACTION_OF = {State.APPROVED: Action.APPROVED, State.REJECTED: Action.REJECTED}
#: What a moderator may decide on again; what its author took back stays so.
DECIDABLE = (State.PENDING, State.APPROVED, State.REJECTED)
NOTE_LENGTH = 200


@dataclass(frozen=True)
class Outcome:
    """What became of a batch. `own`: the moderator's own texts, left for a colleague; `appealed`:
    those whose appeal is answered first."""

    changed: list[ModerationItem]
    own: list[ModerationItem] = field(default_factory=list)
    appealed: list[ModerationItem] = field(default_factory=list)


def item_approve(*, item: ModerationItem, user) -> bool:
    """Make an utterance public. False when it already was.

    Raises PermissionDenied for a text of one's own or of a union one does not moderate.
    """
    return _decide_one(item, user, State.APPROVED, "")


def item_reject(*, item: ModerationItem, user, reason: str) -> bool:
    """Refuse an utterance, or withdraw an approved one. False when it already was refused.

    Raises PermissionDenied as `item_approve`; ValidationError when the reason is unknown.
    """
    return _decide_one(item, user, State.REJECTED, reason)


def _decide_one(item, user, state, reason) -> bool:
    outcome = items_decide(ids=[item.pk], user=user, state=state, reason=reason)
    if outcome.own:
        raise PermissionDenied(_("这是您自己写的，请由其他审核员处理。"))
    item.refresh_from_db()
    if item.state != state:
        raise PermissionDenied(_("您不是这个工会的审核员，不能处理这条内容。"))
    return bool(outcome.changed)


@transaction.atomic
def items_decide(
    *,
    ids,
    user,
    state: str,
    reason: str = "",
    note: str = "",
    twins: bool = False,
    at: datetime | None = None,
) -> Outcome:
    """Approve or reject those of `ids` that `user` may decide on and that are not so already.

    `state` is "approved" or "rejected"; rejecting needs a reason (ValidationError). `note` is a
    word to the authors. With `twins`, everything that waits with the same words is decided along:
    a hundred copies are one decision. `at`: when it was decided, of what is brought in from
    elsewhere.
    """
    if state not in ACTION_OF:
        raise ValidationError(_("请选择通过或不通过。"), code="state")
    if state == State.REJECTED and reason not in ModerationItem.Reason.values:
        raise ValidationError(_("请选择不通过的原因。"), code="reason")
    note = words.tidy(note)
    if len(note) > NOTE_LENGTH:
        raise ValidationError(
            _("给作者的说明最多 %(max)d 字。"), code="note", params={"max": NOTE_LENGTH}
        )
    meant = Q(pk__in=ids)
    mine = selectors.items_for(user)
    if twins:
        prints = mine.filter(pk__in=ids, state=State.PENDING).values("fingerprint")
        meant |= Q(fingerprint__in=prints, state=State.PENDING)
    items = mine.filter(meant, state__in=DECIDABLE).exclude(state=state)
    found = list(items.select_for_update(of=("self",)))
    own = [item for item in found if item.is_said_by(user)]
    appealed = [item for item in found if item.appealed and item not in own]
    changed = [item for item in found if item not in own and item not in appealed]
    write_down(changed, user, state, reason=reason, note=note, at=at)
    return Outcome(changed, own, appealed)


@transaction.atomic
def item_withdraw(*, origin: str, by: User | None) -> bool:
    """What was said is gone from where it was said (`by` None: its author took it away there): it
    leaves the queue, and what was made of it is withdrawn. False when there was nothing to do."""
    found = ModerationItem.objects.select_for_update().filter(origin=origin)
    items = list(found.filter(state__in=(State.PENDING, State.APPROVED)))
    write_down(items, by, State.WITHDRAWN)
    return bool(items)


def write_down(
    changed: Sequence[ModerationItem],
    by: User | None,
    state: str,
    *,
    action: str = "",
    reason: str = "",
    note: str = "",
    at: datetime | None = None,
) -> list[ModerationEvent]:
    """Move all of `changed` (rows the caller has locked) to `state`, record it, and tell.

    `action` says why, where it is no plain decision.
    """
    if not changed:
        return []
    was_shown = [item for item in changed if item.state == State.APPROVED]
    reported = [item for item in changed if item.reports]
    reason = reason if state == State.REJECTED else ""
    now = at or timezone.now()
    for item in changed:
        item.state, item.reason, item.note = state, reason, note
        item.decided_by, item.decided_at = by, now
        item.reports, item.appealed = 0, False
    ModerationItem.objects.bulk_update(
        changed,
        ["state", "reason", "note", "decided_by", "decided_at", "reports", "appealed"],
    )
    action = action or ACTION_OF.get(state, Action.WITHDRAWN)
    events = record(changed, action, by=by, reason=reason, words=note, at=now)
    comments_show(changed, shown=state == State.APPROVED)
    reports_close(reported, kept=state == State.APPROVED)
    if state == State.APPROVED:
        tell(signals.utterance_approved, changed)
    else:
        tell(signals.utterance_withdrawn, was_shown)
    if action == Action.REJECTED:
        notices.refused(changed)
    elif action == Action.APPROVED:
        notices.answered_by_reader(changed)
    return events


@transaction.atomic
def reports_keep(*, item: ModerationItem, user) -> None:
    """The reported comment was looked at and stays.

    Raises PermissionDenied for one's own text or another union's.
    """
    item = locked(item, user)
    record([item], Action.KEPT, by=user)
    ModerationItem.objects.filter(pk=item.pk).update(reports=0)
    reports_close([item], kept=True)


def reports_close(items: Sequence[ModerationItem], *, kept: bool) -> None:
    """Those who reported hear what came of it."""
    ids = [pk for item in items if (pk := comment_id(item.origin))]
    if not ids:
        return
    waiting = CommentReport.objects.filter(comment__in=ids, outcome="")
    told = list(waiting.select_related("user", "comment"))
    outcome = CommentReport.Outcome.KEPT if kept else CommentReport.Outcome.REMOVED
    waiting.update(outcome=outcome, handled_at=timezone.now())
    notices.report_handled(told, kept=kept)


def locked(item: ModerationItem, user) -> ModerationItem:
    """The row of `item`, locked, when `user` may act on it; else PermissionDenied."""
    row = selectors.items_for(user).select_for_update(of=("self",)).filter(pk=item.pk).first()
    if row is None:
        raise PermissionDenied(_("您不是这个工会的审核员，不能处理这条内容。"))
    if row.is_said_by(user):
        raise PermissionDenied(_("这是您自己写的，请由其他审核员处理。"))
    return row


def tell(signal, items) -> None:
    """After the commit; a listener that fails is logged and stops nobody."""
    items = list(items)

    def send():
        for item in items:
            signal.send_robust(sender=ModerationItem, item=item)

    transaction.on_commit(send)
