"""Preview of a mass send to one reader, and the speed of sending (contract §8)."""

import json

from . import chat, drafts, fans, mass_rules, quotas
from .endpoints import OK, Call, endpoint
from .errors import WeChatError

BY_NAME_PER_DAY = 100
# Ten thousand a minute, by the level that speed/set chooses.
REAL_SPEED = (80, 60, 45, 30, 10)


@endpoint("/cgi-bin/message/mass/preview", certified_only=True)
def preview(call: Call) -> dict:
    """Into the chat of ``touser`` (openid) or ``towxname`` (here: the nickname)."""
    openid = _recipient(call)
    msgtype, media_id, content = mass_rules.message(call)
    if msgtype != "mpnews":
        chat.record(call.box, call.account, openid, content, from_fan=False)
    else:
        draft = drafts.find(call.box, call.account.app_id, media_id)
        for index, article in enumerate(json.loads(draft["articles"])):
            link = f"{call.box.public_base}/s/preview/{media_id}/{index}"
            title = f"[预览] {article['title']}"
            chat.record(call.box, call.account, openid, title, from_fan=False, link=link)
    return {"errcode": 0, "errmsg": "preview success"}


def _recipient(call: Call) -> str:
    box, account = call.box, call.account
    if call.text("towxname"):
        quotas.count(box, account.app_id, "preview by towxname", BY_NAME_PER_DAY)
        openid, unknown = fans.openid_of(account, call.text("towxname")), 40132
    else:
        openid, unknown = call.text("touser"), 40003
    if fans.known(box, account, openid) is None:
        raise WeChatError(unknown)
    if not fans.follows(box, openid):
        raise WeChatError(43004)
    return openid


@endpoint("/cgi-bin/message/mass/speed/set", certified_only=True)
def set_speed(call: Call) -> dict:
    speed = call.number("speed")
    if not 0 <= speed < len(REAL_SPEED):
        raise WeChatError(45083)
    call.box.store.keep_setting(f"mass speed {call.account.app_id}", str(speed))
    return OK


@endpoint("/cgi-bin/message/mass/speed/get", body="optional", certified_only=True)
def get_speed(call: Call) -> dict:
    speed = int(call.box.store.setting(f"mass speed {call.account.app_id}", "0"))
    return {"speed": speed, "realspeed": REAL_SPEED[speed]}
