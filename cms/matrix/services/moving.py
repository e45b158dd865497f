"""Moving a delivery on, one step at a time.

The database knows first. A delivery is held in a short transaction, HTTP happens outside any
transaction, and before each call the hold is proved again (`keep_hold` as the meter's
`before_call`): a worker that slept too long finds that it may not speak any more. SUBMITTING is
committed before the call that makes a story public; whoever dies in it leaves the row to be
settled by looking, never by sending again.
"""

import logging
from copy import deepcopy
from datetime import timedelta
from functools import partial

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.matrix import pace
from cms.matrix.channels import base, registry
from cms.matrix.channels.base import Channel, Outcome, Payload, Way
from cms.matrix.gateway import open_channel, pictures_for
from cms.matrix.lifecycle import (
    BEFORE,
    GONE_OUT,
    MOVING,
    LostHold,
    State,
    hold,
    keep_hold,
    move,
    rest,
)
from cms.matrix.models import ChannelAccount, Delivery
from cms.matrix.services import failing
from cms.matrix.services.deliveries import SealBroken, delivery_send_anew, sealed_payload

log = logging.getLogger(__name__)

Wish = Delivery.Wish
# The platform holds the text, or will: a wish can be carried out there.
AT_PLATFORM = (State.PUBLISHED, State.NEEDS_CONSOLE, State.TAKEN_DOWN)
STATE_OF = {
    base.State.WAITING: State.SUBMITTED,
    base.State.PUBLISHED: State.PUBLISHED,
    base.State.FAILED: State.FAILED,
    base.State.WITHDRAWN: State.WITHDRAWN,
    base.State.TAKEN_DOWN: State.TAKEN_DOWN,
    base.State.MANUAL: State.NEEDS_CONSOLE,
}
# A look that finds nothing is believed the second time only.
LOOKS = 2


def deliveries_due() -> QuerySet[Delivery]:
    """Whatever has a next step by now, on accounts that are not paused."""
    now = timezone.now()
    come = Q(next_try_at__lte=now)
    asked = Q(state__in=MOVING) | ~Q(wish=Wish.NONE)
    return Delivery.objects.filter(
        asked & (come | Q(next_try_at=None)) | come & Q(state=State.NEEDS_CONSOLE),
        account__state=ChannelAccount.State.ACTIVE,
    ).select_related("account")


def delivery_advance(*, delivery_id: int) -> Delivery | None:
    """Do the next step of one delivery. None when there is nothing to do or another has it."""
    delivery = hold(deliveries_due(), delivery_id, queued_until=None)
    if delivery is None:
        return None
    try:
        with open_channel(delivery.account, before_call=partial(keep_hold, delivery)) as channel:
            _guarded_step(delivery, channel)
    except LostHold as lost:
        log.info("left to another: %s", lost)
    return delivery


def _guarded_step(delivery: Delivery, channel: Channel) -> None:
    try:
        _step(delivery, channel)
    except base.ChannelError as error:
        failing.record_error(delivery, error)
    except SealBroken:
        failing.fail(delivery, "seal", _("要发的内容与签发的不一致，已停止发出。请重新送审。"))
    except (LostHold, OperationalError, InterfaceError):
        # Not ours to judge: without the database nothing can be written down. The row stays as it
        # is and is taken up again when its hold ends.
        raise
    except Exception as error:
        # A fault of ours: keep the row, say so, let a person decide. Never a silent loss.
        log.exception("delivery %s", delivery.pk)
        failing.record_bug(delivery, error)


def _step(delivery: Delivery, channel: Channel) -> None:
    if delivery.wish and delivery.state in AT_PLATFORM:
        _carry_out_wish(delivery, channel)
        return
    if delivery.wish == Wish.WITHDRAW and delivery.state in BEFORE:
        rest(delivery, State.CANCELLED, why=_("撤回：还没有发出"), wish=Wish.NONE)
        return
    match delivery.state:
        case State.SCHEDULED:
            move(delivery, State.APPROVED, why=_("到了定时"), attempts=1)
            _send(delivery, channel)
        case State.APPROVED:
            _send(delivery, channel)
        case State.SUBMITTED | State.NEEDS_CONSOLE:
            record_outcome(delivery, channel.poll(delivery.external))
        case State.SUBMITTING | State.UNKNOWN:
            _look(delivery, channel)


# --- Out -----------------------------------------------------------------------------------------


def _send(delivery: Delivery, channel: Channel) -> None:
    payload = sealed_payload(delivery)
    if problems := channel.check(payload):
        reasons = "".join(problem.message for problem in problems)
        failing.fail(delivery, "check", reasons, field=problems[0].field)
        return
    progress = _progress(delivery)
    save = partial(_save_progress, delivery)
    save(channel.prepare(payload, pictures_for(payload), progress, save))
    if not _begin_submitting(delivery):
        return
    _submit(delivery, channel, payload)


