"""The chat between a reader and an account, and how long the account may answer in it (§12)."""

import json
from dataclasses import dataclass

from ..accounts import WeChatAccount
from ..box import Box
from .articles import article_url
from .errors import WeChatError


@dataclass(frozen=True)
class Window:
    """After a reader's act the account may send so many messages for so many seconds."""

    seconds: float
    messages: int


WINDOWS = {"message": Window(48 * 3600, 5), "event": Window(60, 3)}


def record(
    box: Box, account: WeChatAccount, openid: str, content: str, *, from_fan: bool, link: str = ""
) -> None:
    box.store.execute(
        "insert into wx_message (app_id, openid, from_fan, content, created_at, link)"
        " values (?, ?, ?, ?, ?, ?)",
        *(account.app_id, openid, from_fan, content, box.clock.now(), link),
    )


def messages(box: Box, openid: str) -> list:
    return box.store.rows("select * from wx_message where openid = ? order by id", openid)


def show_articles(box: Box, account: WeChatAccount, openids: list[str], rows: list) -> None:
    """Notified readers find the articles in their chat."""
    for row in rows:
        title = json.loads(row["article"])["title"]
        link = article_url(box, account, row).replace("#rd", "&scene=chat")
        for openid in openids:
            record(box, account, openid, title, from_fan=False, link=link)


def open_window(box: Box, openid: str, kind: str) -> None:
    """The reader wrote (``message``), or followed, scanned or tapped the menu (``event``)."""
    box.store.execute(
        "insert into wx_window (openid, kind, opened_at, used) values (?, ?, ?, 0)"
        " on conflict (openid, kind) do update set opened_at = excluded.opened_at, used = 0",
        *(openid, kind, box.clock.now()),
    )


def use_window(box: Box, openid: str) -> None:
    """One message of the account; 45015 when no window is open, 45047 when all are used up."""
    with box.store.transaction():
        rows = box.store.rows("select * from wx_window where openid = ?", openid)
        now = box.clock.now()
        standing = [r for r in rows if now - r["opened_at"] < WINDOWS[r["kind"]].seconds]
        if not standing:
            raise WeChatError(45015)
        free = [r for r in standing if r["used"] < WINDOWS[r["kind"]].messages]
        if not free:
            raise WeChatError(45047)
        box.store.execute(
            "update wx_window set used = used + 1 where openid = ? and kind = ?",
            *(openid, free[0]["kind"]),
        )
