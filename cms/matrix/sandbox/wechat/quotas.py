"""Calls a day per account and path, reset at 00:00 Beijing time (contract §1.1)."""

from ..accounts import WeChatAccount
from ..box import Box
from .credentials import check_secret
from .endpoints import ENDPOINTS, OK, Call, endpoint
from .errors import WeChatError

PER_DAY = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/media/uploadimg": 100_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/mass/sendall": 100,
    "/cgi-bin/message/mass/send": 100,
    "/cgi-bin/user/get": 500,
    "/cgi-bin/user/info": 5_000_000,
    "/cgi-bin/draft/add": 1_000,
    "/cgi-bin/draft/get": 500,
    "/cgi-bin/draft/delete": 1_000,
    "/cgi-bin/draft/update": 1_000,
    "/cgi-bin/draft/count": 1_000,
    "/cgi-bin/draft/batchget": 1_000,
    "/cgi-bin/freepublish/submit": 100,
    "/cgi-bin/freepublish/get": 100,
    "/cgi-bin/freepublish/delete": 10,
    "/cgi-bin/freepublish/getarticle": 100,
    "/cgi-bin/freepublish/batchget": 100,
}
UNPUBLISHED_PER_DAY = 5_000  # paths whose quota the platform does not tell
DATACUBE_PER_DAY = 500
CLEARS_PER_MONTH = 10


def limit(account: WeChatAccount, path: str) -> int:
    default = DATACUBE_PER_DAY if path.startswith("/datacube/") else UNPUBLISHED_PER_DAY
    return account.quotas.get(path, PER_DAY.get(path, default))


def spend(box: Box, account: WeChatAccount, path: str) -> None:
    """Count one call of ``path``; 45009 when the day's quota is used up."""
    count(box, account.app_id, path, limit(account, path))


def count(box: Box, app_id: str, path: str, most: int, *, code: int = 45009) -> None:
    """Count one of ``most`` a day; ``code`` when they are used up."""
    with box.store.transaction():
        day = box.clock.day()
        if _used(box, app_id, path, day) >= most:
            raise WeChatError(code)
        box.store.execute(
            "insert into wx_quota (app_id, path, day, used) values (?, ?, ?, 1)"
            " on conflict (app_id, path, day) do update set used = used + 1",
            *(app_id, path, day),
        )


def _used(box: Box, app_id: str, path: str, day: str) -> int:
    return (
        box.store.value(
            "select used from wx_quota where app_id = ? and path = ? and day = ?",
            *(app_id, path, day),
        )
        or 0
    )


@endpoint("/cgi-bin/openapi/quota/get")
def quota_get(call: Call) -> dict:
    path = call.text("cgi_path")
    if path not in ENDPOINTS:
        raise WeChatError(76021)
    most = limit(call.account, path)
    used = _used(call.box, call.account.app_id, path, call.box.clock.day())
    return OK | {
        "quota": {"daily_limit": most, "used": used, "remain": most - used},
        "rate_limit": {"call_count": 0, "refresh_second": 60},
        "component_rate_limit": {"call_count": 0, "refresh_second": 0},
    }


@endpoint("/cgi-bin/clear_quota")
def clear_quota(call: Call) -> dict:
    if call.text("appid") != call.account.app_id:
        raise WeChatError(40013)
    return _clear(call.box, call.account)


@endpoint("/cgi-bin/clear_quota/v2", needs_token=False)
def clear_quota_by_secret(call: Call) -> dict:
    account = check_secret(call.box, call.body.get("appid"), call.body.get("appsecret"))
    return _clear(call.box, account)


def _clear(box: Box, account: WeChatAccount) -> dict:
    month = box.clock.day()[:7]
    with box.store.transaction():
        if _used(box, account.app_id, "clear_quota", month) >= CLEARS_PER_MONTH:
            raise WeChatError(48006)
        # Past days go too: nobody asks for them, and the table stays small.
        box.store.execute(
            "delete from wx_quota where app_id = ? and path not in"
            " ('clear_quota', 'stable_token forced')",
            account.app_id,
        )
        box.store.execute(
            "insert into wx_quota (app_id, path, day, used) values (?, 'clear_quota', ?, 1)"
            " on conflict (app_id, path, day) do update set used = used + 1",
            *(account.app_id, month),
        )
    return OK
