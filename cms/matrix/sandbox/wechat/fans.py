"""Readers of the sandbox's pages: a nickname is a person, with one openid per account."""

import hashlib
import json
from base64 import urlsafe_b64encode

from ..accounts import WeChatAccount
from ..box import Box
from . import callbacks, chat, envelopes, posting
from .chat import messages, show_articles

__all__ = ["messages", "show_articles"]
NICKNAME_LIMIT = 20
CONTENT_LIMIT = 600
HERE = "app_id = ? and followed_on is not null and left_on is null"


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


def known(box: Box, account: WeChatAccount, openid: str):
    """The reader's row, also of one who does not follow; None for a stranger."""
    return box.store.row(
        "select * from wx_fan where openid = ? and app_id = ?", openid, account.app_id
    )


def follows(box: Box, openid: str) -> bool:
    return (
        box.store.value(
            "select 1 from wx_fan where openid = ? and followed_on is not null and left_on is null",
            openid,
        )
        is not None
    )


def followers(box: Box, account: WeChatAccount, tag_id: int | None = None) -> list[str]:
    """Openids of all followers, or of those with the tag, in the order they came."""
    rows = box.store.rows(
        f"select openid, tags from wx_fan where {HERE} order by rowid", account.app_id
    )
    return [r["openid"] for r in rows if tag_id is None or tag_id in json.loads(r["tags"])]


def follow(box: Box, account: WeChatAccount, nickname: str, following: bool) -> None:
    openid = meet(box, account, nickname)
    if follows(box, openid) == following:
        return
    today = box.clock.day()
    if following:
        box.store.execute(
            "update wx_fan set followed_on = ?, left_on = null, followed_at = ? where openid = ?",
            *(today, box.clock.now(), openid),
        )
        chat.open_window(box, openid, "event")
    else:
        box.store.execute("update wx_fan set left_on = ? where openid = ?", today, openid)
    event = "subscribe" if following else "unsubscribe"
    push(box, account, openid, "event", event, envelopes.event_xml(event))


def tag(box: Box, account: WeChatAccount, nickname: str, tags: list[int]) -> None:
    box.store.execute(
        "update wx_fan set tags = ? where openid = ?",
        *(json.dumps(tags), meet(box, account, nickname)),
    )


def say(box: Box, account: WeChatAccount, nickname: str, content: str) -> None:
    """A reader's message to the account: pushed at once, the passive reply shown in the chat."""
    openid = meet(box, account, nickname)
    chat.record(box, account, openid, content, from_fan=True)
    chat.open_window(box, openid, "message")
    msg_id = box.store.next_id("msg_id", 24_000_000_000_000_001)
    push(box, account, openid, "text", "text", envelopes.text_message_xml(msg_id, content))


def deliver(box: Box, payload: dict) -> None:
    """Push one callback, and put the account's passive reply, if it gave one, into the chat."""
    answer = callbacks.deliver(box, payload)
    reply = posting.passive_reply(answer) if answer else ""
    if not reply:
        return
    row = box.store.row("select * from wx_callback where id = ?", payload["callback_id"])
    account = box.accounts.get("wechat", row["app_id"])
    chat.record(box, account, row["openid"], reply, from_fan=False)


def push(
    box: Box, account: WeChatAccount, openid: str, kind: str, label: str, inner_xml: str
) -> None:
    """Tell the account's server at once what the reader did, if it has one."""
    if not account.callback_token:
        return
    xml = envelopes.envelope(box, account, openid, kind, inner_xml)
    deliver(box, {"callback_id": callbacks.remember(box, account, label, xml, openid)})
