"""Comments on all of the account's statuses, and our answers to them (contract §16)."""

from collections.abc import Mapping, Sequence

from ..base import ContentRejected, Json, Outcome, ReplyIn, State
from ..http import nested, number, text
from .client import COMMENTS_A_PAGE, WeiboClient, posted_at
from .posting import author_id, status_id
from .render import STATUS_LIMIT, weibo_length

_PAGES_A_CALL = 4
_NO_MESSAGES = "微博私信不能由程序回复。请登录微博手动回复。"


def comments_read(
    client: WeiboClient, own_uid: str, targets: Sequence[Json], cursor: Json
) -> tuple[list[ReplyIn], Json]:
    """New comments under all statuses of the account, one call for all of them.

    A comment on a status outside `targets` comes with the target {"mid": …}. Cursor: since_id
    (read up to here); while a long list is unfinished also max_id (go on here) and newest.
    """
    since_id = text(cursor.get("since_id")) or "0"
    max_id = text(cursor.get("max_id")) or "0"
    newest = text(cursor.get("newest")) or since_id
    known = {text(target.get("mid")): target for target in targets}
    found: list[ReplyIn] = []
    for _page in range(_PAGES_A_CALL):
        listed = client.comments_to_me(since_id, max_id)
        found += [reply for item in listed if (reply := _reply(item, known, own_uid))]
        ids = [value for item in listed if (value := number(status_id(item)))]
        newest = str(max([int(newest), *ids]))
        if len(listed) < COMMENTS_A_PAGE or not ids:
            return found, {"since_id": newest}
        max_id = str(min(ids) - 1)
    return found, {"since_id": since_id, "max_id": max_id, "newest": newest}


def answer_send(client: WeiboClient, reply: ReplyIn, words: str) -> Outcome:
    """A public reply, 140 Chinese characters at most. MANUAL for a message."""
    if reply.kind == "message":
        return Outcome(State.MANUAL, {}, reason=_NO_MESSAGES)
    if not words.strip() or weibo_length(words) > STATUS_LIMIT:
        raise ContentRejected("length", "", "回复要有内容，并且不超过 140 个汉字。", field="text")
    comment = client.reply(reply.external_id, text(reply.target.get("mid")), words)
    return Outcome(State.PUBLISHED, {"comment_id": status_id(comment)})


def answer_stands(client: WeiboClient, own_uid: str, reply: ReplyIn, words: str) -> bool | None:
    """Whether our answer is under the status. None when a long list hides the view.

    The platform puts "回复@name:" before an answer and tells which comment it answers.
    """
    listed = client.comments_of(text(reply.target.get("mid")))
    for item in listed:
        answered = status_id(nested(item.get("reply_comment")))
        ours = author_id(item) == own_uid and answered in ("", reply.external_id)
        if ours and text(item.get("text")).endswith(words.strip()):
            return True
    times = [when for item in listed if (when := posted_at(item.get("created_at")))]
    whole = len(listed) < COMMENTS_A_PAGE or (bool(times) and min(times) < reply.posted_at)
    return False if whole else None


def _reply(item: Json, known: Mapping[str, Json], own_uid: str) -> ReplyIn | None:
    author, moment = author_id(item), posted_at(item.get("created_at"))
    if not status_id(item) or moment is None or (author and author == own_uid):
        return None
    mid = status_id(nested(item.get("status")))
    return ReplyIn(
        external_id=status_id(item),
        author_key=author,
        author_name=text(nested(item.get("user")).get("screen_name")),
        text=text(item.get("text")),
        posted_at=moment,
        kind="comment",
        target=known.get(mid, {"mid": mid}),
        parent_external_id=status_id(nested(item.get("reply_comment"))),
    )
