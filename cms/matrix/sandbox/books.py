"""The platforms' own books, for an auditor outside: what stands published, calls, faults dealt.

Also the pace of the platforms: how long each call takes.
"""

import json
import time

from flask import Blueprint, request

from . import faults
from .box import Box, current_box
from .wechat.publish import article_url
from .weibo import mid

blueprint = Blueprint("books", __name__, url_prefix="/__sandbox")
SLOWEST_MS = 60_000


@blueprint.get("/books")
def books():
    """Everything ever published (``deleted`` tells what was taken down), calls by path, faults."""
    box = current_box()
    return {
        "published": [*_articles(box), *_statuses(box)],
        "calls": {
            f"{row['platform']} {row['path']}": row["count"]
            for row in box.store.rows("select * from call_count order by platform, path")
        },
        "faults": [dict(row) for row in box.store.rows("select * from fault_dealt")],
    }


@blueprint.route("/pace", methods=["GET", "PUT"])
def pace():
    """``{"latency_ms": n}``: every call of both platforms takes that much longer."""
    box = current_box()
    if request.method == "PUT":
        wanted = (request.get_json(silent=True) or {}).get("latency_ms")
        if not isinstance(wanted, int | float) or not 0 <= wanted <= SLOWEST_MS:
            return {"error": f"latency_ms 应为 0 到 {SLOWEST_MS} 的数字。"}, 400
        box.latency = wanted / 1000
    return {"latency_ms": box.latency * 1000}


@blueprint.put("/seed")
def seed():
    """``{"seed": n}``: faults that strike by chance do so in a repeatable order."""
    faults.chance.seed((request.get_json(silent=True) or {}).get("seed"))
    return {"ok": True}


def arrived(box: Box, platform: str, path: str) -> None:
    """A call has come in: count it, and take the time it takes."""
    box.store.execute(
        "insert into call_count (platform, path, count) values (?, ?, 1)"
        " on conflict (platform, path) do update set count = count + 1",
        *(platform, path),
    )
    if box.latency:
        time.sleep(box.latency)


def _articles(box: Box) -> list[dict]:
    found = []
    for row in box.store.rows("select * from wx_article order by mid, idx"):
        account = box.accounts.get("wechat", row["app_id"])
        article = json.loads(row["article"])
        found.append(
            {
                "platform": "wechat",
                "app_id": row["app_id"],
                "id": f"{row['mid']}_{row['idx']}",
                "title": article["title"],
                "url": article_url(box, account, row),
                "published_at": row["published_at"],
                "deleted": bool(row["deleted"]),
                "how": "pushed" if row["notified"] else "published",
            }
        )
    return found


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
            "published_at": row["created_at"],
            "deleted": False,
            "how": "shared",
        }
        for row in box.store.rows("select * from wb_status order by id")
    ]
