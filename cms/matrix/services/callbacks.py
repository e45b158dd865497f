"""What platforms push to us: written down and answered at once, understood later by a task.

A push is hostile until verified, and may come twice or out of order (contract §9). One row for each
event; the passive answer is kept in it, so that a repeated push gets the same one.
"""

import logging
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.matrix import pace
from cms.matrix.channels import base
from cms.matrix.channels.wechat import callbacks
from cms.matrix.channels.wechat.callbacks import CallbackRefused
from cms.matrix.channels.wechat.pushes import (
    MassFinished,
    PublishFinished,
    Push,
    UserEvent,
    UserMessage,
    push_of,
)
from cms.matrix.gateway import open_channel
from cms.matrix.lifecycle import State, free, hold
from cms.matrix.models import CallbackEvent, CallbackRefusal, ChannelAccount, Delivery
from cms.matrix.services import auto_reply
from cms.matrix.services.moving import delivery_settle
from cms.matrix.services.returns import reply_take_in

log = logging.getLogger(__name__)

# The platform tries four times in all; what comes more often is no retry.
MOST_SEEN = 4
# An answer to "submit" may be written down after the event about it: wait for it that long.
WAITED_FOR = timedelta(hours=1)
SEEN_NOTED_EVERY = timedelta(minutes=1)
THANKS = _("已收到您的留言，工会工作人员会尽快查看。")


def callback_take_in(*, account: ChannelAccount, query, body: bytes) -> tuple[CallbackEvent, bool]:
    """Verify one push of WeChat, write it down, find its passive answer (`event.answer`, XML).

    Returns the row and whether it is new. Raises CallbackRefused with the reason.
    """
    now = timezone.now()
    fields = callbacks.read_fields(body, query, secrets_of(account), now)
    push = push_of(fields)
    _check_receiver(account, push)
    _note_seen(account, now)
    try:
        event, new = _row(account, push, fields, callbacks.signature_given(query))
    except IntegrityError:
        # Another process wrote the same event down at the same moment.
        event, new = _again(CallbackEvent.objects.get(account=account, key=push.key[:150])), False
    return event, new


def secrets_of(account: ChannelAccount) -> callbacks.Secrets:
    extra = account.as_value().extra
    return callbacks.Secrets(
        app_id=account.app_id, token=account.token, aes_keys=tuple(extra.get("aes_keys", ()))
    )


def refusal_note(*, account: ChannelAccount, reason: str) -> None:
    """Count a refused push: a row a day and reason, however many there are."""
    day = timezone.localdate()
    row, made = CallbackRefusal.objects.get_or_create(
        account=account, day=day, reason=reason[:60], defaults={"count": 1}
    )
    if not made:
        CallbackRefusal.objects.filter(pk=row.pk).update(
            count=F("count") + 1, last_at=timezone.now()
        )


@transaction.atomic
def _row(account: ChannelAccount, push: Push, fields, signature: str):
    key = push.key[:150]
    # Plain pushes sign time and nonce only: a captured signature must not bring other words.
    used = CallbackEvent.objects.filter(account=account, signature=signature[:64])
    if used.exclude(key=key).exists():
        raise CallbackRefused("signature used before")
    event = CallbackEvent.objects.filter(account=account, key=key).first()
    if event is not None:
        return _again(event), False
    event = CallbackEvent.objects.create(
        account=account,
        key=key,
        signature=signature[:64],
        fields=fields,
        answer=_answer(account, push),
    )
    return event, True


def _again(event: CallbackEvent) -> CallbackEvent:
    # Asked and counted in one statement: twenty at the same moment must not all find room.
    room = CallbackEvent.objects.filter(pk=event.pk, seen__lt=MOST_SEEN)
    if not room.update(seen=F("seen") + 1):
        raise CallbackRefused("repeated too often")
    return event


def _check_receiver(account: ChannelAccount, push: Push) -> None:
    """The first genuine push teaches the account's own name (gh_…); others are not for us."""
    known = account.extra.get("original_id")
    if known and push.receiver and push.receiver != known:
        raise CallbackRefused("for another account")
    if not known and push.receiver:
        account.extra = {**account.extra, "original_id": push.receiver}
        account.save(update_fields=["extra"])


