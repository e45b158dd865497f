"""freepublish: queued, then published or failed by the job, then told by callback (contract §7)."""

import json
import secrets

from ..accounts import WeChatAccount
from ..box import Box
from . import callbacks, drafts
from .endpoints import OK, Call, endpoint
from .errors import WeChatError

SUCCESS, PUBLISHING, DELETED_BY_USER, BANNED = 0, 1, 5, 6
FAILURES = {2, 3, 4}


@endpoint("/cgi-bin/freepublish/submit", certified_only=True)
def submit(call: Call) -> dict:
    box = call.box
    outcome, fail_idx = SUCCESS, []
    if call.fault is not None and call.fault.effect == "publish_status":
        outcome, fail_idx = call.fault.status, call.fault.params.get("fail_idx", [1])
    with box.store.transaction():
        draft = drafts.find(box, call.account.app_id, call.text("media_id"))
        publish_id = box.store.next_id("publish_id", 2_650_000_001)
        msg_data_id = _next_msg_data_id(box)
        box.store.execute(
            "update wx_draft set publish_id = ? where media_id = ?", publish_id, draft["media_id"]
        )
        box.store.execute(
            "insert into wx_publish (publish_id, app_id, msg_data_id, article_id, media_id, status,"
            " outcome, fail_idx, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(publish_id, call.account.app_id, msg_data_id, _article_id(), draft["media_id"]),
            *(PUBLISHING, outcome, json.dumps(fail_idx), box.clock.now()),
        )
        box.jobs.add("publish", {"publish_id": publish_id}, call.account.publish_delay)
    shown = str(publish_id) if call.account.publish_id_as_text else publish_id
    answer = OK | {"publish_id": shown}
    if call.account.submit_tells_msg_data_id:
        answer["msg_data_id"] = msg_data_id
    return answer


def finish(box: Box, payload: dict) -> None:
    """The publish job: settle one submission and tell the account's owner."""
    with box.store.transaction():
        job = box.store.row(
            "select * from wx_publish where publish_id = ? and status = ?",
            *(payload["publish_id"], PUBLISHING),
        )
        if job is None:
            return
        account = box.accounts.get("wechat", job["app_id"])
        if job["outcome"] in FAILURES:
            # A refused draft is still the editor's: it goes back into the box.
            box.store.execute(
                "update wx_draft set publish_id = null where media_id = ?", job["media_id"]
            )
        else:
            _put_online(box, account, job)
        box.store.execute(
            "update wx_publish set status = outcome where publish_id = ?", job["publish_id"]
        )
        settled = box.store.row("select * from wx_publish where publish_id = ?", job["publish_id"])
        callbacks.queue(box, account, account.publish_event, _event_xml(box, settled))


def _put_online(box: Box, account: WeChatAccount, job) -> None:
    draft = box.store.row("select * from wx_draft where media_id = ?", job["media_id"])
    store_articles(
        box,
        account,
        json.loads(draft["articles"]),
        mid=job["msg_data_id"],
        article_id=job["article_id"],
        deleted=job["outcome"] in {DELETED_BY_USER, BANNED},
    )
    box.store.execute("delete from wx_draft where media_id = ?", job["media_id"])


def publish_by_hand(box: Box, account: WeChatAccount, media_id: str) -> int:
    """The console's button: out at once, told by MASSSENDJOBFINISH. Returns the mid."""
    with box.store.transaction():
        draft = drafts.find(box, account.app_id, media_id)
        mid = _next_msg_data_id(box)
        articles = json.loads(draft["articles"])
        store_articles(box, account, articles, mid=mid, article_id=_article_id(), notified=True)
        box.store.execute("delete from wx_draft where media_id = ?", media_id)
        followers = box.store.value(
            "select count(*) from wx_fan where app_id = ? and left_on is null"
            " and followed_on is not null",
            account.app_id,
        )
        online = box.store.rows("select * from wx_article where mid = ? order by idx", mid)
        links = [(row["idx"], article_url(box, account, row)) for row in online]
        xml = callbacks.mass_send_xml(mid, followers, links)
        callbacks.queue(box, account, "MASSSENDJOBFINISH", xml)
    return mid


def store_articles(
    box: Box,
    account: WeChatAccount,
    articles: list[dict],
    *,
    mid: int,
    article_id: str,
    notified: bool = False,
    deleted: bool = False,
) -> None:
    for idx, article in enumerate(articles, start=1):
        box.store.execute(
            "insert into wx_article (mid, idx, app_id, article_id, sn, article, notified,"
            " comments_open, deleted, published_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(mid, idx, account.app_id, article_id, secrets.token_hex(16)),
            json.dumps(article, ensure_ascii=False),
            *(notified, article["need_open_comment"], deleted, box.clock.now()),
        )


