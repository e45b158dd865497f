"""Carrying out what people asked for in the inbox: at most once, like a delivery.

SENDING is committed before the call. A lost answer is UNKNOWN and settled by looking
(`Channel.answered`); where the platform cannot be looked at, a person says what stands there.
To elect or to delete twice is harmless, so these are simply asked for again.
"""

import logging
from datetime import datetime
from functools import partial

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.matrix import pace
from cms.matrix.channels import base
from cms.matrix.channels.base import Channel, ReplyIn
from cms.matrix.gateway import open_channel
from cms.matrix.lifecycle import LostHold, free, hold, keep_hold
from cms.matrix.models import ChannelAccount, Reply, ReplyAct
from cms.matrix.services.failing import account_pause, capability_off, final_words
from cms.matrix.signals import reply_withdrawn

log = logging.getLogger(__name__)

Kind, State = ReplyAct.Kind, ReplyAct.State


def capability_for(reply: Reply, kind: str) -> base.Capability:
    """What an account must be able to do for an act of `kind` on `reply`."""
    if kind in (Kind.ANSWER, Kind.NOTICE):
        private = reply.kind == Reply.Kind.MESSAGE
        return base.Capability.MESSAGES if private else base.Capability.REPLY
    return base.Capability.DELETE_REPLY if kind == Kind.DELETE else base.Capability.ELECT


def acts_due() -> QuerySet[ReplyAct]:
    """Acts with a next step by now, on accounts that are not paused.

    UNKNOWN without a next try waits for a person.
    """
    come = Q(next_try_at__lte=timezone.now())
    return ReplyAct.objects.filter(
        free(),
        Q(state=State.WAITING) & (come | Q(next_try_at=None))
        | Q(state=State.SENDING)
        | Q(state=State.UNKNOWN) & come,
        reply__account__state=ChannelAccount.State.ACTIVE,
    ).select_related("reply__account", "reply__delivery")


def act_carry_out(*, act_id: int) -> ReplyAct | None:
    """Do the next step of one act. None when there is nothing to do or another has it."""
    act = hold(acts_due(), act_id)
    if act is None:
        return None
    try:
        with open_channel(act.reply.account, before_call=partial(keep_hold, act)) as channel:
            _guarded_step(act, channel)
    except LostHold as lost:
        log.info("left to another: %s", lost)
    return act


def _guarded_step(act: ReplyAct, channel: Channel) -> None:
    try:
        _step(act, channel)
    except base.ChannelError as error:
        _record_error(act, error, channel)
    except (LostHold, OperationalError, InterfaceError):
        # Without the database nothing can be written down: the row is taken up when its hold ends.
        raise
    except Exception as error:
        # A fault of ours: the act stays, says so, and a person decides. Never a silent loss.
        log.exception("act %s", act.pk)
        _record_bug(act, error)


def _step(act: ReplyAct, channel: Channel) -> None:
    if act.state == State.WAITING:
        _send(act, channel)
    elif act.kind == Kind.ANSWER:
        _look(act, channel)
    elif act.kind == Kind.NOTICE:
        # Whether it came is not worth a second message: it stands on the site as well.
        _rest(act, State.FAILED, error_code="unknown")
    else:
        _rest(act, State.WAITING)
        _send(act, channel)


def _send(act: ReplyAct, channel: Channel) -> None:
    # Committed, still held: whoever dies from here on leaves an act to be looked at.
    _write(act, state=State.SENDING)
    reply = reply_value(act.reply)
    match act.kind:
        case Kind.ANSWER | Kind.NOTICE:
            outcome = channel.answer(reply, act.text)
            if outcome.state is base.State.MANUAL:
                _fail(act, error_code="manual", error_text=outcome.reason)
                return
            act_done(act, by=act.by, remark=outcome.reason)
        case Kind.ELECT | Kind.UNELECT:
            channel.elect(reply, act.kind == Kind.ELECT)
            act_done(act, by=act.by)
        case Kind.DELETE:
            channel.delete_reply(reply)
            act_done(act, by=act.by)


def _look(act: ReplyAct, channel: Channel) -> None:
    """Settle a lost answer: no earlier than the platform can be expected to show it."""
    if act.state == State.SENDING:
        _rest(act, State.UNKNOWN, next_try_at=pace.later(channel.settle_after))
        return
    match channel.answered(reply_value(act.reply), act.text):
        case True:
            act_done(act, by=act.by)
        case False:
            _rest(act, State.WAITING, next_try_at=timezone.now())
        case None:
            why = _("不能确定回复是否已发出。请到平台上看一眼，再点“已发出”或“没发出，重发”。")
            _fail(act, State.UNKNOWN, error_text=why)


@transaction.atomic
def act_done(act: ReplyAct, *, by, remark: str = "") -> None:
    """It stands on the platform: write it down where everybody sees it."""
    now = timezone.now()
    _rest(act, State.DONE, done_at=now, error_code="", error_text=remark[:500])
    reply = act.reply
    match act.kind:
        case Kind.NOTICE:
            return
        case Kind.ANSWER:
            # With a remark another answer stands there already; reading it again brings its words.
            words = {} if remark else {"answer": act.text}
            changes = {**words, "answered_at": now, "answered_by": by}
        case Kind.ELECT | Kind.UNELECT:
            changes = {"elected": act.kind == Kind.ELECT}
        case _:
            changes = {"deleted_at": now}
            _tell_withdrawn(reply, by)
    Reply.objects.filter(pk=reply.pk).update(**changes)
    for name, value in changes.items():
        setattr(reply, name, value)


