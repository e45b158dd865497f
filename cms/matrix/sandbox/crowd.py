"""Many readers at once, for demos: what a crowd did to one article or post over some days.

``POST /__sandbox/crowd`` with
``{"url": …, "days": [{"day": "2026-11-20", "read": 12, "like": 3, "share": 1}],
"comments": [{"nickname", "content", "at": epoch seconds}]}``. A comment with ``"anonymous": true``
is one of somebody who is no WeChat user: the list tells no openid. A post on Weibo counts likes and
shares only: the platform tells nobody how often a post was read.
"""

from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, abort, request

from .box import Box, current_box
from .wechat import comments as wechat_comments
from .wechat import fans
from .weibo import comments as weibo_comments
from .weibo import mid as weibo_mid
from .weibo import statuses, users

blueprint = Blueprint("crowd", __name__, url_prefix="/__sandbox")
WECHAT_KINDS = ("read", "like", "share", "zaikan")
MOST = 5_000


@blueprint.post("/crowd")
def crowd():
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(400, description="请求体应为 JSON 对象。")
    box, url = current_box(), urlsplit(str(body.get("url", "")))
    with box.store.transaction():
        if url.path == "/s":
            _at_article(box, parse_qs(url.query), body)
        elif url.path.startswith("/weibo/"):
            _at_post(box, url.path.rsplit("/", 1)[-1], body)
        else:
            abort(404, description="没有这篇文章。")
    return {"ok": True}


def _at_article(box: Box, query: dict, body: dict) -> None:
    mid, idx = int(query["mid"][0]), int(query.get("idx", ["1"])[0])
    row = box.store.row("select app_id from wx_article where mid = ? and idx = ?", mid, idx)
    if row is None:
        abort(404, description="没有这篇文章。")
    for day in body.get("days", []):
        for kind in WECHAT_KINDS:
            for number in range(min(int(day.get(kind, 0)), MOST)):
                box.store.execute(
                    "insert into wx_event (mid, idx, kind, day, fan, scene)"
                    " values (?, ?, ?, ?, ?, ?)",
                    *(mid, idx, kind, str(day["day"]), f"crowd-{number}", "公众号消息"),
                )
    account = box.accounts.get("wechat", row["app_id"])
    for said in body.get("comments", []):
        is_user = not said.get("anonymous")
        openid = fans.meet(box, account, str(said["nickname"])) if is_user else ""
        number = wechat_comments.leave(box, mid, idx, openid, str(said["content"]))
        box.store.execute(
            "update wx_comment set created_at = ? where mid = ? and idx = ? and id = ?",
            *(float(said["at"]), mid, idx, number),
        )


def _at_post(box: Box, code: str, body: dict) -> None:
    status_id = int(code) if code.isdigit() and len(code) > 12 else weibo_mid.decode(code)
    statuses.find(box, status_id)
    for day in body.get("days", []):
        for number in range(min(int(day.get("like", 0)), MOST)):
            box.store.execute(
                "insert into wb_like (status_id, fan) values (?, ?) on conflict do nothing",
                *(status_id, f"crowd-{day['day']}-{number}"),
            )
        box.store.execute(
            "update wb_status set reposts = reposts + ? where id = ?",
            *(int(day.get("share", 0)), status_id),
        )
    for said in body.get("comments", []):
        uid = users.meet(box, str(said["nickname"]))
        comment_id = weibo_comments.leave(box, status_id, uid, str(said["content"]))
        box.store.execute(
            "update wb_comment set created_at = ? where id = ?", float(said["at"]), comment_id
        )
