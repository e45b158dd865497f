"""Verbs that write in the matrix: make deliveries, move them on, take in what comes back.

The rule of this room: the database knows first. A delivery is claimed in a short transaction,
HTTP happens outside any transaction, and each irreversible step is written down before the next
one starts. `submit` runs at most once; whoever dies in it leaves SUBMITTING behind, which is then
reconciled with the platform, never sent again blindly.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision

from cms.matrix.channels import base
from cms.matrix.channels.base import Payload, ReplyIn
from cms.matrix.gateway import open_channel, overrides_of, story_of
from cms.matrix.models import ChannelAccount, Delivery, Reply, StatSnapshot
from cms.matrix.signals import reply_received

log = logging.getLogger(__name__)

HOLD = timedelta(minutes=3)
MAX_ATTEMPTS = 8
# Contract §1.1: 100 status calls a day. The callback is the usual way; these are the fallback.
POLL_DELAYS = (10, 30, 120, 600, 3600)
RETRY_DELAYS = (10, 60, 300, 900, 3600)
ASKED_FOR_DAYS = 90
TARGETS_PER_ACCOUNT = 40

State = Delivery.State
STATE_OF_OUTCOME = {
    base.State.WAITING: State.SUBMITTED,
    base.State.PUBLISHED: State.PUBLISHED,
    base.State.FAILED: State.FAILED,
    base.State.WITHDRAWN: State.WITHDRAWN,
    base.State.TAKEN_DOWN: State.TAKEN_DOWN,
    base.State.MANUAL: State.NEEDS_CONSOLE,
    # Not on the platform after an unknown outcome: safe to submit again.
    base.State.NOT_FOUND: State.APPROVED,
}


# --- Making deliveries ---------------------------------------------------------------------------


@transaction.atomic
def deliveries_create(*, page, revision: Revision) -> list[Delivery]:
    """Make one delivery for each account the published revision names. Idempotent.

    What has already gone out to an account does not go out a second time: that delivery is marked
    `outdated`. What is still waiting gives way to the newer text.
    """
    made = []
    for version in page.channel_versions.select_related("account"):
        earlier = Delivery.objects.filter(page=page, account=version.account)
        if earlier.filter(state__in=Delivery.GONE_OUT).exclude(revision=revision).exists():
            earlier.filter(state__in=Delivery.GONE_OUT).update(outdated=True)
            continue
        earlier.filter(state__in=[State.APPROVED, State.FAILED]).exclude(revision=revision).update(
            state=State.CANCELLED, error_text=_("由新版本代替"), next_try_at=None
        )
        delivery, new = _delivery_get_or_create(page=page, revision=revision, version=version)
        if new:
            made.append(delivery)
    return made


def _delivery_get_or_create(*, page, revision, version) -> tuple[Delivery, bool]:
    with open_channel(version.account) as channel:
        payload = channel.render(story_of(page), overrides_of(version))
    return Delivery.objects.get_or_create(
        account=version.account,
        revision=revision,
        defaults={
            "page": page,
            "title": version.title or page.title,
            "payload": payload.to_json(),
            "content_hash": payload.content_hash,
            "next_try_at": timezone.now(),
        },
    )


# --- Moving a delivery on ------------------------------------------------------------------------


def delivery_advance(*, delivery_id: int) -> Delivery | None:
    """Do the next step of one delivery. None when there is nothing to do or another has it."""
    delivery = _claim(delivery_id)
    if delivery is None:
        return None
    try:
        with open_channel(delivery.account) as channel:
            _step(delivery, channel)
    except base.ChannelError as error:
        _record_error(delivery, error)
    except Exception as error:
        # A fault of ours: keep the row, say so, let a person decide. Never a silent loss.
        log.exception("delivery %s failed", delivery.pk)
        state = State.UNKNOWN if delivery.state == State.SUBMITTING else State.FAILED
        _write(delivery, state=state, error_code="internal", error_text=str(error)[:500])
    return delivery


@transaction.atomic
def _claim(delivery_id: int) -> Delivery | None:
    now = timezone.now()
    delivery = (
        Delivery.objects.select_for_update()
        .select_related("account")
        .filter(pk=delivery_id, state__in=Delivery.MOVING)
        .first()
    )
    if (
        delivery is None
        or (delivery.held_until and delivery.held_until > now)
        or (delivery.next_try_at and delivery.next_try_at > now)
        or delivery.account.state == ChannelAccount.State.PAUSED
    ):
        return None
    delivery.held_until = now + HOLD
    delivery.attempts += 1
    delivery.save(update_fields=["held_until", "attempts"])
    return delivery


def _step(delivery: Delivery, channel: base.Channel) -> None:
    payload = Payload.from_json(delivery.payload)
    match delivery.state:
        case State.APPROVED:
            _send(delivery, channel, payload)
        case State.SUBMITTED:
            _record_outcome(delivery, channel.poll(delivery.external))
        case State.SUBMITTING | State.UNKNOWN:
            _record_outcome(delivery, channel.reconcile(payload, delivery.progress))


def _send(delivery: Delivery, channel: base.Channel, payload: Payload) -> None:
    if problems := channel.check(payload):
        reasons = "".join(problem.message for problem in problems)
        _write(delivery, state=State.FAILED, error_code="check", error_text=reasons)
        return

    def save(progress) -> None:
        delivery.progress = dict(progress)
        delivery.save(update_fields=["progress"])

    pictures = _pictures(delivery)
    save(channel.prepare(payload, pictures, delivery.progress, save))
    delivery.state = State.SUBMITTING
    delivery.save(update_fields=["state"])
    try:
        result = channel.submit(payload, delivery.progress)
    except (base.OutcomeUnknown, base.NeedsConsole):
        raise
    except base.ChannelError:
        delivery.state = State.APPROVED  # The platform said no: nothing went out.
        raise
    if isinstance(result, base.Receipt):
        result = base.Outcome(state=base.State.WAITING, external=result.external)
    delivery.attempts = 0
    _record_outcome(delivery, result)


def _pictures(delivery: Delivery) -> dict[str, base.Picture]:
    if delivery.page is None:
        return {}
    story = story_of(delivery.revision.as_object() if delivery.revision else delivery.page.specific)
    pictures = {picture.key: picture for picture in story.pictures}
    if story.cover:
        pictures[story.cover.key] = story.cover
    return pictures


def _record_outcome(delivery: Delivery, outcome: base.Outcome) -> None:
    state = STATE_OF_OUTCOME[outcome.state]
    changes = {
        "state": state,
        "external": {**delivery.external, **outcome.external},
        "error_code": "",
        "error_text": outcome.reason[:500],
    }
    if outcome.url:
        changes["url"] = outcome.url
    if state == State.PUBLISHED and delivery.published_at is None:
        changes["published_at"] = timezone.now()
    if state == State.SUBMITTED:
        changes["next_try_at"] = _after(POLL_DELAYS, delivery.attempts)
    elif state == State.APPROVED:
        changes["next_try_at"] = timezone.now()
    _write(delivery, **changes)


def _record_error(delivery: Delivery, error: base.ChannelError) -> None:
    """Turn a channel's error into a state a person can read, and a next try where one helps."""
    changes = {"error_code": error.code[:40], "error_text": (error.human or error.message)[:500]}
    match error:
        case base.OutcomeUnknown():
            changes |= {
                "state": State.UNKNOWN,
                "next_try_at": _after(RETRY_DELAYS, delivery.attempts),
            }
        case base.NeedsConsole():
            changes |= {"state": State.NEEDS_CONSOLE}
        case base.QuotaExceeded():
            until = error.until or _in(error.retry_after or 3600)
            changes |= {"state": delivery.state, "next_try_at": until}
        case base.Transient() if delivery.attempts < MAX_ATTEMPTS:
            wait = error.retry_after
            again = _in(wait) if wait else _after(RETRY_DELAYS, delivery.attempts)
            changes |= {"state": delivery.state, "next_try_at": again}
        case base.CredentialError():
            account_pause(account=delivery.account, reason=changes["error_text"])
            changes |= {"state": delivery.state, "next_try_at": timezone.now()}
        case _ if delivery.state in (State.SUBMITTING, State.UNKNOWN):
            changes |= {"state": State.UNKNOWN, "next_try_at": _after(RETRY_DELAYS, 4)}
        case _:
            changes |= {"state": State.FAILED}
    _write(delivery, **changes)