@endpoint("/cgi-bin/freepublish/get", certified_only=True)
def get(call: Call) -> dict:
    job = call.box.store.row(
        "select * from wx_publish where publish_id = ? and app_id = ?",
        *(call.number("publish_id"), call.account.app_id),
    )
    if job is None:
        raise WeChatError(53502)
    shown = str(job["publish_id"]) if call.account.publish_id_as_text else job["publish_id"]
    answer = {"publish_id": shown, "publish_status": job["status"], "fail_idx": []}
    online = _online(call.box, job["article_id"])
    if job["status"] == SUCCESS and not online:
        answer["publish_status"] = DELETED_BY_USER
    elif job["status"] == SUCCESS:
        links = [
            {"idx": row["idx"], "article_url": article_url(call.box, call.account, row)}
            for row in online
        ]
        answer["article_id"] = job["article_id"]
        answer["article_detail"] = {"count": len(links), "item": links}
    elif job["status"] in FAILURES:
        answer["fail_idx"] = json.loads(job["fail_idx"])
    return answer


@endpoint("/cgi-bin/freepublish/delete", certified_only=True)
def delete(call: Call) -> dict:
    rows = _articles(call, call.text("article_id"))
    index = call.number("index", 0)
    if index and index not in {row["idx"] for row in rows}:
        raise WeChatError(40114)
    call.box.store.execute(
        "update wx_article set deleted = 1 where article_id = ?1 and (?2 = 0 or idx = ?2)",
        *(rows[0]["article_id"], index),
    )
    return OK


@endpoint("/cgi-bin/freepublish/getarticle", certified_only=True)
def getarticle(call: Call) -> dict:
    rows = _articles(call, call.text("article_id"))
    published = int(rows[0]["published_at"])
    items = [_news_item(call, row) for row in rows]
    return {"news_item": items, "create_time": published, "update_time": published}


@endpoint("/cgi-bin/freepublish/batchget", certified_only=True)
def batchget(call: Call) -> dict:
    most = call.number("count")
    if not 1 <= most <= 20:
        raise WeChatError(40007)
    mine = "from wx_article where app_id = ? and notified = 0"
    ids = call.box.store.rows(
        f"select article_id {mine} group by article_id order by max(mid) desc limit ? offset ?",
        *(call.account.app_id, most, call.number("offset", 0)),
    )
    hide = call.number("no_content", 0) == 1
    items = []
    for row in ids:
        articles = _articles(call, row["article_id"])
        published = int(articles[0]["published_at"])
        content = {
            "news_item": [_news_item(call, article, hide_content=hide) for article in articles],
            "create_time": published,
            "update_time": published,
        }
        items.append(
            {"article_id": row["article_id"], "content": content, "update_time": published}
        )
    total = call.box.store.value(f"select count(distinct article_id) {mine}", call.account.app_id)
    return {"total_count": total, "item_count": len(items), "item": items}


def article_url(box: Box, account: WeChatAccount, row) -> str:
    """The long link; its ``mid`` is what comments and statistics are addressed by."""
    query = f"__biz={account.biz}&mid={row['mid']}&idx={row['idx']}&sn={row['sn']}"
    return f"{box.public_base}/s?{query}#rd"


def _news_item(call: Call, row, *, hide_content: bool = False) -> dict:
    article = json.loads(row["article"])
    if hide_content:
        article["content"] = ""
    url = article_url(call.box, call.account, row)
    return article | {"show_cover_pic": 0, "url": url, "is_deleted": bool(row["deleted"])}


def _articles(call: Call, article_id: str) -> list:
    rows = call.box.store.rows(
        "select * from wx_article where article_id = ? and app_id = ? order by idx",
        *(article_id, call.account.app_id),
    )
    if not rows:
        raise WeChatError(53600)
    return rows


def _online(box: Box, article_id: str) -> list:
    return box.store.rows(
        "select * from wx_article where article_id = ? and deleted = 0 order by idx", article_id
    )


def _next_msg_data_id(box: Box) -> int:
    return box.store.next_id("msg_data_id", 2_247_483_701, step=3)


def _article_id() -> str:
    return secrets.token_urlsafe(32)


def _event_xml(box: Box, job) -> str:
    links = []
    if job["status"] == SUCCESS:
        account = box.accounts.get("wechat", job["app_id"])
        online = _online(box, job["article_id"])
        links = [(row["idx"], article_url(box, account, row)) for row in online]
    fail_idx = json.loads(job["fail_idx"]) if job["status"] in FAILURES else []
    return callbacks.publish_xml(
        job["publish_id"], job["status"], job["article_id"] if links else "", links, fail_idx
    )
