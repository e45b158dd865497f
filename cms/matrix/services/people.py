"""What a person may do with a delivery, and with a story on all its accounts."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.matrix.channels.base import Payload
from cms.matrix.gateway import open_channel, pictures_for
from cms.matrix.lifecycle import BEFORE, MOVING, IllegalMove, State, move, note
from cms.matrix.models import ChannelAccount, Delivery
from cms.matrix.services.deliveries import delivery_send_anew, payload_of

Wish = Delivery.Wish
ON_PLATFORM = (State.PUBLISHED, State.NEEDS_CONSOLE, State.TAKEN_DOWN)
IN_THE_AIR = (State.SUBMITTING, State.SUBMITTED, State.UNKNOWN)


class CannotRetry(IllegalMove):
    """The delivery is not in a state in which this could help; the message says why."""


@transaction.atomic
def delivery_retry(*, delivery: Delivery, by=None) -> Delivery:
    """Try a failed delivery again now, or look again at one that waits.

    Raises CannotRetry for one that is done, or that has to be approved anew.
    """
    delivery = _locked(delivery)
    if delivery.state == State.FAILED:
        if delivery.error_class == "seal":
            raise CannotRetry(_("内容与签发的不一致，不能直接重发。请把稿件重新送审。"))
        _start_anew(delivery, by, _("重试"))
    elif delivery.state in (*MOVING, State.NEEDS_CONSOLE) or delivery.wish:
        _now(delivery)
    else:
        raise CannotRetry(
            _("这条分发的状态是“%(state)s”，不需要重试。") % {"state": delivery.get_state_display()}
        )
    return delivery


@transaction.atomic
def delivery_check(*, delivery_id: int) -> None:
    """Look at it at the next opportunity, whatever its waiting time."""
    waiting = Delivery.objects.filter(pk=delivery_id, state__in=(*IN_THE_AIR, State.NEEDS_CONSOLE))
    waiting.update(next_try_at=timezone.now())


@transaction.atomic
def delivery_allow_repeat(*, delivery: Delivery, by) -> Delivery:
    """仍要发布: a person has seen that the same content went out within a day, and wants it."""
    delivery = _locked(delivery)
    if delivery.state != State.FAILED or delivery.error_class != "repeat":
        raise CannotRetry(_("这条分发不是因为内容重复而停下的。"))
    delivery.repeat_allowed = True
    delivery.save(update_fields=["repeat_allowed"])
    _start_anew(delivery, by, _("确认重复内容仍要发布"))
    return delivery


@transaction.atomic
def delivery_cancel(*, delivery: Delivery, by=None, why: str = "") -> Delivery:
    """Take a delivery out that has not left yet. Raises CannotRetry when it has."""
    delivery = _locked(delivery)
    held = delivery.held_until and delivery.held_until > timezone.now()
    if delivery.state not in (*BEFORE, State.FAILED) or held:
        raise CannotRetry(_("稿件已提交或正在提交到平台，不能取消。可以改用“撤回”。"))
    move(delivery, State.CANCELLED, by=by, why=why or _("取消分发"), next_try_at=None)
    return delivery


@transaction.atomic
def delivery_give_up(*, delivery: Delivery, by, why: str = "") -> Delivery:
    """A person has looked and decides that nothing more is to be waited for."""
    delivery = _locked(delivery)
    if delivery.state not in (State.SUBMITTED, State.UNKNOWN, State.NEEDS_CONSOLE):
        raise CannotRetry(_("这条分发没有在等待结果。"))
    text = why or _("已放弃，不再核对。重试前请先到平台确认没有发出。")
    _take(delivery)
    move(delivery, State.FAILED, by=by, why=text, error_class="given_up", error_text=text,
         next_try_at=None, wish=Wish.NONE, todo="")  # fmt: skip
    return delivery


@transaction.atomic
def delivery_restore(*, delivery: Delivery, by) -> Delivery:
    """Send what was approved after all, although the story has been edited since."""
    delivery = _locked(delivery)
    if delivery.state != State.DRAFT or not delivery.seal:
        raise CannotRetry(_("这条分发还没有签发过。"))
    soon = timezone.now()
    scheduled = bool(delivery.send_at and delivery.send_at > soon)
    move(delivery, State.SCHEDULED if scheduled else State.APPROVED, by=by,
         why=_("按已签发的版本发出"), error_text="", attempts=0,
         next_try_at=delivery.send_at if scheduled else soon)  # fmt: skip
    return delivery


@transaction.atomic
def delivery_published_by_hand(*, delivery: Delivery, url: str, by=None) -> Delivery:
    """A person published it in the platform's own console and says where it stands.

    Raises CannotRetry for a delivery that is not waiting for a person.
    """
    delivery = _locked(delivery)
    if delivery.state not in (State.NEEDS_CONSOLE, State.UNKNOWN, State.SUBMITTED):
        raise CannotRetry(_("这条分发不在等待人工发表。"))
    _take(delivery)
    move(delivery, State.PUBLISHED, by=by, why=_("已在平台后台发表"), url=url, error_text="",
         error_class="", error_code="", todo="", next_try_at=None,
         published_at=timezone.now())  # fmt: skip
    return delivery


@transaction.atomic
def delivery_done_by_hand(*, delivery: Delivery, by) -> Delivery:
    """What the machine could not do, a person has done on the platform."""
    delivery = _locked(delivery)
    if not delivery.todo:
        raise CannotRetry(_("这条分发没有要人工处理的事。"))
    _take(delivery)
    if delivery.wish == Wish.WITHDRAW and delivery.state in ON_PLATFORM:
        resend = delivery.progress.get("resend")
        move(delivery, State.WITHDRAWN, by=by, why=_("已由人工撤下"), wish=Wish.NONE, todo="",
             next_try_at=None)  # fmt: skip
        if resend:
            delivery_send_anew(delivery=delivery, by=by)
    else:
        move(delivery, State(delivery.state), by=by, why=_("已由人工处理"), wish=Wish.NONE, todo="",
             outdated=False, next_try_at=None)  # fmt: skip
    return delivery


@transaction.atomic
def delivery_withdraw(*, delivery: Delivery, by, why: str) -> Delivery:
    """Take it back: at once if it has not left, on the platform if it has, and not before it is
    settled if it is in the air."""
    delivery = _locked(delivery)
    held = delivery.held_until and delivery.held_until > timezone.now()
    if delivery.state in (*BEFORE, State.FAILED) and not held:
        move(delivery, State.CANCELLED, by=by, why=why, next_try_at=None)
    elif delivery.state in (*BEFORE, *IN_THE_AIR, *ON_PLATFORM):
        _wish(delivery, Wish.WITHDRAW)
        note(delivery, delivery.state, by=by, why=_("要求撤回：%(why)s") % {"why": why})
    return delivery


@transaction.atomic
def delivery_resend(*, delivery: Delivery, by, why: str) -> Delivery:
    """撤回重发: when the old one is down, the story as published now goes out to the account."""
    delivery = _locked(delivery)
    if delivery.state not in ON_PLATFORM:
        raise CannotRetry(_("只有已经发出的稿件才需要撤回重发。"))
    delivery.progress = {**delivery.progress, "resend": True}
    delivery.save(update_fields=["progress"])
    return delivery_withdraw(delivery=delivery, by=by, why=why or _("撤回重发"))


@transaction.atomic
def delivery_correct(*, delivery: Delivery, by) -> Delivery:
    """Bring the text that passed review and is published on the site to the platform."""
    delivery = _locked(delivery)
    page = delivery.page and delivery.page.specific
    if delivery.state not in (State.PUBLISHED, State.NEEDS_CONSOLE) or page is None:
        raise CannotRetry(_("只有已经发出的稿件才能更新。"))
    version = next(
        (v for v in page.channel_versions.all() if v.account_id == delivery.account_id), None
    )
    if not page.live or version is None:
        raise CannotRetry(_("稿件没有发布，或不再发到这个账号，不能更新。"))
    with open_channel(delivery.account) as channel:
        payload = payload_of(page, version, channel)
        problems = channel.check(payload)
    if problems:
        raise CannotRetry("".join(problem.message for problem in problems))
    delivery.progress = {**delivery.progress, "correction": payload.to_json()}
    delivery.save(update_fields=["progress"])
    _wish(delivery, Wish.CORRECT)
    note(delivery, delivery.state, by=by, why=_("要求更新到平台"))
    return delivery


def story_withdraw(*, page, by, why: str, from_site: bool = False) -> list[Delivery]:
    """Withdraw a story from every account, and with `from_site` from the site.

    Returns its deliveries that are, or were just, somewhere to be withdrawn from.
    """
    with transaction.atomic():
        deliveries = list(
            Delivery.objects.filter(page_id=page.pk)
            .exclude(state__in=(State.CANCELLED, State.WITHDRAWN))
            .order_by("pk")
        )
        done = [delivery_withdraw(delivery=delivery, by=by, why=why) for delivery in deliveries]
        log(page, "matrix.withdraw", user=by, data={"why": why, "from_site": from_site})
    if from_site and page.live:
        page.specific.unpublish(user=by)
    return done


def version_preview(*, page, account: ChannelAccount, reader: str, by) -> None:
    """Show a story as it is written now to one reader (a WeChat name), before it goes public.

    Raises ChannelError with a sentence for the person; CannotRetry when content is missing.
    """
    version = next((v for v in page.channel_versions.all() if v.account_id == account.pk), None)
    if version is None:
        raise CannotRetry(_("稿件没有选这个账号。请先选账号并保存草稿。"))
    with open_channel(account) as channel:
        payload = payload_of(page, version, channel)
        if problems := channel.check(payload):
            raise CannotRetry("".join(problem.message for problem in problems))
        draft = Delivery.objects.filter(page_id=page.pk, account=account, state__in=BEFORE).first()

        def save(progress) -> None:
            if draft:
                Delivery.objects.filter(pk=draft.pk).update(progress=dict(progress))

        progress = draft.progress if draft else {}
        channel.preview(payload, pictures_for(payload), progress, save, reader)
    log(page, "matrix.preview", user=by, data={"account": str(account)})


def payload_shown(delivery: Delivery) -> Payload | None:
    """What the delivery carries; None before it was approved."""
    return Payload.from_json(delivery.payload) if delivery.payload else None


def _locked(delivery: Delivery) -> Delivery:
    return (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("account")
        .get(pk=delivery.pk)
    )


def _take(delivery: Delivery) -> None:
    """From whoever works on it: a person's word counts."""
    delivery.claim += 1
    Delivery.objects.filter(pk=delivery.pk).update(claim=delivery.claim, held_until=None)


def _start_anew(delivery: Delivery, by, why: str) -> None:
    rounds = delivery.progress.get("rounds", 0) + 1
    move(delivery, State.APPROVED, by=by, why=why, attempts=0, next_try_at=timezone.now(),
         error_text="", error_class="", error_code="", trace_id="", error_field="",
         progress={**delivery.progress, "rounds": rounds})  # fmt: skip


def _now(delivery: Delivery) -> None:
    delivery.next_try_at, delivery.attempts = timezone.now(), 0
    delivery.save(update_fields=["next_try_at", "attempts"])


def _wish(delivery: Delivery, wish: Wish) -> None:
    delivery.wish, delivery.todo, delivery.attempts = wish, "", 0
    delivery.next_try_at = timezone.now()
    delivery.save(update_fields=["wish", "todo", "attempts", "next_try_at"])
