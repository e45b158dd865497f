"""Access tokens: the plain family, the stable family, and who a token belongs to (contract §2)."""

import secrets

from ..accounts import WeChatAccount
from ..box import Box
from . import quotas
from .credentials import check_ip, check_secret
from .endpoints import Call, endpoint
from .errors import WeChatError

LIFETIME = 7200
OVERLAP = 300  # an old plain token lives on this long; a stable token is rotated this early
FORCED_PER_DAY = 20
FORCED_APART = 30


@endpoint("/cgi-bin/token", method="GET", body="none", needs_token=False)
def plain_token(call: Call) -> dict:
    account = _check_credentials(call, call.args)
    quotas.spend(call.box, account, "/cgi-bin/token")
    now = call.box.clock.now()
    with call.box.store.transaction():
        call.box.store.execute(
            "update wx_token set replaced_at = min(coalesce(replaced_at, ?1), ?1)"
            " where app_id = ?2 and family = 'plain'",
            now + OVERLAP,
            account.app_id,
        )
        return _issue(call.box, account, "plain")


@endpoint("/cgi-bin/stable_token", needs_token=False)
def stable_token(call: Call) -> dict:
    account = _check_credentials(call, call.body)
    quotas.spend(call.box, account, "/cgi-bin/stable_token")
    with call.box.store.transaction():
        current = call.box.store.row(
            "select * from wx_token where app_id = ? and family = 'stable' and replaced_at is null"
            " order by issued_at desc limit 1",
            account.app_id,
        )
        if call.body.get("force_refresh") is True:
            return _force(call.box, account, current)
        remaining = int(current["expires_at"] - call.box.clock.now()) if current else 0
        if remaining > OVERLAP:
            return {"access_token": current["token"], "expires_in": remaining}
        return _issue(call.box, account, "stable")


def _force(box: Box, account: WeChatAccount, current) -> dict:
    now = box.clock.now()
    last = box.store.value(
        "select max(replaced_at) from wx_token where app_id = ? and family = 'stable'",
        account.app_id,
    )
    if last is not None and 0 <= now - last < FORCED_APART:
        raise WeChatError(45011)
    quotas.count(box, account.app_id, "stable_token forced", FORCED_PER_DAY)
    if current is not None:
        box.store.execute(
            "update wx_token set replaced_at = ? where token = ?", now, current["token"]
        )
    return _issue(box, account, "stable")


def _issue(box: Box, account: WeChatAccount, family: str) -> dict:
    token = f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(96)}"
    now = box.clock.now()
    box.store.execute(
        "insert into wx_token (token, app_id, family, issued_at, expires_at)"
        " values (?, ?, ?, ?, ?)",
        *(token, account.app_id, family, now, now + LIFETIME),
    )
    return {"access_token": token, "expires_in": LIFETIME}


def _check_credentials(call: Call, given: dict) -> WeChatAccount:
    if given.get("grant_type") != "client_credential":
        raise WeChatError(40002)
    account = check_secret(call.box, given.get("appid"), given.get("secret"))
    check_ip(account, call.ip)
    return account


def owner(box: Box, token: str) -> str | None:
    return box.store.value("select app_id from wx_token where token = ?", token)


def authenticate(box: Box, token: str) -> WeChatAccount:
    """The account of a living token; 41001, 40014, 40001 or 42001 otherwise."""
    if not token:
        raise WeChatError(41001)
    row = box.store.row("select * from wx_token where token = ?", token)
    if row is None:
        raise WeChatError(40014)
    now = box.clock.now()
    if row["replaced_at"] is not None and now >= row["replaced_at"]:
        raise WeChatError(40001)
    if now >= row["expires_at"]:
        raise WeChatError(42001)
    account = box.accounts.get("wechat", row["app_id"])
    if account is None:
        raise WeChatError(40013)
    return account
