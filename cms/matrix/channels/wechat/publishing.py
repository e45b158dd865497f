"""发布: from the draft box to a public article, by freepublish or by a person (contract §7).

`external` keys: media_id, title, content_source_url, drafted_at; then publish_id, article_id,
msg_data_id, published_on (Beijing day), url. For publishing by hand also `manual` (Chinese: what a
person has to do) and `draft_gone`; a refusal that led to it leaves `code` and `rid`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ..base import (
    ChannelError,
    ContentRejected,
    Gone,
    Json,
    NeedsConsole,
    Outcome,
    OutcomeUnknown,
    Payload,
    PermissionMissing,
    Receipt,
    State,
)
from ..http import address, nested, number, objects, required, text
from .client import WeChatClient
from .drafting import draft_exists
from .errors import BEIJING, MEDIA_UNKNOWN, NO_INTERFACE
from .states import mid_of, publish_outcome, settled

DELETE_BY_HAND = "请登录公众号后台，删除这篇文章。"
_BY_HAND = "该账号没有发布接口权限，草稿已送到草稿箱。请在公众号后台手动发表。"
LEFT_BOX = "草稿已不在草稿箱，但没有查到发布记录。请到公众号后台核对：已发表就补上链接，不要再发。"
_STILL_PUBLISHING = "微信还在发布这篇文章，请等发布完成后再撤回。"
_NEWEST = 20


def external_of(payload: Payload, progress: Json) -> dict[str, Any]:
    """What is known of a prepared draft."""
    return {
        "media_id": progress["media_id"],
        "title": payload.fields["title"],
        "content_source_url": payload.fields["content_source_url"],
        "drafted_at": progress.get("drafted_at", 0),
    }


def publish(client: WeChatClient, external: dict[str, Any]) -> Receipt | Outcome:
    """Queue the draft. MANUAL when the account or this draft may not go out by interface."""
    try:
        answer = client.submit(external["media_id"])
    except (PermissionMissing, NeedsConsole, ContentRejected) as error:
        return refused(error, external, without=_BY_HAND)
    external["publish_id"] = required(answer, "publish_id", effect=True)
    if number(answer.get("msg_data_id")):
        external["msg_data_id"] = text(answer.get("msg_data_id"))
    return Receipt(external)


def refused(error: ChannelError, external: Json, *, without: str) -> Outcome:
    """MANUAL, with the draft's ids kept, where a person can still do it; raises otherwise.

    `without` is said when the account lacks the interface (48001). Raises OutcomeUnknown when the
    draft has left the box (40007): by whom is to be found out.
    """
    if error.code == NO_INTERFACE:
        return Outcome(State.MANUAL, {**external, "manual": without}, reason=without)
    if isinstance(error, NeedsConsole):
        told = {"manual": error.human, "code": error.code, "rid": error.rid}
        return Outcome(State.MANUAL, {**external, **told}, reason=error.human)
    if error.code == MEDIA_UNKNOWN:
        raise OutcomeUnknown(
            error.code, error.message, "草稿已不在草稿箱，系统正在核对是否已经发布。", error.rid
        ) from error
    raise error


def look(client: WeChatClient, external: Json) -> Outcome:
    """What became of it: by publish_id; without one by its article; else by looking for it."""
    if publish_id := text(external.get("publish_id")):
        return _settled(client, publish_outcome(client.publish_get(publish_id), external))
    if article_id := text(external.get("article_id")):
        return _look_at(client, article_id, external)
    return look_for(client, external)


def look_for(client: WeChatClient, external: Json) -> Outcome:
    """Still in the draft box: not published. Gone from it: look among the published."""
    manual = text(external.get("manual"))
    if draft_exists(client, text(external.get("media_id"))):
        if manual:
            return Outcome(State.MANUAL, {**external, "draft_gone": False}, reason=manual)
        return Outcome(State.NOT_FOUND, external)
    try:
        known = _published(client, external)
    except PermissionMissing as error:
        manual, known = manual or error.human, None
    if known is not None:
        return _settled(client, Outcome(State.PUBLISHED, known, text(known.get("url"))))
    return left_box({**external, "manual": manual} if manual else external)


def left_box(external: Json) -> Outcome:
    """The draft is gone and no record is found: wait for it to be listed, or ask a person."""
    if external.get("manual"):
        return Outcome(State.MANUAL, {**external, "draft_gone": True}, reason=LEFT_BOX)
    return Outcome(State.WAITING, external, reason=LEFT_BOX)


def withdraw(client: WeChatClient, external: Json) -> Outcome:
    """Delete the article, or the draft that waits to be published by hand. Irreversible."""
    if not external.get("article_id"):
        now = look(client, external)
        if now.state is State.WAITING:
            return Outcome(State.WAITING, now.external, reason=_STILL_PUBLISHING)
        if now.state in (State.NOT_FOUND, State.MANUAL):
            return withdraw_draft(client, now.external)
        if now.state is not State.PUBLISHED:
            return Outcome(State.WITHDRAWN, now.external)
        external = now.external
    try:
        client.publish_delete(text(external.get("article_id")))
    except Gone:
        return Outcome(State.WITHDRAWN, external)
    except PermissionMissing:
        return Outcome(State.MANUAL, external, text(external.get("url")), DELETE_BY_HAND)
    return Outcome(State.WITHDRAWN, external)


def withdraw_draft(client: WeChatClient, external: Json) -> Outcome:
    """Delete what waits in the draft box; what has left it a person must delete."""
    if external.get("draft_gone"):
        return Outcome(State.MANUAL, external, text(external.get("url")), DELETE_BY_HAND)
    client.draft_delete(text(external.get("media_id")))
    return Outcome(State.WITHDRAWN, external)


def _look_at(client: WeChatClient, article_id: str, external: Json) -> Outcome:
    try:
        article = client.article(article_id)
    except Gone as error:
        return Outcome(State.WITHDRAWN, external, reason=error.human)
    url = text(external.get("url"))
    if article.get("is_deleted") is True:
        return Outcome(State.WITHDRAWN, external, url, "文章已在公众号里删除。")
    return settled(Outcome(State.PUBLISHED, external, url), _today())


def _published(client: WeChatClient, external: Json) -> Json | None:
    """`external` plus the ids of the newest published article that is this draft."""
    drafted_at = number(external.get("drafted_at")) or 0
    for item in client.published(_NEWEST):
        changed = number(item.get("update_time"))
        if changed is not None and changed < drafted_at:
            continue
        for article in objects(nested(item.get("content")).get("news_item")):
            if _same(article, external) and article.get("is_deleted") is not True:
                url = address(article.get("url"))
                known = {**external, "article_id": text(item.get("article_id")), "url": url}
                return {**known, "msg_data_id": mid} if (mid := mid_of(url)) else known
    return None


def _same(article: Mapping[str, Any], external: Json) -> bool:
    """Same title, and same source address where the platform tells it."""
    source = text(article.get("content_source_url"))
    return text(article.get("title")) == external.get("title") and source in (
        "",
        external.get("content_source_url"),
    )


def _settled(client: WeChatClient, outcome: Outcome) -> Outcome:
    """Ask the article itself for its long address when nothing told the msg_data_id yet."""
    if outcome.state is State.PUBLISHED and not outcome.external.get("msg_data_id"):
        try:
            article = client.article(required(outcome.external, "article_id"))
        except ChannelError:
            article = {}
        if mid := mid_of(text(article.get("url"))):
            external = {**outcome.external, "msg_data_id": mid}
            outcome = Outcome(outcome.state, external, outcome.url, outcome.reason)
    return settled(outcome, _today())


def _today() -> date:
    return datetime.now(BEIJING).date()
