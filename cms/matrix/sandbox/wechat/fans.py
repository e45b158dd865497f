"""Readers of the sandbox's pages: a nickname is a person, with one openid per account."""

import hashlib
from base64 import urlsafe_b64encode

from ..accounts import WeChatAccount
from ..box import Box
from . import callbacks

NICKNAME_LIMIT = 20
CONTENT_LIMIT = 600


def openid_of(account: WeChatAccount, nickname: str) -> str:
    digest = hashlib.sha256(f"{account.app_id}\n{nickname}".encode()).digest()
    return "o" + urlsafe_b64encode(digest).decode()[:27]


def meet(box: Box, account: WeChatAccount, nickname: str) -> str:
    """Remember the reader; returns the openid."""
    openid = openid_of(account, nickname)
    box.store.execute(
        "insert into wx_fan (openid, app_id, nickname) values (?, ?, ?) on conflict do nothing",
        *(openid, account.app_id, nickname),
    )
    return openid


def nickname_of(box: Box, openid: str) -> str:
    return box.store.value("select nickname from wx_fan where openid = ?", openid) or "微信用户"


def follows(box: Box, openid: str) -> bool:
    return (
        box.store.value(
            "select 1 from wx_fan where openid = ? and followed_on is not null and left_on is null",
            openid,
        )
        is not None
    )


def follow(box: Box, account: WeChatAccount, nickname: str, following: bool) -> None:
    openid = meet(box, account, nickname)
    if follows(box, openid) == following:
        return
    today = box.clock.day()
    if following:
        box.store.execute(
            "update wx_fan set followed_on = ?, left_on = null where openid = ?", today, openid
        )
    else:
        box.store.execute("update wx_fan set left_on = ? where openid = ?", today, openid)
    xml = callbacks.follow_event_xml(following)
    _push(box, account, openid, "event", "subscribe" if following else "unsubscribe", xml)


def say(box: Box, account: WeChatAccount, nickname: str, content: str) -> None:
    """A reader's message to the account: pushed at once, the passive reply shown in the chat."""
    openid = meet(box, account, nickname)
    _record(box, account, openid, content, from_fan=True)
    msg_id = box.store.next_id("msg_id", 24_000_000_000_000_001)
    _push(box, account, openid, "text", "text", callbacks.text_message_xml(msg_id, content))


def messages(box: Box, openid: str) -> list:
    return box.store.rows("select * from wx_message where openid = ? order by id", openid)


def deliver(box: Box, payload: dict) -> None:
    """Push one callback, and put the account's passive reply, if it gave one, into the chat."""
    answer = callbacks.deliver(box, payload)
    reply = callbacks.passive_reply(answer) if answer else ""
    if not reply:
        return
    row = box.store.row("select * from wx_callback where id = ?", payload["callback_id"])
    account = box.accounts.get("wechat", row["app_id"])
    _record(box, account, row["openid"], reply, from_fan=False)


def _push(
    box: Box, account: WeChatAccount, openid: str, kind: str, label: str, inner_xml: str
) -> None:
    if not account.callback_token:
        return
    xml = callbacks.envelope(box, account, openid, kind, inner_xml)
    deliver(box, {"callback_id": callbacks.remember(box, account, label, xml, openid)})


def _record(box: Box, account: WeChatAccount, openid: str, content: str, *, from_fan: bool) -> None:
    box.store.execute(
        "insert into wx_message (app_id, openid, from_fan, content, created_at)"
        " values (?, ?, ?, ?, ?)",
        *(account.app_id, openid, from_fan, content, box.clock.now()),
    )
