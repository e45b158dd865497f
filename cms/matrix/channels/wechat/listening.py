"""What comes back from WeChat: comments (contract §10) and statistics (§11)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ..base import CallerBug, Figures, Gone, Json, ReplyIn, Transient
from ..http import nested, number, objects, text
from .client import COMMENTS_A_PAGE, WeChatClient, first_reply

_PAGES_A_CALL = 20


def comments_read(
    client: WeChatClient, targets: Sequence[Json], cursor: Json
) -> tuple[list[ReplyIn], Json]:
    """All comments on the targets, and where to go on.

    The platform does not document an order, so every call reads from the start. An article with
    more than _PAGES_A_CALL pages is continued by the next call: cursor["begin"] = {msg_data_id:
    offset}. cursor["gone"] lists the articles the platform no longer knows.
    """
    found: list[ReplyIn] = []
    begins: dict[str, int] = {}
    gone: list[str] = []
    for target in targets:
        msg_data_id = text(target.get("msg_data_id"))
        if number(msg_data_id) is None:
            continue
        begin = number(nested(cursor.get("begin")).get(msg_data_id)) or 0
        try:
            replies, resume = _comments_of(client, target, msg_data_id, begin)
        except Gone:
            gone.append(msg_data_id)
            continue
        found += replies
        if resume:
            begins[msg_data_id] = resume
    return found, {"begin": begins, "gone": gone}


def _comments_of(
    client: WeChatClient, target: Json, msg_data_id: str, begin: int
) -> tuple[list[ReplyIn], int]:
    """Comments from `begin` on, and the offset to resume at (0: the end was reached)."""
    found: list[ReplyIn] = []
    for page in range(_PAGES_A_CALL):
        listed = client.comments(msg_data_id, begin + page * COMMENTS_A_PAGE)
        found += [reply for item in listed if (reply := _reply(item, target, msg_data_id))]
        if len(listed) < COMMENTS_A_PAGE:
            return found, 0
    return found, begin + _PAGES_A_CALL * COMMENTS_A_PAGE


def _reply(item: Json, target: Json, msg_data_id: str) -> ReplyIn | None:
    comment_id, posted_at = text(item.get("user_comment_id")), moment(item.get("create_time"))
    if not comment_id or posted_at is None:
        return None
    return ReplyIn(
        external_id=f"{msg_data_id}:{comment_id}",
        author_key=text(item.get("openid")),
        author_name="",
        text=text(item.get("content")),
        posted_at=posted_at,
        kind="comment",
        target=target,
        extra={
            "elected": item.get("comment_type") == 1,
            "our_answer": text(first_reply(item).get("content")),
        },
    )


def moment(seconds: Any) -> datetime | None:
    """An aware datetime from seconds since the epoch; None for anything unreadable."""
    value = number(seconds)
    try:
        return None if value is None else datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def article_figures(client: WeChatClient, targets: Sequence[Json], day: date) -> list[Figures]:
    """Cumulative counters up to `day`, one call per publishing day.

    The platform counts up to yesterday. Raises Transient when it is ready with nothing yet.
    """
    reports: dict[date, tuple[list[dict[str, Any]], bool]] = {}
    found: list[Figures] = []
    not_ready: Transient | None = None
    for target in targets:
        msgid = f"{text(target.get('msg_data_id'))}_1"
        for published_on in _days(target, day):
            if published_on not in reports:
                reports[published_on], early = _report(client, published_on)
                not_ready = not_ready or early
            rows, delayed = reports[published_on]
            row = next((row for row in rows if text(row.get("msgid")) == msgid), None)
            if row is not None:
                found += _figures(row, target, day, delayed)
                break
    if not_ready and not found:
        raise not_ready
    return found


def _report(
    client: WeChatClient, published_on: date
) -> tuple[tuple[list[dict[str, Any]], bool], Transient | None]:
    """Rows of one publishing day; empty for a day not counted yet (61503) or not over (61501)."""
    on = published_on.isoformat()
    try:
        return client.datacube("getarticletotaldetail", on, on), None
    except Transient as error:
        if error.code != "61503":
            raise
        return ([], True), error
    except CallerBug as error:
        if error.code != "61501":
            raise
        return ([], True), None


def _days(target: Json, day: date) -> Iterator[date]:
    """The day it was published; the day before too, as we may have learnt it after midnight."""
    published_on = _date(target.get("published_on"))
    if published_on is not None:
        if published_on <= day:
            yield published_on
        yield published_on - timedelta(days=1)


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        return None


def _figures(row: Json, target: Json, day: date, delayed: bool) -> Iterator[Figures]:
    stands = [
        (on, stand)
        for stand in objects(row.get("detail_list"))
        if (on := _date(stand.get("stat_date"))) is not None and on <= day
    ]
    if stands:
        on, stand = max(stands, key=lambda pair: pair[0])
        yield Figures(
            target=target,
            reads=number(stand.get("read_user")),
            likes=number(stand.get("like_user")),
            shares=number(stand.get("share_user")),
            comments=number(stand.get("comment_count")),
            as_of=on,
            delayed=delayed,
            extra={
                "recommends": number(stand.get("zaikan_user")),
                "favourites": number(stand.get("collection_user")),
            },
        )
