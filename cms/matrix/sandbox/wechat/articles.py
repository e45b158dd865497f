"""Articles that are out: where they stand, what their addresses are, who was told (contract §7)."""

import json
import secrets

from ..accounts import WeChatAccount
from ..box import Box


def put_online(
    box: Box,
    account: WeChatAccount,
    articles: list[dict],
    *,
    mid: int,
    article_id: str,
    how: str,
    media_id: str,
    deleted: bool = False,
) -> None:
    """Publish the articles of one draft. ``how``: freepublish, mass or console."""
    for idx, article in enumerate(articles, start=1):
        box.store.execute(
            "insert into wx_article (mid, idx, app_id, article_id, sn, article, notified,"
            " comments_open, deleted, published_at, how, media_id)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(mid, idx, account.app_id, article_id, secrets.token_hex(16)),
            json.dumps(article, ensure_ascii=False),
            *(how != "freepublish", article["need_open_comment"], deleted, box.clock.now()),
            *(how, media_id),
        )


def article_url(box: Box, account: WeChatAccount, row) -> str:
    """The long link; its ``mid`` is what comments and statistics are addressed by."""
    query = f"__biz={account.biz}&mid={row['mid']}&idx={row['idx']}&sn={row['sn']}"
    return f"{box.public_base}/s?{query}#rd"


def online(box: Box, article_id: str) -> list:
    return box.store.rows(
        "select * from wx_article where article_id = ? and deleted = 0 order by idx", article_id
    )


def of_mid(box: Box, mid: int) -> list:
    return box.store.rows("select * from wx_article where mid = ? order by idx", mid)


def links(box: Box, account: WeChatAccount, rows: list) -> list[tuple[int, str]]:
    """(1-based place, address) of each article."""
    return [(row["idx"], article_url(box, account, row)) for row in rows]


def next_msg_data_id(box: Box) -> int:
    return box.store.next_id("msg_data_id", 2_247_483_701, step=3)


def new_article_id() -> str:
    return secrets.token_urlsafe(32)