# --- When it does not succeed (contract §14, §18) ------------------------------------------------


def _record_error(act: ReplyAct, error: base.ChannelError, channel: Channel) -> None:
    words = {
        "error_code": error.code[:40],
        "error_text": (error.human or error.message)[:500],
        "trace_id": error.rid[:80],
    }
    sure = _unsent(act)
    match error:
        case base.OutcomeUnknown() if act.kind == Kind.NOTICE:
            _rest(act, State.FAILED, **words)
        case base.OutcomeUnknown():
            _rest(act, State.UNKNOWN, next_try_at=pace.later(channel.settle_after), **words)
        case base.CredentialError():
            account_pause(account=act.reply.account, reason=words["error_text"])
            _rest(act, sure, next_try_at=timezone.now(), **words)
        case base.QuotaExceeded():
            until = error.until or pace.later(error.retry_after or 3600)
            _rest(act, sure, next_try_at=until, **words)
        case base.Transient() if act.attempts < pace.MOST_TRIES:
            _rest(act, sure, next_try_at=_again(act, error), **words)
        case base.Gone() if act.kind == Kind.DELETE:
            act_done(act, by=act.by, remark=words["error_text"])
        case base.ReplyGone() if act.state != State.UNKNOWN:
            _fail(act, **words)
            _taken_back(act.reply)
        case _ if act.state == State.UNKNOWN:
            # We could not look, and shall not be able to: a person must.
            _fail(act, State.UNKNOWN, **words)
        case _:
            if isinstance(error, base.PermissionMissing):
                needed = capability_for(act.reply, act.kind)
                capability_off(act.reply.account, needed, words["error_text"])
            _fail(act, **{**words, "error_text": final_words(error)[:500]})


def _record_bug(act: ReplyAct, error: Exception) -> None:
    code = type(error).__name__[:40]
    why = _("系统内部出错（%(what)s）。请把编号 %(number)s 告诉管理员。") % {
        "what": code,
        "number": act.pk,
    }
    lost = act.state in (State.SENDING, State.UNKNOWN)
    _fail(act, State.UNKNOWN if lost else State.FAILED, error_code=code, error_text=why)


def _unsent(act: ReplyAct) -> str:
    """The state after an error that says for certain that nothing happened."""
    return State.UNKNOWN if act.state == State.UNKNOWN else State.WAITING


def _again(act: ReplyAct, error: base.ChannelError) -> datetime:
    wait = error.retry_after
    return pace.later(wait) if wait else pace.after(pace.RETRIES, act.attempts)


@transaction.atomic
def _taken_back(reply: Reply) -> None:
    """It is gone from the platform without our doing: nobody answers it any more."""
    if Reply.objects.filter(pk=reply.pk, deleted_at=None).update(deleted_at=timezone.now()):
        _tell_withdrawn(reply, None)


def _tell_withdrawn(reply: Reply, by) -> None:
    """`by` is None when nobody here took it away."""
    transaction.on_commit(
        lambda: reply_withdrawn.send(sender=Reply, reply=reply, by=by), robust=True
    )


@transaction.atomic
def _fail(act: ReplyAct, state: str = State.FAILED, **words) -> None:
    """It stops here and needs a person: the reply is unread again, for everybody to see. A notice
    needs nobody."""
    if act.kind == Kind.NOTICE:
        _rest(act, State.FAILED, **words)
        return
    _rest(act, state, **words)
    Reply.objects.filter(pk=act.reply_id).update(read_at=None, read_by=None)


def _rest(act: ReplyAct, state: str, **changes) -> None:
    """The step is over: into `state`, and let go of the row."""
    if state != act.state:
        changes.setdefault("attempts", act.attempts if state == State.WAITING else 0)
    _write(act, **{"next_try_at": None, **changes, "state": state, "held_until": None})


def _write(act: ReplyAct, **changes) -> None:
    """Compare and set. Raises LostHold when somebody else has the act by now."""
    mine = ReplyAct.objects.filter(pk=act.pk, claim=act.claim, state=act.state)
    if not mine.update(**changes):
        raise LostHold(f"act {act.pk} is no longer {act.state} under claim {act.claim}")
    for name, value in changes.items():
        setattr(act, name, value)


def reply_value(reply: Reply) -> ReplyIn:
    """A reply as channels know it."""
    target = reply.delivery.external if reply.delivery else reply.extra.get("target", {})
    return ReplyIn(
        external_id=reply.external_id,
        author_key=reply.author_key.removeprefix(f"{reply.account.channel}:"),
        author_name=reply.author_name,
        text=reply.text,
        posted_at=reply.posted_at,
        kind=reply.kind,
        target=target,
        parent_external_id=reply.parent_external_id,
        extra=reply.extra,
    )