def _write(delivery: Delivery, **changes) -> None:
    """Write down where a delivery stands and let go of it.

    A row that a callback has settled meanwhile stays settled.
    """
    changes = {"next_try_at": None, **changes, "held_until": None, "attempts": delivery.attempts}
    Delivery.objects.filter(pk=delivery.pk, state__in=Delivery.MOVING).update(**changes)
    delivery.refresh_from_db()


def delivery_settle(*, delivery_id: int, outcome: base.Outcome) -> None:
    """Take the platform's own word (a signed callback) for what became of a delivery."""
    delivery = Delivery.objects.filter(pk=delivery_id, state__in=Delivery.MOVING).first()
    if delivery:
        _record_outcome(delivery, outcome)


def _in(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def _after(delays: Sequence[int], attempts: int) -> datetime:
    return _in(delays[min(max(attempts - 1, 0), len(delays) - 1)])


# --- What a person may do ------------------------------------------------------------------------


class CannotRetry(Exception):
    """The delivery is not in a state that a retry could help; the message says why."""


@transaction.atomic
def delivery_retry(*, delivery: Delivery) -> Delivery:
    """Try a failed delivery again now, or look again at one that is waiting.

    Raises CannotRetry for one that is done: nothing is sent twice.
    """
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state == State.FAILED:
        delivery.state = State.APPROVED
    elif delivery.state not in Delivery.MOVING:
        raise CannotRetry(
            _("这条分发的状态是“%(state)s”，不需要重试。") % {"state": delivery.get_state_display()}
        )
    delivery.attempts = 0
    delivery.next_try_at = timezone.now()
    delivery.error_text = ""
    delivery.save(update_fields=["state", "attempts", "next_try_at", "error_text"])
    return delivery


@transaction.atomic
def delivery_cancel(*, delivery: Delivery) -> Delivery:
    """Take a delivery out that has not left yet. Raises CannotRetry when it has."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state not in (State.APPROVED, State.FAILED):
        raise CannotRetry(_("稿件已提交到平台，不能取消。"))
    delivery.state = State.CANCELLED
    delivery.next_try_at = None
    delivery.save(update_fields=["state", "next_try_at"])
    return delivery


@transaction.atomic
def delivery_published_by_hand(*, delivery: Delivery, url: str) -> Delivery:
    """A person published the draft in the platform's own console and says where it stands.

    Raises CannotRetry for a delivery that is not waiting for a person.
    """
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state != State.NEEDS_CONSOLE:
        raise CannotRetry(_("这条分发不在等待人工发表。"))
    delivery.state, delivery.url, delivery.error_text = State.PUBLISHED, url, ""
    delivery.published_at = timezone.now()
    delivery.save(update_fields=["state", "url", "error_text", "published_at"])
    return delivery


def account_pause(*, account: ChannelAccount, reason: str) -> None:
    ChannelAccount.objects.filter(pk=account.pk).update(
        state=ChannelAccount.State.PAUSED, pause_reason=reason[:300]
    )


# --- What comes back -----------------------------------------------------------------------------


def reply_take_in(*, account: ChannelAccount, reply: ReplyIn, delivery: Delivery | None) -> bool:
    """Keep one utterance; False when it was here already. Hands new ones up after commit."""
    try:
        with transaction.atomic():
            row, new = Reply.objects.get_or_create(
                account=account,
                external_id=reply.external_id[:120],
                defaults={
                    "delivery": delivery,
                    "kind": reply.kind,
                    "author_key": f"{account.channel}:{reply.author_key}"[:120],
                    "author_name": reply.author_name[:60],
                    "text": reply.text.replace("\x00", "")[:2000],
                    "posted_at": reply.posted_at,
                    "extra": dict(reply.extra),
                },
            )
            if new:
                transaction.on_commit(
                    lambda: reply_received.send(sender=Reply, reply=row), robust=True
                )
            return new
    except IntegrityError:
        return False  # Another worker took the same one in at the same moment.


def replies_fetch(*, account: ChannelAccount, at_once: bool = False) -> int:
    """Ask a platform what readers said; returns how many utterances were new.

    Items are asked about at the channel's pace, all of them with `at_once`. An error leaves the
    old cursor, so nothing is skipped.
    """
    with open_channel(account) as channel:
        due = _due(account, "replies_read_at", channel.reply_pace, at_once)
        if not due:
            return 0
        replies, cursor = channel.replies([delivery.external for delivery in due], account.cursor)
    new = sum(
        reply_take_in(account=account, reply=reply, delivery=_match(account, due, reply.target))
        for reply in replies
    )
    ChannelAccount.objects.filter(pk=account.pk).update(cursor=dict(cursor))
    _asked(due, "replies_read_at")
    return new


def figures_take(*, account: ChannelAccount, at_once: bool = False) -> int:
    """Keep the platform's counters as they stand; returns how many items it told of.

    A later figure for a day re-states that day (`taken_at` tells when).
    """
    today = timezone.localdate()
    with open_channel(account) as channel:
        due = _due(account, "figures_taken_at", channel.figure_pace, at_once)
        if not due:
            return 0
        figures = channel.figures([delivery.external for delivery in due], today)
    for figure in figures:
        delivery = _match(account, due, figure.target)
        if delivery:
            StatSnapshot.objects.update_or_create(
                delivery=delivery,
                day=figure.as_of,
                defaults={
                    "reads": figure.reads,
                    "likes": figure.likes,
                    "shares": figure.shares,
                    "comments": figure.comments,
                    "delayed": figure.delayed,
                },
            )
    _asked(due, "figures_taken_at")
    return len(figures)


def _due(account: ChannelAccount, stamp: str, pace: base.Pace, at_once: bool) -> list[Delivery]:
    """The published items it is time to ask about, newest first."""
    now = timezone.now()
    since = now - timedelta(days=ASKED_FOR_DAYS)
    published = Delivery.objects.filter(
        account=account, state=State.PUBLISHED, published_at__gte=since
    ).order_by("-published_at")[:TARGETS_PER_ACCOUNT]
    return [
        delivery
        for delivery in published
        if at_once
        or getattr(delivery, stamp) is None
        or (now - getattr(delivery, stamp)).total_seconds()
        >= pace.interval((now - delivery.published_at).total_seconds())
    ]


def _asked(deliveries: list[Delivery], stamp: str) -> None:
    pks = [delivery.pk for delivery in deliveries]
    Delivery.objects.filter(pk__in=pks).update(**{stamp: timezone.now()})


def _match(account: ChannelAccount, asked: list[Delivery], target) -> Delivery | None:
    """The delivery whose external ids hold everything that `target` names.

    Weibo answers for all posts at once, so the item need not be among those asked about.
    """
    wanted = dict(target)
    if not wanted:
        return None
    for delivery in asked:
        if all(delivery.external.get(name) == value for name, value in wanted.items()):
            return delivery
    ids = {f"external__{name}": value for name, value in wanted.items() if name in ("mid",)}
    return Delivery.objects.filter(account=account, **ids).first() if ids else None
