"""The custom menu: set by API, shown on the account's page, told by CLICK and VIEW (§9, §12).

Limits and codes follow the platform's public list of return codes: three buttons, five below each,
names of 16 and 60 bytes, keys of 128 bytes, addresses of 1,024.
"""

import json
from dataclasses import dataclass

from ..accounts import WeChatAccount
from ..box import Box
from . import chat, envelopes, fans
from .endpoints import OK, Call, endpoint
from .errors import WeChatError

MOST_BUTTONS, MOST_SUB_BUTTONS = 3, 5
KEY_BYTES, URL_BYTES = 128, 1024
KEYED = {
    "click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album",
    "pic_weixin", "location_select",
}  # fmt: skip
CARRIES = {"media_id": "media_id", "view_limited": "media_id", "article_id": "article_id",
           "article_view_limited": "article_id", "miniprogram": "appid"}  # fmt: skip


@dataclass(frozen=True)
class Level:
    """Limits of one level of buttons, and the code for each that is broken."""

    name_bytes: int
    bad_type: int
    bad_name: int
    bad_key: int
    bad_url: int


TOP = Level(16, 40017, 40018, 40019, 40020)
SUB = Level(60, 40024, 40025, 40026, 40027)


@endpoint("/cgi-bin/menu/create", certified_only=True)
def create(call: Call) -> dict:
    buttons = call.body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= MOST_BUTTONS:
        raise WeChatError(40016)
    for button in buttons:
        _check(button)
    call.box.store.execute(
        "insert or replace into wx_menu (app_id, menu) values (?, ?)",
        *(call.account.app_id, json.dumps({"button": buttons}, ensure_ascii=False)),
    )
    return OK


@endpoint("/cgi-bin/menu/get", method="GET", body="none", certified_only=True)
def get(call: Call) -> dict:
    buttons = shown(call.box, call.account)
    if not buttons:
        raise WeChatError(46003)
    return {"menu": {"button": [button | _sub(button) for button in buttons]}}


@endpoint("/cgi-bin/menu/delete", method="GET", body="none", certified_only=True)
def delete(call: Call) -> dict:
    call.box.store.execute("delete from wx_menu where app_id = ?", call.account.app_id)
    return OK


def shown(box: Box, account: WeChatAccount) -> list[dict]:
    menu = box.store.value("select menu from wx_menu where app_id = ?", account.app_id)
    return json.loads(menu)["button"] if menu else []


def tap(box: Box, account: WeChatAccount, nickname: str, place: str) -> dict | None:
    """A reader taps the button at ``place`` ("0" or "0-2"): the account is told; None if none."""
    button = _at(shown(box, account), place)
    if button is None:
        return None
    openid = fans.meet(box, account, nickname)
    is_view = button.get("type") == "view"
    event, key = ("VIEW", button["url"]) if is_view else ("CLICK", button.get("key", ""))
    if is_view or button.get("type") == "click":
        chat.open_window(box, openid, "event")
        fans.push(box, account, openid, "event", event, envelopes.event_xml(event, key))
    return button


def _at(buttons: list[dict], place: str) -> dict | None:
    found = None
    for part in place.split("-"):
        if not part.isdigit() or int(part) >= len(buttons):
            return None
        found = buttons[int(part)]
        buttons = found.get("sub_button") or []
    return found


def _sub(button: dict) -> dict:
    return {"sub_button": button.get("sub_button") or []}


def _check(button) -> None:
    if not isinstance(button, dict):
        raise WeChatError(47001)
    below = button.get("sub_button") or []
    if not below:
        _check_one(button, TOP)
        return
    _check_name(button, TOP)
    if not isinstance(below, list) or len(below) > MOST_SUB_BUTTONS:
        raise WeChatError(40023)
    for sub in below:
        if not isinstance(sub, dict):
            raise WeChatError(47001)
        if sub.get("sub_button"):
            raise WeChatError(40022)
        _check_one(sub, SUB)


def _check_one(button: dict, level: Level) -> None:
    _check_name(button, level)
    kind = button.get("type")
    if kind in KEYED:
        _check_text(button.get("key"), KEY_BYTES, level.bad_key)
    elif kind == "view":
        _check_text(button.get("url"), URL_BYTES, level.bad_url)
        if not button["url"].startswith(("http://", "https://")):
            raise WeChatError(level.bad_url)
    elif kind not in CARRIES:
        raise WeChatError(level.bad_type)
    elif not button.get(CARRIES[kind]):
        raise WeChatError(40007)


def _check_name(button: dict, level: Level) -> None:
    _check_text(button.get("name"), level.name_bytes, level.bad_name)


def _check_text(value, most: int, code: int) -> None:
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= most:
        raise WeChatError(code)
