"""Posts (contract §16): share, show, timeline, counts."""

import secrets

from ..accounts import WeiboAccount
from ..box import Box
from ..pictures import picture_type
from . import mid, text, users
from .endpoints import Call, Redirect, endpoint
from .errors import WeiboError

TEXT_LIMIT = 140
PICTURE_LIMIT = 5 * 1024 * 1024
PICTURE_TYPES = {"image/jpeg", "image/gif", "image/png"}
SHOWN_LATE = 90.0  # seconds until an accepted post is seen, unless the fault says otherwise
REPEAT_WINDOW = 86400
FIRST_ID = 9_123_456_789_012_345  # above 2^53: a client that reads ids as floats gets them wrong
ADDRESSABLE = 100
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


@endpoint("statuses/share", "POST")
def share(call: Call) -> dict:
    status = call.params.get("status", "").strip()
    _check_text(call, status)
    picture, content_type = _picture(call)
    with call.box.store.transaction():
        repeated = call.box.store.value(
            "select 1 from wb_status where uid = ? and text = ? and created_at > ?",
            *(call.account.uid, status, call.box.clock.now() - REPEAT_WINDOW),
        )
        if repeated:
            raise WeiboError(20019)
        status_id, now = new_id(call.box), call.box.clock.now()
        is_late = call.fault is not None and call.fault.effect == "late"
        visible_at = now + call.fault.seconds(SHOWN_LATE) if is_late else now
        call.box.store.execute(
            "insert into wb_status (id, uid, text, picture, content_type, created_at, visible_at)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            *(status_id, call.account.uid, status),
            *(picture and call.box.save_file(picture), content_type, now, visible_at),
        )
    if is_late:
        # Accepted, but seen only in a minute or two (contract §18).
        raise WeiboError(20032)
    return describe(call.box, find(call.box, status_id))


def _check_text(call: Call, status: str) -> None:
    if not status:
        raise WeiboError(20008)
    if text.length(status) > TEXT_LIMIT:
        raise WeiboError(20012)
    if not text.names_safe_domain(status, call.account.safe_domains):
        raise WeiboError(10017)
    if text.has_topic(status):
        raise WeiboError(10017, "text can not contain #topic#!")
    if call.account.rip_required and not call.params.get("rip"):
        raise WeiboError(10016, "Miss required parameter (rip), see doc for more info")


def _picture(call: Call) -> tuple[bytes | None, str | None]:
    if not call.is_multipart:
        return None, None
    upload = call.files.get("pic")
    if upload is None:
        raise WeiboError(20007)
    content = upload.read()
    content_type = picture_type(content)
    if content_type not in PICTURE_TYPES:
        raise WeiboError(20005)
    if len(content) > PICTURE_LIMIT:
        raise WeiboError(20006)
    return content, content_type


@endpoint("statuses/show")
def show(call: Call) -> dict:
    row = find(call.box, call.number("id"))
    if row["uid"] != call.account.uid:
        raise WeiboError(20112)
    return describe(call.box, row)


@endpoint("statuses/user_timeline")
def user_timeline(call: Call) -> dict:
    if call.params.get("uid") not in (None, "", call.account.uid):
        raise WeiboError(10014)
    rows = call.box.store.rows(
        "select * from wb_status where uid = ? and id > ? and id <= ? and visible_at <= ?"
        " order by id desc limit ?",
        *(call.account.uid, call.number("since_id", 0), _max_id(call), call.box.clock.now()),
        min(call.account.timeline_size, call.number("count", 20)),
    )
    total = call.box.store.value(
        "select count(*) from wb_status where uid = ? and visible_at <= ?",
        *(call.account.uid, call.box.clock.now()),
    )
    return {
        "statuses": [describe(call.box, row) for row in rows],
        "previous_cursor": 0,
        "next_cursor": 0,
        "total_number": total,
    }


@endpoint("statuses/count")
def count(call: Call) -> list:
    found = []
    for status_id in call.numbers("ids", ADDRESSABLE):
        row = visible(call.box, status_id)
        if row is not None:
            counts = counters(call.box, row)
            found.append({"id": row["id"], "idstr": str(row["id"])} | counts)
    return found


@endpoint("statuses/go")
def go(call: Call) -> Redirect:
    row = find(call.box, call.number("id"))
    return Redirect(f"{call.box.public_base}/weibo/{row['uid']}/{mid.encode(row['id'])}")


def new_id(box: Box) -> int:
    return box.store.next_id("weibo_id", FIRST_ID, step=2 * secrets.randbelow(900) + 1_001)


def find(box: Box, status_id: int):
    row = visible(box, status_id)
    if row is None:
        raise WeiboError(20101)
    return row


def visible(box: Box, status_id: int):
    """The post, once readers can see it; else None."""
    return box.store.row(
        "select * from wb_status where id = ? and visible_at <= ?", status_id, box.clock.now()
    )


def posts_of(box: Box, account: WeiboAccount, most: int = 50) -> list:
    return box.store.rows(
        "select * from wb_status where uid = ? and visible_at <= ? order by id desc limit ?",
        *(account.uid, box.clock.now(), most),
    )


def counters(box: Box, row) -> dict[str, int]:
    return {
        "comments": box.store.value(
            "select count(*) from wb_comment where status_id = ? and deleted = 0", row["id"]
        ),
        "reposts": row["reposts"],
        "attitudes": box.store.value("select count(*) from wb_like where status_id = ?", row["id"]),
    }


def describe(box: Box, row) -> dict:
    """The platform's status object."""
    counts = counters(box, row)
    picture = f"{box.public_base}/weibo/pic/{{size}}/{row['picture']}" if row["picture"] else ""
    sizes = {
        name: picture.format(size=size)
        for name, size in (
            ("thumbnail_pic", "thumbnail"), ("bmiddle_pic", "bmiddle"), ("original_pic", "large")
        )
        if picture
    }  # fmt: skip
    return {
        "created_at": stamp(box, row["created_at"]),
        "id": row["id"],
        "mid": str(row["id"]),
        "idstr": str(row["id"]),
        "text": row["text"],
        "source": '<a href="#" rel="nofollow">融媒平台</a>',
        "favorited": False,
        "truncated": False,
        "isLongText": False,
        **sizes,
        "pic_urls": [{"thumbnail_pic": sizes["thumbnail_pic"]}] if sizes else [],
        "pic_num": 1 if sizes else 0,
        "geo": None,
        "user": users.describe(box, row["uid"]),
        "reposts_count": counts["reposts"],
        "comments_count": counts["comments"],
        "attitudes_count": counts["attitudes"],
        "visible": {"type": 0, "list_id": 0},
    }


def stamp(box: Box, at: float) -> str:
    """``Wed Oct 24 23:49:17 +0800 2012``, in English whatever the locale."""
    local = box.clock.local(at)
    day, month = DAYS[local.weekday()], MONTHS[local.month - 1]
    return f"{day} {month} {local:%d %H:%M:%S} +0800 {local.year}"


def _max_id(call: Call) -> int:
    return call.number("max_id", 0) or 2**62