def _progress(delivery: Delivery) -> dict:
    """With the key by which a platform knows a repeated submission (contract §8, clientmsgid)."""
    rounds = delivery.progress.get("rounds", 0)
    return {**delivery.progress, "key": f"rongmei-{delivery.pk}-{rounds}"}


def _save_progress(delivery: Delivery, progress) -> None:
    if progress == delivery.progress:
        return
    # A copy through and through: a channel goes on filling in what it gave.
    delivery.progress = deepcopy(dict(progress))
    mine = Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim)
    if not mine.update(progress=delivery.progress):
        raise LostHold(f"delivery {delivery.pk}")


@transaction.atomic
def _begin_submitting(delivery: Delivery) -> bool:
    """Commit that the next call makes it public. False when the same went out within a day.

    One at a time per account, so that two alike cannot both find that nothing like them went out.
    """
    ChannelAccount.objects.select_for_update().only("pk").get(pk=delivery.account_id)
    now = timezone.now()
    alike = Delivery.objects.filter(
        account=delivery.account_id,
        likeness=delivery.likeness,
        state__in=GONE_OUT,
        submitted_at__gt=now - timedelta(days=1),
    ).exclude(pk=delivery.pk)
    if Delivery.objects.filter(pk=delivery.pk, wish=Wish.WITHDRAW).exists():
        rest(delivery, State.CANCELLED, why=_("撤回：还没有发出"), wish=Wish.NONE)
        return False
    if not delivery.repeat_allowed and alike.exists():
        why = _("24 小时内已向这个账号发过同样的内容。确实要再发，请点“仍要发布”。")
        failing.fail(delivery, "repeat", why)
        return False
    move(delivery, State.SUBMITTING, why=_("开始提交"), submitted_at=now, unseen=0)
    return True


def _submit(delivery: Delivery, channel: Channel, payload: Payload) -> None:
    try:
        result = channel.submit(payload, delivery.progress, Way(delivery.way))
    except (base.OutcomeUnknown, base.NeedsConsole):
        raise
    except base.ChannelError as error:
        # The platform said no, or was never reached: nothing went out.
        move(delivery, State.APPROVED, why=error.human, submitted_at=None)
        raise
    if isinstance(result, base.Receipt):
        result = Outcome(state=base.State.WAITING, external=result.external)
    delivery.attempts = 0
    try:
        record_outcome(delivery, result)
    except LostHold:
        # It did go out: whoever has the row now must know under which ids.
        _add_external(delivery.pk, result.external)
        raise


@transaction.atomic
def _add_external(pk: int, external) -> None:
    row = Delivery.objects.select_for_update().get(pk=pk)
    row.external = {**external, **row.external}
    row.save(update_fields=["external"])


# --- What became of it ---------------------------------------------------------------------------


def _look(delivery: Delivery, channel: Channel) -> None:
    """Settle a lost answer by looking: no earlier than the platform can be expected to show it."""
    ready = (delivery.submitted_at or delivery.created_at) + pace.span(channel.settle_after)
    if timezone.now() < ready:
        rest(delivery, State.UNKNOWN, next_try_at=ready, error_text=_("等平台显示后核对"))
        return
    payload = sealed_payload(delivery)
    record_outcome(delivery, channel.reconcile(payload, delivery.progress, Way(delivery.way)))


def record_outcome(delivery: Delivery, outcome: Outcome) -> None:
    """Write down what is known now, and let go of the row."""
    if outcome.state is base.State.NOT_FOUND:
        _not_there(delivery, outcome)
        return
    state = STATE_OF[outcome.state]
    changes = {
        "external": {**delivery.external, **outcome.external},
        "error_class": "",
        "error_code": "",
        "error_text": outcome.reason[:500],
        "todo": "",
        "unseen": 0,
    }
    if outcome.url:
        changes["url"] = outcome.url
    match state:
        case State.PUBLISHED:
            changes["published_at"] = delivery.published_at or timezone.now()
            changes["next_try_at"] = timezone.now() if delivery.wish else None
        case State.SUBMITTED:
            changes["next_try_at"] = pace.after(pace.POLLS, delivery.attempts)
        case State.NEEDS_CONSOLE:
            changes["todo"] = outcome.reason[:300]
            changes["next_try_at"] = pace.after(pace.BY_HAND, delivery.attempts)
        case State.FAILED:
            changes |= {"error_class": "refused", "submitted_at": None, "wish": Wish.NONE}
        case State.WITHDRAWN:
            changes["wish"] = Wish.NONE
    rest(delivery, state, **changes)
    _resend_if_asked(delivery)


