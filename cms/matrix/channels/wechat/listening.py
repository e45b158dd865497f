"""What readers say on WeChat: comments read, answered, featured, deleted (contract §10, §12)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from ..base import (
    CallerBug,
    ContentRejected,
    Gone,
    Json,
    Outcome,
    Purpose,
    ReplyIn,
    State,
)
from ..http import nested, number, text
from .client import COMMENTS_A_PAGE, WeChatClient, first_reply
from .errors import ALREADY_ANSWERED

ANSWER_LIMIT = 600
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


def answer_send(client: WeChatClient, reply: ReplyIn, words: str) -> Outcome:
    """In public under a comment, or as a message to who wrote one.

    A comment that has the author's answer already (88005: one only) counts as answered, and the
    reason says so. Raises ContentRejected for an empty or too long text.
    """
    if not words.strip() or len(words) > ANSWER_LIMIT:
        raise ContentRejected(
            "length", "", f"回复要有内容，并且不超过 {ANSWER_LIMIT} 个字。", field="text"
        )
    if reply.kind == "message":
        client.send_text(reply.author_key, words)
        return Outcome(State.PUBLISHED, {})
    try:
        client.comment_reply(*comment_ids(reply), words)
    except CallerBug as error:
        if error.code != ALREADY_ANSWERED:
            raise
        return Outcome(State.PUBLISHED, {}, reason=error.human)
    return Outcome(State.PUBLISHED, {})


def answer_stands(client: WeChatClient, reply: ReplyIn, words: str) -> bool | None:
    """Whether our answer is under the comment. None for a message, or a comment not listed."""
    if reply.kind == "message":
        return None
    msg_data_id, comment_id = comment_ids(reply)
    for item in _listed(client, msg_data_id):
        if text(item.get("user_comment_id")) == comment_id:
            return text(first_reply(item).get("content")) == words.strip()
    return None


def _listed(client: WeChatClient, msg_data_id: str) -> Iterator[Json]:
    for page in range(_PAGES_A_CALL):
        listed = client.comments(msg_data_id, page * COMMENTS_A_PAGE, Purpose.REPLY)
        yield from listed
        if len(listed) < COMMENTS_A_PAGE:
            return


def comment_ids(reply: ReplyIn) -> tuple[str, str]:
    """msg_data_id and user_comment_id. Raises CallerBug when these are not numbers."""
    msg_data_id, _, comment_id = reply.external_id.rpartition(":")
    if number(msg_data_id) is None or number(comment_id) is None:
        raise CallerBug("reply", reply.external_id, "这条留言的编号不对，请重新收取留言。")
    return msg_data_id, comment_id
