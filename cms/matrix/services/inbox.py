"""The inbox: shared read state, who handles what, and what people ask to be done on a platform.

An act (answer, elect, delete) is a row first; `acts` carries it out. All refusals are CannotAct,
whose text is for the person who asked.
"""

import contextlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.matrix.channels import registry
from cms.matrix.channels.base import Capability, ReplyIn
from cms.matrix.lifecycle import LostHold
from cms.matrix.models import Reply, ReplyAct
from cms.matrix.services.acts import act_done, capability_for

Kind, State = ReplyAct.Kind, ReplyAct.State
ANSWER_LIMIT = 600
CANCELLED = "cancelled"
# What was read from the platform may be older than what we did there since.
SETTLING = timedelta(minutes=2)
# Two acts of which one undoes the other are not on their way at the same time.
OPPOSITE = {Kind.ELECT: Kind.UNELECT, Kind.UNELECT: Kind.ELECT}


class CannotAct(ValueError):
    """This cannot be done now. `str()` is Chinese, for the person who asked."""


# --- Read, handled ------------------------------------------------------------------------------


def replies_mark_read(*, replies: QuerySet[Reply], by) -> int:
    """Note for everybody that `by` has read these; returns how many were unread."""
    return replies.filter(read_at=None).update(read_at=timezone.now(), read_by=by)


def reply_mark_unread(*, reply: Reply) -> None:
    """Put it before everybody again."""
    Reply.objects.filter(pk=reply.pk).update(read_at=None, read_by=None)


def reply_take(*, reply: Reply, by) -> None:
    """我来处理. Raises CannotAct when a colleague was quicker."""
    free = Reply.objects.filter(Q(handler=None) | Q(handler=by), pk=reply.pk)
    if not free.update(handler=by):
        reply.refresh_from_db(fields=["handler"])
        name = reply.handler.real_name if reply.handler else _("同事")
        raise CannotAct(_("%(name)s已在处理。要换人，请打开对话修改处理人。") % {"name": name})


def reply_assign(*, reply: Reply, handler) -> None:
    """Give it to `handler`, one of the people of the account's union; None: to nobody."""
    Reply.objects.filter(pk=reply.pk).update(handler=handler)


# --- What may be done ---------------------------------------------------------------------------


def why_not(reply: Reply, kind: str, last_said: datetime | None = None) -> str:
    """Why an act of `kind` cannot be done on `reply` now, in Chinese; "" when it can.

    `last_said`: when the reader last wrote a message (see `last_said`), if it is known already.
    """
    if reply.deleted_at:
        return _("这条留言已删除。")
    if reply.kind == Reply.Kind.MESSAGE and kind != Kind.ANSWER:
        return _("私信不能精选，也不能删除。")
    if not reply.account.may(capability := capability_for(reply, kind)):
        return _not_allowed(reply, kind, reply.account.rights.get(capability))
    if kind == Kind.ELECT and reply.elected:
        return _("已经是精选留言。")
    if kind == Kind.UNELECT and not reply.elected:
        return _("这条留言不在精选里。")
    if kind != Kind.ANSWER:
        return ""
    return _answered_already(reply) or _too_late(reply, last_said)


def _not_allowed(reply: Reply, kind: str, found) -> str:
    if isinstance(found, str):
        return found
    words = {
        Capability.REPLY: _("%(channel)s不支持由程序回复评论，请到平台上回复。"),
        Capability.MESSAGES: _("%(channel)s私信不能由程序回复，请到平台上回复。"),
        Capability.ELECT: _("%(channel)s没有精选评论。"),
        Capability.DELETE_REPLY: _("%(channel)s不允许删除读者的评论。"),
    }
    sentence = words[capability_for(reply, kind)]
    return sentence % {"channel": reply.account.get_channel_display()}


def _answered_already(reply: Reply) -> str:
    """Where the platform takes one answer to a comment (contract §10, 88005)."""
    most = _limits(reply).get("answers")
    if most == 1 and reply.answered_at and reply.kind == Reply.Kind.COMMENT:
        return _("这条留言已经回复过，平台只允许回复一次。")
    return ""


