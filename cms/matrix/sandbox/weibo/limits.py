"""Calls a day per app and user, shares an hour per user (contract §17)."""

from datetime import timedelta

from ..accounts import WeiboAccount
from ..box import Box
from .endpoints import Call, endpoint
from .errors import WeiboError

SHARE = "/2/statuses/share.json"
HOUR = 3600


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
    shares_left = call.account.hourly_shares - _shares_this_hour(call.box, call.account)
    return {
        "ip_limit": 15_000,
        "limit_time_unit": "DAYS",
        "remaining_ip_hits": 15_000,
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
