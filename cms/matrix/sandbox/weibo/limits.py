"""Calls a day per app and user, shares an hour per user, calls an hour per address (§17)."""

import json
from datetime import timedelta

from ..accounts import WeiboAccount
from ..box import Box
from .endpoints import Call, endpoint
from .errors import WeiboError

SHARE = "/2/statuses/share.json"
HOUR = 3600
IP_RULE = {"hourly_calls": 15_000, "blocked": []}


def ip_rule(box: Box) -> dict:
    """How many calls an hour one address may make, and which addresses may make none."""
    return IP_RULE | json.loads(box.store.setting("weibo ip", "{}"))


def set_ip_rule(box: Box, wanted: dict) -> None:
    """Change the rule; ValueError with a Chinese sentence when it makes no sense."""
    rule = ip_rule(box) | {name: wanted[name] for name in IP_RULE if name in wanted}
    calls, blocked = rule["hourly_calls"], rule["blocked"]
    if not isinstance(calls, int) or calls < 0:
        raise ValueError("hourly_calls 应为不小于 0 的整数。")
    if not isinstance(blocked, list) or not all(isinstance(ip, str) for ip in blocked):
        raise ValueError("blocked 应为一组 IP 地址。")
    box.store.keep_setting("weibo ip", json.dumps(rule))


def spend_ip(box: Box, ip: str) -> None:
    """Count a call of this address; 10004 when it is blocked, 10022 above the hour's limit."""
    rule = ip_rule(box)
    if ip in rule["blocked"]:
        raise WeiboError(10004)
    hour = int(box.clock.now() // HOUR)
    with box.store.transaction():
        if _used_by_ip(box, ip, hour) >= rule["hourly_calls"]:
            raise WeiboError(10022)
        box.store.execute(
            "insert into wb_ip_hour (ip, hour, used) values (?, ?, 1)"
            " on conflict (ip, hour) do update set used = used + 1",
            *(ip, hour),
        )


def _used_by_ip(box: Box, ip: str, hour: int) -> int:
    used = box.store.value("select used from wb_ip_hour where ip = ? and hour = ?", ip, hour)
    return used or 0


def spend(box: Box, account: WeiboAccount, path: str) -> None:
    """Count a call against the day's budget; 10023, or for shares 10024, when it is used up."""
    with box.store.transaction():
        if _used_today(box, account) >= account.daily_calls:
            raise WeiboError(10023)
        if path == SHARE and _shares_this_hour(box, account) >= account.hourly_shares:
            raise WeiboError(10024)
        box.store.execute(
            "insert into wb_call (app_id, path, made_at) values (?, ?, ?)",
            *(account.app_id, path, box.clock.now()),
        )


@endpoint("account/rate_limit_status", counted=False)
def rate_limit_status(call: Call) -> dict:
    reset = _midnight(call.box) + timedelta(days=1)
    ip_limit = ip_rule(call.box)["hourly_calls"]
    ip_used = _used_by_ip(call.box, call.ip, int(call.box.clock.now() // HOUR))
    shares_left = call.account.hourly_shares - _shares_this_hour(call.box, call.account)
    return {
        "ip_limit": ip_limit,
        "limit_time_unit": "DAYS",
        "remaining_ip_hits": max(0, ip_limit - ip_used),
        "remaining_user_hits": call.account.daily_calls - _used_today(call.box, call.account),
        "user_limit": call.account.daily_calls,
        "reset_time": reset.strftime("%Y-%m-%d %H:%M:%S"),
        "reset_time_in_seconds": int((reset - call.box.clock.local()).total_seconds()),
        "api_rate_limits": [
            {
                "api": "/statuses/share",
                "limit": call.account.hourly_shares,
                "limit_time_unit": "HOURS",
                "remaining_hits": shares_left,
            }
        ],
    }


def _midnight(box: Box):
    return box.clock.local().replace(hour=0, minute=0, second=0, microsecond=0)


def _used_today(box: Box, account: WeiboAccount) -> int:
    return box.store.value(
        "select count(*) from wb_call where app_id = ? and made_at >= ?",
        *(account.app_id, _midnight(box).timestamp()),
    )


def _shares_this_hour(box: Box, account: WeiboAccount) -> int:
    return box.store.value(
        "select count(*) from wb_call where app_id = ? and path = ? and made_at > ?",
        *(account.app_id, SHARE, box.clock.now() - HOUR),
    )
