"""留言 by API (contract §10): articles by ``msg_data_id`` and 0-based ``index``."""

from ..box import Box
from .endpoints import OK, Call, endpoint
from .errors import WeChatError

MOST_LISTED = 49
MOST_ELECTED = 100
REPLY_LIMIT = 600


def comment_endpoint(name: str):
    return endpoint(f"/cgi-bin/comment/{name}", certified_only=True)


@comment_endpoint("list")
def list_comments(call: Call) -> dict:
    mid, idx = _article(call)
    count, kind = call.number("count"), call.number("type", 0)
    if call.number("begin", 0) < 0 or not 1 <= count <= MOST_LISTED or kind not in (0, 1, 2):
        raise WeChatError(88010)
    chosen = (mid, idx, kind)
    wanted = (
        "from wx_comment where mid = ?1 and idx = ?2 and deleted_by is null"
        " and (?3 = 0 or elected = ?3 - 1)"
    )
    rows = call.box.store.rows(
        f"select * {wanted} order by id desc limit ?4 offset ?5",
        *(*chosen, count, call.number("begin", 0)),
    )
    total = call.box.store.value(f"select count(*) {wanted}", *chosen)
    answer = OK | {"total": total, "comment": [_shown(call, row) for row in rows]}
    if call.account.total_is_page_size:
        answer |= {"total": len(rows), "comment_cnt": total}
    return answer


def _shown(call: Call, row) -> dict:
    shown = {
        "user_comment_id": row["id"],
        # Who is no WeChat user has no openid.
        **({"openid": row["openid"]} if row["openid"] else {}),
        "create_time": int(row["created_at"]),
        "content": row["content"],
        "comment_type": row["elected"],
    }
    if row["reply"] is not None:
        reply = {"content": row["reply"], "create_time": int(row["replied_at"])}
        shown["reply"] = [reply] if call.account.reply_as_list else reply
    return shown


@comment_endpoint("open")
def open_comments(call: Call) -> dict:
    return _switch(call, is_open=True)


@comment_endpoint("close")
def close_comments(call: Call) -> dict:
    return _switch(call, is_open=False)


def _switch(call: Call, *, is_open: bool) -> dict:
    mid, idx = _article(call)
    call.box.store.execute(
        "update wx_article set comments_open = ? where mid = ? and idx = ?", is_open, mid, idx
    )
    return OK


@comment_endpoint("markelect")
def markelect(call: Call) -> dict:
    comment = _comment(call)
    elected = call.box.store.value(
        "select count(*) from wx_comment where mid = ? and idx = ? and elected = 1"
        " and deleted_by is null",
        *(comment["mid"], comment["idx"]),
    )
    if not comment["elected"] and elected >= MOST_ELECTED:
        raise WeChatError(88003)
    return _change(call.box, comment, "elected = 1")


@comment_endpoint("unmarkelect")
def unmarkelect(call: Call) -> dict:
    return _change(call.box, _comment(call), "elected = 0")


@comment_endpoint("delete")
def delete(call: Call) -> dict:
    return _change(call.box, _comment(call), "deleted_by = 'account'")


@comment_endpoint("reply/add")
def reply_add(call: Call) -> dict:
    comment = _comment(call)
    content = call.text("content")
    if not content.strip() or len(content) > REPLY_LIMIT:
        raise WeChatError(88007)
    if comment["reply"] is not None:
        raise WeChatError(88005)
    return _change(call.box, comment, "reply = ?, replied_at = ?", content, call.box.clock.now())


@comment_endpoint("reply/delete")
def reply_delete(call: Call) -> dict:
    comment = _comment(call)
    if comment["reply"] is None:
        raise WeChatError(87009)
    return _change(call.box, comment, "reply = null, replied_at = null")


def leave(box: Box, mid: int, idx: int, openid: str, content: str) -> int:
    """A reader's comment. Ids count from 1 within one article, as the platform's do."""
    with box.store.transaction():
        comment_id = box.store.value(
            "select coalesce(max(id), 0) + 1 from wx_comment where mid = ? and idx = ?", mid, idx
        )
        box.store.execute(
            "insert into wx_comment (mid, idx, id, openid, content, created_at)"
            " values (?, ?, ?, ?, ?, ?)",
            *(mid, idx, comment_id, openid, content, box.clock.now()),
        )
    return comment_id


def take_back(box: Box, mid: int, idx: int, comment_id: int, openid: str) -> None:
    """A reader deletes their own comment; the account then meets 88004."""
    box.store.execute(
        "update wx_comment set deleted_by = 'user' where mid = ? and idx = ? and id = ?"
        " and openid = ? and deleted_by is null",
        *(mid, idx, comment_id, openid),
    )


def visible(box: Box, mid: int, idx: int, shown: str, openid: str) -> list:
    """What one reader sees: elected (or all) comments and their own, oldest first."""
    return box.store.rows(
        "select c.*, coalesce(f.nickname, '微信用户') as nickname from wx_comment c"
        " left join wx_fan f on f.openid = c.openid"
        " where c.mid = ? and c.idx = ? and c.deleted_by is null"
        " and (? = 'all' or c.elected = 1 or c.openid = ?) order by c.elected desc, c.id",
        *(mid, idx, shown, openid),
    )


def _article(call: Call) -> tuple[int, int]:
    """(mid, 1-based idx) of the article spoken of; 88000 or 88001."""
    if not call.account.comments:
        raise WeChatError(88000)
    first = 1 if call.account.comment_index_from_one else 0
    mid, idx = call.number("msg_data_id"), call.number("index", first) + 1 - first
    found = call.box.store.value(
        "select 1 from wx_article where mid = ? and idx = ? and app_id = ? and deleted = 0",
        *(mid, idx, call.account.app_id),
    )
    if found is None:
        raise WeChatError(88001)
    return mid, idx


def _comment(call: Call):
    mid, idx = _article(call)
    row = call.box.store.row(
        "select * from wx_comment where mid = ? and idx = ? and id = ?",
        *(mid, idx, call.number("user_comment_id")),
    )
    if row is None or row["deleted_by"] == "account":
        raise WeChatError(88008)
    if row["deleted_by"] == "user":
        raise WeChatError(88004)
    return row


def _change(box: Box, comment, assignment: str, *values) -> dict:
    box.store.execute(
        f"update wx_comment set {assignment} where mid = ? and idx = ? and id = ?",
        *(*values, comment["mid"], comment["idx"], comment["id"]),
    )
    return OK
