"""The platforms' own books, for an auditor outside: what stands published, calls, faults dealt."""

import json
import time
from collections import Counter

from flask import Blueprint

from .box import Box, current_box
from .wechat.articles import article_url
from .weibo import mid

blueprint = Blueprint("books", __name__, url_prefix="/__sandbox")


@blueprint.get("/books")
def books():
    """Everything ever published (``deleted`` tells what was taken down), calls by path, faults."""
    box = current_box()
    published = [*_articles(box), *_mass_texts(box), *_statuses(box)]
    times = Counter(_same(item) for item in published)
    return {
        "published": [item | {"times": times[_same(item)]} for item in published],
        "calls": {
            f"{row['platform']} {row['path']}": row["count"]
            for row in box.store.rows("select * from call_count order by platform, path")
        },
        "faults": [dict(row) for row in box.store.rows("select * from fault_dealt")],
        "jobs_waiting": box.store.value("select count(*) from job where state != 'failed'"),
    }


def arrived(box: Box, platform: str, path: str) -> None:
    """A call has come in: count it, and take the time it takes."""
    box.store.execute(
        "insert into call_count (platform, path, count) values (?, ?, 1)"
        " on conflict (platform, path) do update set count = count + 1",
        *(platform, path),
    )
    latency = box.latency
    if latency:
        time.sleep(latency)


def _same(item: dict) -> tuple:
    return item["platform"], item["app_id"], item["title"]


def _articles(box: Box) -> list[dict]:
    found = []
    accounts = {account.app_id: account for account in box.accounts.all("wechat")}
    for row in box.store.rows("select * from wx_article order by mid, idx"):
        found.append(
            {
                "platform": "wechat",
                "app_id": row["app_id"],
                "id": f"{row['mid']}_{row['idx']}",
                "title": json.loads(row["article"])["title"],
                "url": article_url(box, accounts[row["app_id"]], row),
                "article_id": row["article_id"],
                "msg_data_id": row["mid"],
                "published_at": row["published_at"],
                "deleted": bool(row["deleted"]),
                "how": row["how"],
            }
        )
    return found


def _mass_texts(box: Box) -> list[dict]:
    """What was mass-sent without being an article has no address."""
    rows = box.store.rows(
        "select * from wx_mass where msgtype != 'mpnews' and state in ('SEND_SUCCESS', 'DELETE')"
    )
    return [
        {
            "platform": "wechat",
            "app_id": row["app_id"],
            "id": str(row["msg_id"]),
            "title": row["content"],
            "url": "",
            "article_id": "",
            "msg_data_id": row["msg_data_id"],
            "published_at": row["created_at"],
            "deleted": row["state"] == "DELETE",
            "how": "mass",
        }
        for row in rows
    ]


def _statuses(box: Box) -> list[dict]:
    accounts = {account.uid: account.app_id for account in box.accounts.all("weibo")}
    return [
        {
            "platform": "weibo",
            "app_id": accounts.get(row["uid"], ""),
            "uid": row["uid"],
            "id": str(row["id"]),
            "title": row["text"],
            "url": f"{box.public_base}/weibo/{row['uid']}/{mid.encode(row['id'])}",
            "status_id": str(row["id"]),
            "published_at": row["created_at"],
            "visible_at": row["visible_at"] or row["created_at"],
            "deleted": False,
            "how": "share",
        }
        for row in box.store.rows("select * from wb_status order by id")
    ]