def _answer(account: ChannelAccount, push: Push) -> str:
    match push:
        case UserMessage():
            words = auto_reply.answer_for(account=account, text=push.text) or THANKS
        case UserEvent(event="subscribe"):
            words = auto_reply.greeting_for(account)
        case UserEvent(event="click"):
            words = auto_reply.answer_for(account=account, text=push.event_key)
        case _:
            words = ""
    return callbacks.passive_text(push, str(words), timezone.now()) if words else ""


def _note_seen(account: ChannelAccount, now) -> None:
    if not account.callback_seen_at or now - account.callback_seen_at > SEEN_NOTED_EVERY:
        ChannelAccount.objects.filter(pk=account.pk).update(callback_seen_at=now)


# --- Later ---------------------------------------------------------------------------------------


def callbacks_due() -> QuerySet[CallbackEvent]:
    now = timezone.now()
    return CallbackEvent.objects.filter(
        free(), Q(next_try_at=None) | Q(next_try_at__lte=now), state=CallbackEvent.State.WAITING
    ).select_related("account")


def callback_carry_out(*, event_id: int) -> None:
    """Do what an event asks for. What cannot be done yet is tried again for an hour."""
    event = hold(callbacks_due(), event_id)
    if event is None:
        return
    push = push_of(event.fields)
    try:
        done = _understood(event.account, push)
    except base.ChannelError as error:
        log.info("callback %s: %s", event.pk, error)
        done = False
    if done:
        _end(event, CallbackEvent.State.DONE)
    elif timezone.now() - event.received_at > WAITED_FOR:
        _end(event, CallbackEvent.State.FAILED, _("一小时内没有找到对应的分发。"))
    else:
        CallbackEvent.objects.filter(pk=event.pk, claim=event.claim).update(
            held_until=None, next_try_at=pace.after(pace.RETRIES, event.attempts)
        )


def _end(event: CallbackEvent, state: CallbackEvent.State, why: str = "") -> None:
    CallbackEvent.objects.filter(pk=event.pk, claim=event.claim).update(
        state=state, error_text=why, held_until=None, next_try_at=None, done_at=timezone.now()
    )


def _understood(account: ChannelAccount, push: Push) -> bool:
    match push:
        case PublishFinished():
            return _publish_finished(account, push)
        case MassFinished():
            return _mass_finished(account, push)
        case UserMessage():
            reply_take_in(account=account, reply=push.as_reply(), delivery=None)
    return True


def _publish_finished(account: ChannelAccount, push: PublishFinished) -> bool:
    delivery = Delivery.objects.filter(
        account=account, external__publish_id=push.publish_id
    ).first()
    if delivery is None:
        # Ours, but not written down yet? Only while something of this account is in the air.
        return not Delivery.objects.filter(
            account=account, state__in=(State.SUBMITTING, State.UNKNOWN)
        ).exists()
    delivery_settle(delivery_id=delivery.pk, outcome=push.outcome(delivery.external))
    return True


def _mass_finished(account: ChannelAccount, push: MassFinished) -> bool:
    """群发 by us, or something that a person published in the console."""
    mine = Delivery.objects.filter(account=account)
    delivery = mine.filter(external__msg_id=push.msg_id).first()
    if delivery is not None:
        delivery_settle(delivery_id=delivery.pk, outcome=push.outcome(delivery.external))
        return True
    return _published_by_hand(mine.filter(state=State.NEEDS_CONSOLE), account, push)


def _published_by_hand(waiting: QuerySet[Delivery], account: ChannelAccount, push) -> bool:
    """Which of the drafts that wait for a hand is it? The one that has left the draft box."""
    gone = []
    with open_channel(account) as channel:
        for delivery in waiting:
            outcome = channel.poll(delivery.external)
            if outcome.state is base.State.PUBLISHED:
                delivery_settle(delivery_id=delivery.pk, outcome=outcome)
            elif outcome.external.get("draft_gone"):
                gone.append((delivery, outcome))
    if len(gone) == 1:
        delivery, outcome = gone[0]
        delivery_settle(delivery_id=delivery.pk, outcome=push.outcome(outcome.external))
    return True
