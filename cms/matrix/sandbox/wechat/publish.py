"""freepublish: queued, then published or failed by the job, then told by callback (contract §7)."""

import json

from ..accounts import WeChatAccount
from ..box import Box
from . import articles, callbacks, drafts, envelopes, fans
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
        msg_data_id = articles.next_msg_data_id(box)
        drafts.take_out(box, draft["media_id"], publish_id)
        box.store.execute(
            "insert into wx_publish (publish_id, app_id, msg_data_id, article_id, media_id, status,"
            " outcome, fail_idx, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(publish_id, call.account.app_id, msg_data_id, articles.new_article_id()),
            *(draft["media_id"], PUBLISHING, outcome, json.dumps(fail_idx), box.clock.now()),
        )
        box.jobs.add("publish", {"publish_id": publish_id}, call.account.publish_delay)
    answer = OK | {"publish_id": _shown_id(call, publish_id)}
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
        account = job and box.accounts.get("wechat", job["app_id"])
        if not account:
            return
        if job["outcome"] in FAILURES:
            # A refused draft is still the editor's: it goes back into the box.
            drafts.put_back(box, job["media_id"])
        else:
            articles.put_online(
                box,
                account,
                drafts.consume(box, job["media_id"]),
                mid=job["msg_data_id"],
                article_id=job["article_id"],
                how="freepublish",
                media_id=job["media_id"],
                deleted=job["outcome"] in {DELETED_BY_USER, BANNED},
            )
        box.store.execute(
            "update wx_publish set status = outcome where publish_id = ?", job["publish_id"]
        )
        settled = box.store.row("select * from wx_publish where publish_id = ?", job["publish_id"])
        callbacks.queue(box, account, account.publish_event, _event_xml(box, account, settled))


def publish_by_hand(box: Box, account: WeChatAccount, media_id: str) -> int:
    """The console's button: out at once, told by MASSSENDJOBFINISH. Returns the mid."""
    with box.store.transaction():
        drafts.find(box, account.app_id, media_id)
        mid = articles.next_msg_data_id(box)
        articles.put_online(
            box,
            account,
            drafts.consume(box, media_id),
            mid=mid,
            article_id=articles.new_article_id(),
            how="console",
            media_id=media_id,
        )
        followers, rows = fans.followers(box, account), articles.of_mid(box, mid)
        fans.show_articles(box, account, followers, rows)
        links = articles.links(box, account, rows) if account.mass_event_urls else []
        xml = envelopes.mass_send_xml(mid, "send success", len(followers), len(followers), links)
        callbacks.queue(box, account, "MASSSENDJOBFINISH", xml)
    return mid


@endpoint("/cgi-bin/freepublish/get", certified_only=True)
def get(call: Call) -> dict:
    job = call.box.store.row(
        "select * from wx_publish where publish_id = ? and app_id = ?",
        *(call.number("publish_id"), call.account.app_id),
    )
    if job is None:
        raise WeChatError(53502)
    answer = {"publish_id": _shown_id(call, job["publish_id"]), "publish_status": job["status"]}
    answer["fail_idx"] = json.loads(job["fail_idx"]) if job["status"] in FAILURES else []
    if job["status"] == PUBLISHING and call.account.fail_idx_while_publishing:
        answer["fail_idx"] = [1]
    online = articles.online(call.box, job["article_id"])
    if job["status"] == SUCCESS and not online:
        answer["publish_status"] = DELETED_BY_USER
    elif job["status"] == SUCCESS:
        links = articles.links(call.box, call.account, online)
        items = [{"idx": idx, "article_url": url} for idx, url in links]
        answer["article_id"] = job["article_id"]
        answer["article_detail"] = {"count": len(items), "item": items}
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
    mine = "from wx_article where app_id = ? and how = 'freepublish'"
    ids = call.box.store.rows(
        f"select article_id {mine} group by article_id order by max(mid) desc limit ? offset ?",
        *(call.account.app_id, most, call.number("offset", 0)),
    )
    hide = call.number("no_content", 0) == 1
    items = []
    for row in ids:
        rows = _articles(call, row["article_id"])
        published = int(rows[0]["published_at"])
        content = {
            "news_item": [_news_item(call, article, hide_content=hide) for article in rows],
            "create_time": published,
            "update_time": published,
        }
        items.append(
            {"article_id": row["article_id"], "content": content, "update_time": published}
        )
    total = call.box.store.value(f"select count(distinct article_id) {mine}", call.account.app_id)
    return {"total_count": total, "item_count": len(items), "item": items}


def _shown_id(call: Call, publish_id: int) -> int | str:
    return str(publish_id) if call.account.publish_id_as_text else publish_id


def _news_item(call: Call, row, *, hide_content: bool = False) -> dict:
    article = json.loads(row["article"])
    if hide_content:
        article["content"] = ""
    url = articles.article_url(call.box, call.account, row)
    return article | {"show_cover_pic": 0, "url": url, "is_deleted": bool(row["deleted"])}


def _articles(call: Call, article_id: str) -> list:
    rows = call.box.store.rows(
        "select * from wx_article where article_id = ? and app_id = ? order by idx",
        *(article_id, call.account.app_id),
    )
    if not rows:
        raise WeChatError(53600)
    return rows


def _event_xml(box: Box, account: WeChatAccount, job) -> str:
    online = articles.online(box, job["article_id"]) if job["status"] == SUCCESS else []
    links = articles.links(box, account, online)
    if account.publish_event == "MASSSENDJOBFINISH":
        status = "send success" if job["status"] == SUCCESS else "send fail"
        return envelopes.mass_send_xml(job["msg_data_id"], status, 0, 0, links)
    fail_idx = json.loads(job["fail_idx"]) if job["status"] in FAILURES else []
    article_id = job["article_id"] if links else ""
    return envelopes.publish_xml(job["publish_id"], job["status"], article_id, links, fail_idx)
