"""Followers by API (contract §12): since 2021 a person's name and picture are not told."""

import json

from . import fans
from .endpoints import Call, endpoint
from .errors import WeChatError

MOST_AT_ONCE = 100
PAGE = 10_000


@endpoint("/cgi-bin/user/info", method="GET", body="none", certified_only=True)
def info(call: Call) -> dict:
    return _described(call, call.args.get("openid", ""))


@endpoint("/cgi-bin/user/info/batchget", certified_only=True)
def batchget(call: Call) -> dict:
    wanted = call.body.get("user_list")
    if not isinstance(wanted, list) or not all(isinstance(entry, dict) for entry in wanted):
        raise WeChatError(47001)
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        raise WeChatError(40032)
    users = [_described(call, str(entry.get("openid", ""))) for entry in wanted]
    return {"user_info_list": users}


@endpoint("/cgi-bin/user/get", method="GET", body="none", certified_only=True)
def get(call: Call) -> dict:
    """All followers, 10,000 at a time, from after ``next_openid`` on."""
    openids = fans.followers(call.box, call.account)
    after = call.args.get("next_openid", "")
    if after and after not in openids:
        raise WeChatError(40003)
    page = openids[openids.index(after) + 1 if after else 0 :][:PAGE]
    answer = {"total": len(openids), "count": len(page), "next_openid": page[-1] if page else ""}
    return answer | ({"data": {"openid": page}} if page else {})


def _described(call: Call, openid: str) -> dict:
    fan = fans.known(call.box, call.account, openid)
    if fan is None:
        raise WeChatError(40003)
    if not fans.follows(call.box, openid):
        return {"subscribe": 0, "openid": openid}
    return {
        "subscribe": 1,
        "openid": openid,
        "nickname": "",
        "sex": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": int(fan["followed_at"] or 0),
        "remark": "",
        "groupid": 0,
        "tagid_list": json.loads(fan["tags"]),
        "subscribe_scene": "ADD_SCENE_SEARCH",
        "qr_scene": 0,
        "qr_scene_str": "",
    }
