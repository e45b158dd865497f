"""Verbs about accounts: connecting, what a platform lets one do, keys, back to work after a pause.

Calls to a platform happen outside transactions. What only the page shows: account_selectors.
"""

import secrets
import string
from collections.abc import Mapping
from datetime import datetime

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.matrix.channels import registry
from cms.matrix.channels.base import Authorisation, Channel, ChannelError
from cms.matrix.gateway import open_channel
from cms.matrix.models import ChannelAccount, Delivery
from cms.matrix.services.failing import account_pause

# What an administrator gives that has a column of its own; the rest goes into `extra`.
COLUMNS = frozenset({"app_id", "secret", "token", "base_url", "greeting", "search_answers"})
# An account whose platform tells its id only when it is authorised has such an app_id until then.
PENDING = "pending-"
# Seconds. A person waits for a probe; it makes a handful of calls.
PATIENCE = 4.0
QUOTAS_KEPT = 3600
_LETTERS = string.ascii_letters + string.digits


class CannotConnect(ValueError):
    """Not possible; `str()` is Chinese, for the administrator."""


def takes_pushes(account: ChannelAccount) -> bool:
    """Whether its platform tells us of events: only WeChat does (contract §9)."""
    return account.channel == "wechat"


def uses_oauth(account: ChannelAccount) -> bool:
    """Whether it speaks for a user who has to agree on the platform's own page."""
    return registry.get(account.channel).authorise_url is not Channel.authorise_url


def account_connect(
    *, union, channel: str, name: str, given: Mapping[str, object]
) -> ChannelAccount:
    """A new account with what its channel's `setup` asks for, and with keys of its own.

    Raises CannotConnect when the platform's account is connected already.
    """
    account = ChannelAccount(union=union, channel=channel, name=name)
    _fill(account, given)
    account.app_id = account.app_id or PENDING + secrets.token_hex(8)
    if takes_pushes(account):
        account.token = account.token or _random(32)
        account.aes_keys = new_aes_key()
    if uses_oauth(account) and not account.token:
        account.state = ChannelAccount.State.PAUSED
        account.pause_reason = _("还没有授权。请在账号页面点“授权”。")
        account.paused_at = timezone.now()
    _save(account)
    return account


def account_update(
    *, account: ChannelAccount, union, name: str, given: Mapping[str, object]
) -> ChannelAccount:
    """Change what was given. An empty secret means: as it was. Raises CannotConnect."""
    before = account.app_id
    account.union, account.name = union, name
    _fill(account, given)
    if account.app_id != before:
        # Another account of the platform: what was learnt of the one before does not hold for it.
        account.rights = {}
        account.extra = {k: v for k, v in account.extra.items() if k != "original_id"}
    _save(account, "union", "name", "extra", "rights", *COLUMNS)
    return account


def account_probe(*, account: ChannelAccount) -> dict[str, bool | str]:
    """Ask the platform, by harmless calls, what the account may do, and keep the answer.

    capability → True, False (no such thing there) or in Chinese why not; "account" tells of the
    credentials themselves. What could not be asked keeps its old answer.
    """
    try:
        with open_channel(account, timeout=PATIENCE) as channel:
            found = dict(channel.probe())
    except ChannelError as error:
        found = {"account": error.human or str(error)}
    until = _moment(found.pop("until", ""))
    if found.get("account", True) is not True:
        # Nothing was learnt about what it may do, only that it is not let in.
        found = {"account": found["account"]}
    account.rights, account.probed_at = {**account.rights, **found}, timezone.now()
    account.authorised_until = until or account.authorised_until
    account.save(update_fields=["rights", "probed_at", "authorised_until"])
    return found


def account_resume(*, account: ChannelAccount, by=None) -> bool:
    """再试一次: if the platform takes the credentials again, work goes on with what has waited."""
    found = account_probe(account=account)
    if found.get("account") is not True:
        account.pause_reason = str(found.get("account") or account.pause_reason)[:300]
        account.save(update_fields=["pause_reason"])
        return False
    account.state, account.pause_reason, account.paused_at = ChannelAccount.State.ACTIVE, "", None
    account.save(update_fields=["state", "pause_reason", "paused_at"])
    Delivery.objects.filter(account=account, state__in=Delivery.MOVING).update(
        next_try_at=timezone.now()
    )
    return True