def _too_late(reply: Reply, last_said: datetime | None) -> str:
    window = answer_window(reply, last_said)
    if window is not None and window <= timezone.now():
        hours = _limits(reply)["message_hours"]
        return _("已过 %(hours)d 小时，只能等对方再发消息。") % {"hours": hours}
    return ""


def answer_window(reply: Reply, said: datetime | None = None) -> datetime | None:
    """Until when a message may be answered (contract §12: 48 h after the reader's last one).

    None: at any time.
    """
    hours = _limits(reply).get("message_hours")
    if reply.kind != Reply.Kind.MESSAGE or not hours:
        return None
    said = said or last_said([reply]).get((reply.account_id, reply.author_key), reply.posted_at)
    return said + timedelta(hours=hours)


def last_said(replies) -> dict[tuple[int, str], datetime]:
    """(account, reader) → when that reader last wrote a message; one query for all `replies`."""
    messages = [reply for reply in replies if reply.kind == Reply.Kind.MESSAGE]
    if not messages:
        return {}
    found = (
        Reply.objects.filter(
            kind=Reply.Kind.MESSAGE,
            account__in={reply.account_id for reply in messages},
            author_key__in={reply.author_key for reply in messages},
        )
        .order_by()
        .values_list("account_id", "author_key")
        .annotate(last=Max("posted_at"))
    )
    return {(account, author): last for account, author, last in found}


def answer_limit(reply: Reply) -> int:
    """How many characters an answer may have."""
    name = "message" if reply.kind == Reply.Kind.MESSAGE else "answer"
    return _limits(reply).get(name, ANSWER_LIMIT)


def answer_length(reply: Reply, text: str) -> int:
    """How long the platform takes `text` to be: some count two ASCII letters as one."""
    if not counts_halves(reply):
        return len(text)
    halves = (1 if ord(sign) < 128 else 2 if ord(sign) < 0x10000 else 4 for sign in text)
    return (sum(halves) + 1) // 2


def counts_halves(reply: Reply) -> bool:
    """Whether two ASCII letters count as one character there."""
    return registry.get(reply.account.channel).counts_halves


def _limits(reply: Reply):
    return registry.get(reply.account.channel).limits


# --- Acts ---------------------------------------------------------------------------------------


def act_request(*, reply: Reply, kind: str, by, text: str = "") -> ReplyAct:
    """Write down what is to be done on the platform; `acts.act_carry_out` does it.

    Asked twice (a double click, two colleagues with the same words) it is one act. Raises
    CannotAct.
    """
    text = text.replace("\r\n", "\n").replace("\x00", "").strip() if kind == Kind.ANSWER else ""
    try:
        with transaction.atomic():
            return _request(reply, kind, by, text)
    except IntegrityError:
        # Somebody asked for the same at the same moment (one_open_act_of_a_kind).
        return _asked_before(reply, kind, text) or reply.acts.filter(kind=kind).latest("pk")


def _request(reply: Reply, kind: str, by, text: str) -> ReplyAct:
    row = Reply.objects.select_for_update(of=("self",)).select_related("account").get(pk=reply.pk)
    if asked := _asked_before(row, kind, text):
        return asked
    if why := why_not(row, kind):
        raise CannotAct(why)
    if row.acts.filter(kind=OPPOSITE.get(kind, ""), state__in=ReplyAct.OPEN).exists():
        raise CannotAct(_("上一次操作还没有完成，请稍后再点。"))
    if kind == Kind.ANSWER:
        _check_text(row, text)
    Reply.objects.filter(pk=row.pk, read_at=None).update(read_at=timezone.now(), read_by=by)
    return row.acts.create(kind=kind, text=text, by=by, next_try_at=timezone.now())


def _asked_before(reply: Reply, kind: str, text: str) -> ReplyAct | None:
    """The same act, on its way or, for an answer, done: the same words are never sent twice."""
    under_way = reply.acts.filter(kind=kind, state__in=ReplyAct.OPEN).first()
    if under_way and under_way.text != text:
        raise CannotAct(_("上一条回复还没有结果。请等它完成，或先撤销再写。"))
    if under_way or kind != Kind.ANSWER:
        return under_way
    return reply.acts.filter(kind=kind, state=State.DONE, text=text).last()


