"""Getting an article into the draft box: pictures, cover, draft, and a look at what was kept.

`progress` keys: pictures {key: address}, cover_key, cover_media_id, cover_at (seconds), media_id,
draft_hash, drafted_at (platform seconds), differences [Chinese], comments_closed.
"""

import time
from collections.abc import Mapping
from html import escape
from typing import Any

from ..base import (
    CallerBug,
    ChannelError,
    ContentRejected,
    Json,
    Payload,
    PermissionMissing,
    Picture,
    Save,
    Transient,
)
from ..http import number, objects, text
from ..pictures import picture_fit
from .acceptance import differences
from .client import WeChatClient
from .render import picture_src

_BODY_BYTES = 1_000_000
_COVER_BYTES = 10_000_000
_REPLICATION_SECONDS = 60
_PAUSE = 3


def draft_prepare(
    client: WeChatClient,
    payload: Payload,
    pictures: Mapping[str, Picture],
    progress: Json,
    save: Save,
) -> dict[str, Any]:
    """The draft box holds `payload` afterwards; what earlier runs did is not done again.

    Raises Transient while the platform has not yet spread a fresh cover, ContentRejected for an
    unreadable picture, and the errors of the client.
    """
    done = {**progress, "pictures": dict(progress.get("pictures", {}))}
    for key in payload.fields["pictures"]:
        if key not in done["pictures"]:
            upload = picture_fit(
                _picture(pictures, key),
                formats=("JPEG", "PNG"),
                max_bytes=_BODY_BYTES,
                field="pictures",
            )
            done["pictures"][key] = client.uploadimg(upload)
            save(done)
    _upload_cover(client, payload.fields["cover"], pictures, done, save)
    if not (done.get("media_id") and done.get("draft_hash") == payload.content_hash):
        article = _article(payload, done)
        _write(client, article, done, save)
        done["draft_hash"] = payload.content_hash
        save(done)
        _look(client, article["content"], done)
        save(done)
    return done


def draft_exists(client: WeChatClient, media_id: str) -> bool:
    """Whether the draft is still in the box; it leaves when published, sent or deleted."""
    try:
        client.draft_get(media_id)
    except ContentRejected as error:
        if error.code == "40007":
            return False
        raise
    return True


def _picture(pictures: Mapping[str, Picture], key: str) -> Picture:
    if key not in pictures:
        raise CallerBug("picture", key, "稿件里的一张图片没有随分发一起提供，请重新发起分发。")
    return pictures[key]


def _upload_cover(
    client: WeChatClient,
    key: str,
    pictures: Mapping[str, Picture],
    done: dict[str, Any],
    save: Save,
) -> None:
    if done.get("cover_media_id") and done.get("cover_key") == key:
        return
    upload = picture_fit(
        _picture(pictures, key),
        formats=("JPEG", "PNG", "GIF"),
        max_bytes=_COVER_BYTES,
        field="cover",
    )
    done["cover_media_id"] = client.add_material(upload)
    done["cover_key"] = key
    done["cover_at"] = int(time.time())
    save(done)


def _article(payload: Payload, done: Json) -> dict[str, Any]:
    fields = payload.fields
    content = fields["content"]
    for key, address in done["pictures"].items():
        content = content.replace(f'src="{picture_src(key)}"', f'src="{escape(address)}"')
    return {
        "article_type": "news",
        "title": fields["title"],
        "author": fields["author"],
        "digest": fields["digest"],
        "content": content,
        "content_source_url": fields["content_source_url"],
        "thumb_media_id": done["cover_media_id"],
        "need_open_comment": 0 if done.get("comments_closed") else 1,
        "only_fans_can_comment": 0,
    }


def _write(client: WeChatClient, article: dict[str, Any], done: dict[str, Any], save: Save) -> None:
    """Add or update the draft; without comments where the account has none (88000)."""
    try:
        _add_or_update(client, article, done, save)
    except PermissionMissing as error:
        if error.code != "88000" or not article["need_open_comment"]:
            raise
        done["comments_closed"] = True
        article["need_open_comment"] = 0
        _add_or_update(client, article, done, save)


def _add_or_update(client: WeChatClient, article: Json, done: dict[str, Any], save: Save) -> None:
    try:
        if done.get("media_id") and draft_exists(client, done["media_id"]):
            client.draft_update(done["media_id"], article)
            return
        done["media_id"] = client.draft_add(article)
        save(done)
    except ContentRejected as error:
        if error.code == "40007":
            raise _cover_unknown(error, done, save) from error
        raise


def _cover_unknown(error: ChannelError, done: dict[str, Any], save: Save) -> Transient:
    """A fresh cover needs seconds to spread (§4); an old one was deleted: upload it anew."""
    if time.time() - done.get("cover_at", 0) > _REPLICATION_SECONDS:
        del done["cover_media_id"]
        save(done)
    return Transient(
        error.code, error.message, "封面图还没有同步好，系统几秒后自动再试。", error.rid, _PAUSE
    )


def _look(client: WeChatClient, sent: str, done: dict[str, Any]) -> None:
    """Compare the stored draft with what was sent; a failed look is a remark, not a failure."""
    try:
        stored = client.draft_get(done["media_id"])
    except ChannelError as error:
        done["differences"] = [f"没能读回草稿核对：{error.human}"]
        return
    items = objects(stored.get("news_item"))
    done["differences"] = differences(sent, text(items[0].get("content")) if items else "")
    done["drafted_at"] = number(stored.get("update_time")) or number(stored.get("create_time")) or 0
    if done.get("comments_closed"):
        done["differences"].append("该账号没有留言功能，文章不开放留言")