def account_check(*, account: ChannelAccount) -> bool:
    """Whether it works with credentials that are new: back to work if it does, paused if not."""
    account_pause(account=account, reason=_("正在核对。"))
    account.refresh_from_db()
    return account_resume(account=account)


def account_rotate_key(*, account: ChannelAccount) -> None:
    """A new EncodingAESKey. The one before stays valid: the platform uses it until the new one is
    entered there."""
    account.aes_keys = "\n".join([new_aes_key(), *account.aes_keys.split()[:1]])
    account.save(update_fields=["aes_keys"])


def account_rotate_token(*, account: ChannelAccount) -> None:
    """A new Token, when somebody saw the old one. Pushes are refused until it is entered there."""
    account.token = _random(32)
    account.save(update_fields=["token"])


def account_authorise(*, account: ChannelAccount, code: str, redirect_uri: str) -> None:
    """Take the token that OAuth gave for `code`, and go back to work.

    Raises CannotConnect when somebody else's account was authorised, and ChannelError.
    """
    with open_channel(account, timeout=PATIENCE) as channel:
        given = channel.authorise(code, redirect_uri)
    _check_owner(account, given)
    account.token, account.app_id = given.token, given.uid
    account.authorised_until = given.until
    _save(account, "token", "app_id", "authorised_until")
    account_resume(account=account)


def account_ask_quotas(*, account: ChannelAccount) -> dict[str, tuple[int, int]]:
    """The platform's own word on today's calls, path → (used, limit), kept for an hour.

    Where it allows more or less than is usual, our own budget goes by its word from now on.
    Raises ChannelError.
    """
    with open_channel(account, timeout=PATIENCE) as channel:
        quotas = dict(channel.quotas())
        usual = channel.daily_calls
    cache.set(quotas_key(account), (timezone.now(), quotas), QUOTAS_KEPT)
    told = {
        path: limit for path, (_used, limit) in quotas.items() if usual.get(path, limit) != limit
    }
    if told:
        with transaction.atomic():
            row = ChannelAccount.objects.select_for_update().get(pk=account.pk)
            row.extra = {**row.extra, "daily_calls": {**row.extra.get("daily_calls", {}), **told}}
            row.save(update_fields=["extra"])
        account.extra = row.extra
    return quotas


def quotas_key(account: ChannelAccount) -> str:
    """Where the cache keeps the platform's last word on quotas."""
    return f"matrix-quotas:{account.pk}"


def new_aes_key() -> str:
    """43 letters and digits that are 32 bytes in Base64 without the last "=" (contract §9).

    The last one carries four bits: only every fourth letter stands for a whole value.
    """
    return _random(42) + secrets.choice("AEIMQUYcgkosw048")


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _each in range(length))


def _fill(account: ChannelAccount, given: Mapping[str, object]) -> None:
    hidden = {field.name for field in registry.get(account.channel).setup if field.secret}
    extra = dict(account.extra)
    for name, value in given.items():
        if not value and (name in hidden or name == "app_id"):
            continue
        if name in COLUMNS:
            setattr(account, name, value)
        elif value:
            extra[name] = value
        else:
            extra.pop(name, None)
    account.extra = extra


def _check_owner(account: ChannelAccount, given: Authorisation) -> None:
    if account.app_id not in ("", given.uid) and not account.app_id.startswith(PENDING):
        raise CannotConnect(
            _("授权的是另一个账号（UID %(uid)s）。请在平台上换成“%(name)s”登录，再授权一次。")
            % {"uid": given.uid, "name": account.name}
        )
    others = ChannelAccount.objects.filter(channel=account.channel, app_id=given.uid)
    if others.exclude(pk=account.pk).exists():
        raise CannotConnect(_taken(account))


def _save(account: ChannelAccount, *fields: str) -> None:
    try:
        with transaction.atomic():
            account.save(update_fields=fields or None)
    except IntegrityError as error:
        raise CannotConnect(_taken(account)) from error


def _taken(account: ChannelAccount) -> str:
    return _("这个%(channel)s账号已经接入，不能再接一次。请核对填写的编号。") % {
        "channel": account.get_channel_display()
    }


def _moment(value) -> datetime | None:
    """The probe tells the end of an authorisation as ISO text."""
    try:
        return datetime.fromisoformat(value) if value else None
    except (TypeError, ValueError):
        return None
