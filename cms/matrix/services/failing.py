"""When a step does not succeed: one place that turns a channel's error into a state, a sentence a
person can act on, and a next try where one helps (contract §14, §18; docs/platform-errors.md)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.matrix import pace
from cms.matrix.channels import base
from cms.matrix.channels.base import Capability, Way
from cms.matrix.lifecycle import State, rest
from cms.matrix.models import ChannelAccount, Delivery

# What the board calls a class of error. Ours: check, seal, repeat, refused, given_up, bug.
CLASS_OF = {
    base.Transient: "transient",
    base.OutcomeUnknown: "unknown",
    base.QuotaExceeded: "quota",
    base.CredentialError: "credential",
    base.PermissionMissing: "permission",
    base.ContentRejected: "content",
    base.NeedsConsole: "console",
    base.Gone: "gone",
    base.CallerBug: "caller_bug",
}
# The text may be out there: an error of a look changes nothing about that.
LOOKING = (State.SUBMITTED, State.UNKNOWN, State.NEEDS_CONSOLE)


def record_error(delivery: Delivery, error: base.ChannelError) -> None:
    """Write the error down and let go of the row. `delivery` is held."""
    words = _words(error)
    if isinstance(error, base.CredentialError):
        account_pause(account=delivery.account, reason=words["error_text"])
        rest(delivery, State(delivery.state), next_try_at=timezone.now(), **words)
    elif isinstance(error, base.QuotaExceeded):
        until = error.until or pace.later(error.retry_after or 3600)
        rest(delivery, _unsure(delivery), next_try_at=until, **words)
    elif delivery.state == State.SUBMITTING:
        _submitting_broke(delivery, error, words)
    elif delivery.wish and delivery.state not in (State.APPROVED, State.UNKNOWN):
        _wish_failed(delivery, error, words)
    elif delivery.state in LOOKING:
        _look_failed(delivery, error, words)
    elif isinstance(error, base.Transient) and delivery.attempts < pace.MOST_TRIES:
        rest(delivery, State(delivery.state), next_try_at=_again(delivery, error), **words)
    else:
        if isinstance(error, base.PermissionMissing):
            capability = Capability.MASS if delivery.way == Way.MASS else Capability.PUBLISH
            capability_off(delivery.account, capability, words["error_text"])
        fail(delivery, words["error_class"], final_words(error), code=error.code,
             trace_id=error.rid, field=getattr(error, "field", ""))  # fmt: skip


def fail(
    delivery: Delivery, kind: str, why: str, *, code: str = "", trace_id: str = "", field: str = ""
) -> None:
    """It did not go out and will not by itself: say why, leave it to a person."""
    rest(
        delivery,
        State.FAILED,
        error_class=kind,
        error_text=why[:500],
        error_code=code[:40],
        trace_id=trace_id[:80],
        error_field=field[:40],
        submitted_at=None,
        wish=Delivery.Wish.NONE,
        todo="",
    )


def record_bug(delivery: Delivery, error: Exception) -> None:
    """An error of our own. What may be out there is looked for, the rest stops."""
    code = type(error).__name__
    why = _("系统内部出错（%(what)s）。请把编号 %(number)s 告诉管理员。") % {
        "what": code,
        "number": delivery.pk,
    }
    if delivery.state in (State.SUBMITTING, *LOOKING) or delivery.wish:
        state = _unsure(delivery)
        wait = pace.after(pace.RETRIES, delivery.attempts)
        rest(delivery, state, next_try_at=wait, error_class="bug", error_code=code, error_text=why)
    else:
        fail(delivery, "bug", why, code=code)


def account_pause(*, account: ChannelAccount, reason: str) -> None:
    """The platform refuses the account itself: nothing more is asked of it until somebody acts."""
    ChannelAccount.objects.filter(pk=account.pk, state=ChannelAccount.State.ACTIVE).update(
        state=ChannelAccount.State.PAUSED, pause_reason=reason[:300], paused_at=timezone.now()
    )


def capability_off(account: ChannelAccount, capability: Capability, why: str) -> None:
    """The platform does not let this account do this: buttons for it go, the reason stays."""
    with transaction.atomic():
        row = ChannelAccount.objects.select_for_update().get(pk=account.pk)
        row.rights = {**row.rights, capability.value: why}
        row.save(update_fields=["rights"])


def _submitting_broke(delivery: Delivery, error: base.ChannelError, words) -> None:
    if isinstance(error, base.NeedsConsole):
        wait = pace.after(pace.BY_HAND, 1)
        rest(delivery, State.NEEDS_CONSOLE, next_try_at=wait, todo=words["error_text"][:300],
              **words)  # fmt: skip
    else:
        rest(delivery, State.UNKNOWN, next_try_at=_again(delivery, error), **words)


def _look_failed(delivery: Delivery, error: base.ChannelError, words) -> None:
    """We could not look. A submission that the platform does not know is looked for anew."""
    lost = isinstance(error, base.CallerBug | base.Gone) and delivery.state == State.SUBMITTED
    state = State.UNKNOWN if lost else State(delivery.state)
    rest(delivery, state, next_try_at=_again(delivery, error), **words)


def _wish_failed(delivery: Delivery, error: base.ChannelError, words) -> None:
    """A withdrawal or a correction did not get through; both may be asked for again."""
    passing = isinstance(error, base.Transient | base.OutcomeUnknown)
    if passing and delivery.attempts < pace.MOST_TRIES:
        rest(delivery, State(delivery.state), next_try_at=_again(delivery, error), **words)
        return
    todo = _("没有办成：%(why)s请到平台后台处理。") % {"why": final_words(error)}
    keeps = delivery.wish == Delivery.Wish.WITHDRAW
    rest(
        delivery,
        State(delivery.state),
        todo=todo[:300],
        wish=delivery.wish if keeps else Delivery.Wish.NONE,
        next_try_at=pace.after(pace.BY_HAND, delivery.attempts) if keeps else None,
        **words,
    )


def _unsure(delivery: Delivery) -> State:
    """The state to wait in: a submission in the air is not known to have failed."""
    return State.UNKNOWN if delivery.state == State.SUBMITTING else State(delivery.state)


def _again(delivery: Delivery, error: base.ChannelError):
    wait = error.retry_after
    return pace.later(wait) if wait else pace.after(pace.RETRIES, delivery.attempts)


def class_of(kind: type[base.ChannelError]) -> str:
    """What the board calls errors of this kind."""
    return next(name for cls, name in CLASS_OF.items() if issubclass(kind, cls))


def final_words(error: base.ChannelError) -> str:
    """The sentence once nothing is tried any more: what passes by itself promises another try."""
    if isinstance(error, base.Transient):
        return _("试了多次都没有成功，已停下。请过一会儿再点“重试”，一直不行请告诉管理员。")
    return error.human or error.message


def _words(error: base.ChannelError) -> dict[str, str]:
    return {
        "error_class": class_of(type(error)),
        "error_code": error.code[:40],
        "error_text": (error.human or error.message)[:500],
        "trace_id": error.rid[:80],
    }