def _check_text(reply: Reply, text: str) -> None:
    if not text:
        raise CannotAct(_("回复是空的。请写好内容再发。"))
    if (over := answer_length(reply, text) - answer_limit(reply)) > 0:
        raise CannotAct(
            _("回复超出 %(over)d 个字，最多 %(limit)d 个字。请写短一些。")
            % {"over": over, "limit": answer_limit(reply)}
        )


@transaction.atomic
def act_settle(*, act: ReplyAct, done: bool, by) -> ReplyAct:
    """A person has looked on the platform after a lost answer: it stands there, or it does not.

    What does not stand there is sent again. Raises CannotAct when it is settled already.
    """
    act = _locked(act, State.UNKNOWN, _("这次操作的结果已经清楚，不用再确认。"))
    if done:
        act_done(act, by=by)
    else:
        _write(act, state=State.WAITING, attempts=0, next_try_at=timezone.now(), error_text="")
    return act


@transaction.atomic
def act_retry(*, act: ReplyAct) -> ReplyAct:
    """Try a failed act once more. Raises CannotAct."""
    act = _locked(act, State.FAILED, _("这次操作没有失败，不用重试。"))
    if why := why_not(act.reply, act.kind):
        raise CannotAct(why)
    again = act.reply.acts.filter(kind=act.kind).exclude(pk=act.pk)
    if again.filter(Q(state__in=ReplyAct.OPEN) | Q(pk__gt=act.pk)).exists():
        raise CannotAct(_("之后又操作过一次，请以那一次为准。"))
    _write(act, state=State.WAITING, attempts=0, next_try_at=timezone.now(), error_text="")
    return act


@transaction.atomic
def act_cancel(*, act: ReplyAct) -> ReplyAct:
    """Take back what has not been sent yet. Raises CannotAct when it has, or may have."""
    act = _locked(act, State.WAITING, _("已经发出或正在发出，不能撤销。"))
    _write(act, state=State.FAILED, error_code=CANCELLED, error_text=_("已撤销，没有发出。"),
           next_try_at=None)  # fmt: skip
    return act


def _locked(act: ReplyAct, state: str, otherwise: str) -> ReplyAct:
    row = ReplyAct.objects.select_for_update(of=("self",)).select_related("reply__account")
    act = row.get(pk=act.pk)
    if act.state != state:
        raise CannotAct(otherwise)
    return act


def _write(act: ReplyAct, **changes) -> None:
    """Write under a new claim: whoever held the act finds his hold outdated."""
    changes |= {"claim": act.claim + 1, "held_until": None}
    if not ReplyAct.objects.filter(pk=act.pk, claim=act.claim, state=act.state).update(**changes):
        raise CannotAct(_("系统正在处理这次操作，请稍后再点。"))
    for name, value in changes.items():
        setattr(act, name, value)


# --- What the platform tells later --------------------------------------------------------------


def reply_refresh(*, reply: Reply, seen: ReplyIn) -> None:
    """A reply that was read again: follow what was done about it in the platform's own console.

    `seen.extra` may hold "elected" and "our_answer" (contract §10).
    """
    changes: dict = {}
    elected = seen.extra.get("elected")
    if elected is not None and bool(elected) != reply.elected and _is_settled(reply):
        changes["elected"] = bool(elected)
    answer = str(seen.extra.get("our_answer") or "")
    if answer and answer != reply.answer:
        changes |= {"answer": answer, "answered_at": reply.answered_at or timezone.now()}
    if changes:
        Reply.objects.filter(pk=reply.pk).update(**changes)
        for name, value in changes.items():
            setattr(reply, name, value)
    if "answer" in changes:
        _settle_by(reply, answer)


def _is_settled(reply: Reply) -> bool:
    lately = Q(state__in=ReplyAct.OPEN) | Q(done_at__gt=timezone.now() - SETTLING)
    return not reply.acts.filter(lately, kind__in=OPPOSITE).exists()


def _settle_by(reply: Reply, answer: str) -> None:
    """The platform shows the answer whose outcome was not known."""
    unknown = reply.acts.filter(kind=Kind.ANSWER, state=State.UNKNOWN).select_related("by")
    for act in unknown:
        if act.text == answer.strip():
            with contextlib.suppress(CannotAct, LostHold):  # Somebody settled it meanwhile.
                act_settle(act=act, done=True, by=act.by)
