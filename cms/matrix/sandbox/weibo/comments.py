"""Comments on posts (contract §16)."""

from ..box import Box
from . import statuses, users
from .endpoints import Call, endpoint
from .errors import WeiboError

TEXT_LIMIT = 140
REPEAT_WINDOW = 3600
LARGEST_PAGE = 200
MOST_SHOWN, MOST_DESTROYED = 50, 20


@endpoint("comments/to_me")
def to_me(call: Call) -> dict:
    """Readers' comments on all of the account's posts, newest first."""
    where = (
        "from wb_comment c join wb_status s on s.id = c.status_id"
        " where s.uid = ?1 and c.uid != ?1 and c.deleted = 0 and c.id > ?2 and c.id <= ?3"
    )
    return _page(call, where, call.account.uid)


@endpoint("comments/by_me")
def by_me(call: Call) -> dict:
    where = "from wb_comment c where c.uid = ?1 and c.deleted = 0 and c.id > ?2 and c.id <= ?3"
    return _page(call, where, call.account.uid)


@endpoint("comments/timeline")
def timeline(call: Call) -> dict:
    """Comments that the account wrote or received."""
    where = (
        "from wb_comment c join wb_status s on s.id = c.status_id"
        " where (s.uid = ?1 or c.uid = ?1) and c.deleted = 0 and c.id > ?2 and c.id <= ?3"
    )
    return _page(call, where, call.account.uid)


@endpoint("comments/mentions")
def mentions(call: Call) -> dict:
    """Comments, under anybody's post, that name the account with an @."""
    where = (
        "from wb_comment c where instr(c.text, ?1) and c.deleted = 0 and c.id > ?2 and c.id <= ?3"
    )
    return _page(call, where, f"@{call.account.name}")


@endpoint("comments/show_batch")
def show_batch(call: Call) -> list:
    found = [_look_up(call.box, cid) for cid in call.numbers("cids", MOST_SHOWN)]
    return [describe(call.box, row) for row in found if row is not None]


@endpoint("comments/show")
def show(call: Call) -> dict:
    status = statuses.find(call.box, call.number("id"))
    where = (
        "from wb_comment c where c.status_id = ?1 and c.deleted = 0 and c.id > ?2 and c.id <= ?3"
    )
    return _page(call, where, status["id"])


def _page(call: Call, where: str, key) -> dict:
    span = (key, call.number("since_id", 0), call.number("max_id", 0) or 2**62)
    size = min(LARGEST_PAGE, max(1, call.number("count", 50)))
    page = max(1, call.number("page", 1))
    rows = call.box.store.rows(
        f"select c.* {where} order by c.id desc limit ?4 offset ?5",
        *(*span, size, (page - 1) * size),
    )
    return {
        "comments": [describe(call.box, row) for row in rows],
        "previous_cursor": 0,
        "next_cursor": 0,
        "total_number": call.box.store.value(f"select count(*) {where}", *span),
    }


@endpoint("comments/create", "POST")
def create(call: Call) -> dict:
    status = statuses.find(call.box, call.number("id"))
    comment_id = _write(call, status["id"], _text(call), None)
    return describe(call.box, _find(call.box, comment_id))


@endpoint("comments/reply", "POST")
def reply(call: Call) -> dict:
    target = _addressed(call)
    if call.params.get("id") and call.number("id") != target["status_id"]:
        raise WeiboError(20201)
    text = _text(call)
    if call.params.get("without_mention", "0") != "1":
        author = users.describe(call.box, target["uid"])
        text = f"回复@{author['name'] if author else '微博用户'}:{text}"
    comment_id = _write(call, target["status_id"], text, target["id"])
    return describe(call.box, _find(call.box, comment_id))


@endpoint("comments/destroy", "POST")
def destroy(call: Call) -> dict:
    comment = _addressed(call)
    if comment["uid"] != call.account.uid:
        raise WeiboError(20203)
    return _delete(call, comment)


@endpoint("comments/destroy_batch", "POST")
def destroy_batch(call: Call) -> list:
    """Deletes those that are the account's own, and answers with them."""
    found = [_look_up(call.box, cid) for cid in call.numbers("cids", MOST_DESTROYED)]
    own = [row for row in found if row is not None and row["uid"] == call.account.uid]
    if not own:
        raise WeiboError(20203 if any(found) else 20201)
    return [_delete(call, row) for row in own]


def _delete(call: Call, comment) -> dict:
    call.box.store.execute("update wb_comment set deleted = 1 where id = ?", comment["id"])
    return describe(call.box, comment)


def leave(box: Box, status_id: int, uid: str, text: str, reply_to: int | None = None) -> int:
    """Store a comment; returns its id."""
    comment_id = statuses.new_id(box)
    box.store.execute(
        "insert into wb_comment (id, status_id, uid, text, reply_to, created_at)"
        " values (?, ?, ?, ?, ?, ?)",
        *(comment_id, status_id, uid, text, reply_to, box.clock.now()),
    )
    return comment_id


def under(box: Box, status_id: int) -> list[dict]:
    rows = box.store.rows(
        "select * from wb_comment where status_id = ? and deleted = 0 order by id", status_id
    )
    return [{"user": users.describe(box, row["uid"]), "row": row} for row in rows]


def describe(box: Box, row) -> dict:
    """The platform's comment object, with the comment it answers if there is one."""
    described = _plain(box, row)
    described["status"] = statuses.describe(box, statuses.find(box, row["status_id"]))
    if row["reply_to"] is not None:
        answered = box.store.row("select * from wb_comment where id = ?", row["reply_to"])
        described["reply_comment"] = _plain(box, answered)
    return described


def _plain(box: Box, row) -> dict:
    return {
        "created_at": statuses.stamp(box, row["created_at"]),
        "id": row["id"],
        "idstr": str(row["id"]),
        "mid": str(row["id"]),
        "text": row["text"],
        "source": '<a href="#" rel="nofollow">微博网页版</a>',
        "user": users.describe(box, row["uid"]),
    }


def _write(call: Call, status_id: int, text: str, reply_to: int | None) -> int:
    with call.box.store.transaction():
        repeated = call.box.store.value(
            "select 1 from wb_comment where uid = ? and status_id = ? and text = ? and deleted = 0"
            " and reply_to is ? and created_at > ?",
            *(call.account.uid, status_id, text, reply_to, call.box.clock.now() - REPEAT_WINDOW),
        )
        if repeated:
            raise WeiboError(20019)
        return leave(call.box, status_id, call.account.uid, text, reply_to)


def _text(call: Call) -> str:
    text = call.params.get("comment", "").strip()
    if not text:
        raise WeiboError(20008)
    if len(text) > TEXT_LIMIT:
        raise WeiboError(20012)
    return text


def _addressed(call: Call):
    if not call.params.get("cid"):
        raise WeiboError(20204)
    return _find(call.box, call.number("cid"))


def _look_up(box: Box, comment_id: int):
    return box.store.row("select * from wb_comment where id = ? and deleted = 0", comment_id)


def _find(box: Box, comment_id: int):
    row = _look_up(box, comment_id)
    if row is None:
        raise WeiboError(20201)
    return row