def _resend_if_asked(delivery: Delivery) -> None:
    if delivery.state == State.WITHDRAWN and delivery.progress.get("resend"):
        delivery_send_anew(delivery=delivery)


def _not_there(delivery: Delivery, outcome: Outcome) -> None:
    """The platform does not show it. Seen twice, it certainly was not sent: it may go out again."""
    if delivery.state == State.NEEDS_CONSOLE:
        why = _("草稿还在公众号后台，等待人工发表")
        rest(delivery, State.NEEDS_CONSOLE, next_try_at=pace.after(pace.BY_HAND, delivery.attempts),
              error_text=why)  # fmt: skip
    elif delivery.unseen + 1 < LOOKS or delivery.state == State.SUBMITTED:
        kind = registry.get(delivery.account.channel)
        rest(delivery, State.UNKNOWN, unseen=delivery.unseen + 1,
              next_try_at=pace.later(kind.settle_after),
              error_text=_("平台上没有看到，再核对一次"))  # fmt: skip
    else:
        if delivery.state == State.SUBMITTING:
            move(delivery, State.UNKNOWN, why=_("提交中断，核对结果"))
        rest(delivery, State.APPROVED, why=_("核对两次，平台上没有，重新提交"), unseen=0,
              submitted_at=None, error_text="", next_try_at=timezone.now())  # fmt: skip


@transaction.atomic
def delivery_settle(*, delivery_id: int, outcome: Outcome) -> bool:
    """Take the platform's own word (a signed callback) for what became of a delivery.

    It is taken from whoever holds the row. False when the delivery is settled already; a 群发 that
    a look found published still learns its address here, which only the event tells (contract §8).
    """
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(pk=delivery_id)
        .first()
    )
    unsettled = (State.SUBMITTING, State.SUBMITTED, State.UNKNOWN, State.NEEDS_CONSOLE)
    if delivery is None:
        return False
    if delivery.state not in unsettled:
        _add_address(delivery, outcome)
        return False
    delivery.claim += 1
    Delivery.objects.filter(pk=delivery.pk).update(claim=delivery.claim, held_until=None)
    record_outcome(delivery, outcome)
    return True


def _add_address(delivery: Delivery, outcome: Outcome) -> None:
    if delivery.state == State.PUBLISHED and outcome.url and not delivery.url:
        Delivery.objects.filter(pk=delivery.pk).update(
            url=outcome.url, external={**delivery.external, **outcome.external}
        )


# --- What a person asked for ---------------------------------------------------------------------


def _carry_out_wish(delivery: Delivery, channel: Channel) -> None:
    if delivery.wish == Wish.WITHDRAW:
        _withdraw(delivery, channel)
    else:
        _correct(delivery, channel)


def _withdraw(delivery: Delivery, channel: Channel) -> None:
    """Asked once; after that, where a person must do it, only looked whether it is done."""
    if delivery.todo:
        outcome = channel.poll(delivery.external)
    else:
        outcome = channel.withdraw(delivery.external)
    external = {**delivery.external, **outcome.external}
    match outcome.state:
        case base.State.WITHDRAWN | base.State.TAKEN_DOWN:
            rest(delivery, State.WITHDRAWN, why=outcome.reason or _("已从平台撤下"),
                 external=external, wish=Wish.NONE, todo="", error_text="")  # fmt: skip
            _resend_if_asked(delivery)
        case _:
            rest(delivery, State(delivery.state), external=external,
                  todo=delivery.todo or outcome.reason[:300],
                  next_try_at=pace.after(pace.BY_HAND, delivery.attempts))  # fmt: skip


def _correct(delivery: Delivery, channel: Channel) -> None:
    payload = Payload.from_json(delivery.progress["correction"])
    save = partial(_save_progress, delivery)
    outcome = channel.correct(
        payload, pictures_for(payload), delivery.external, delivery.progress, save
    )
    if outcome.state is base.State.MANUAL and delivery.state == State.PUBLISHED:
        rest(delivery, State(delivery.state), why=outcome.reason, wish=Wish.NONE,
              todo=outcome.reason[:300])  # fmt: skip
        return
    kept = {name: value for name, value in delivery.progress.items() if name != "correction"}
    rest(delivery, State(delivery.state), why=_("已更新到平台"), wish=Wish.NONE, todo="",
          outdated=False, progress=kept, payload=payload.to_json(),
          content_hash=payload.content_hash, likeness=payload.likeness(), error_text="",
          external={**delivery.external, **outcome.external})  # fmt: skip
