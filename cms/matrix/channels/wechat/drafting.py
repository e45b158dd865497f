"""Getting an article into the draft box: pictures, cover, draft, and a look at what was kept.

`progress` keys: pictures {key: address}, cover_key, cover_media_id, cover_digest, cover_at
(seconds, when we uploaded it), media_id, draft_hash, drafted_at (platform seconds), differences
[Chinese], comments_closed.
"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from ..base import (
    CallerBug,
    ChannelError,
    ContentRejected,
    Gone,
    Json,
    Payload,
    PermissionMissing,
    Picture,
    Save,
    Transient,
    Uploads,
)
from ..http import number, objects, text
from ..pictures import Upload, picture_fit, picture_refused
from .acceptance import differences
from .addresses import picture_src
from .client import WeChatClient
from .errors import MEDIA_UNKNOWN

_BODY_BYTES = 1_000_000
_COVER_BYTES = 10_000_000
_REPLICATION_SECONDS = 60
_PAUSE = 3
_CLOCK_SKEW = 300
_NO_COMMENTS = "88000"


@dataclass
class Drafting:
    """One article on its way into the box. What earlier runs did is not done again."""

    client: WeChatClient
    uploads: Uploads
    pictures: Mapping[str, Picture]
    done: dict[str, Any]
    save: Save

    def write(self, payload: Payload, *, may_add: bool) -> dict[str, Any]:
        """The draft box holds `payload` afterwards; returns the full progress.

        Raises Transient while the platform has not yet spread a fresh cover, ContentRejected for
        a bad picture, Gone when there is no draft and `may_add` is False, and the client's errors.
        """
        self._upload_pictures(payload)
        self._upload_cover(payload.fields["cover"])
        if not (self.done.get("media_id") and self.done.get("draft_hash") == payload.content_hash):
            article = _article(payload, self.done)
            self._write(article, may_add)
            self.done["draft_hash"] = payload.content_hash
            # Until the platform tells its own time: clocks differ.
            self.done["drafted_at"] = int(time.time()) - _CLOCK_SKEW
            self.save(self.done)
            self._look(article["content"])
            self.save(self.done)
        return self.done

    # --- pictures -----------------------------------------------------------------------------

    def _upload_pictures(self, payload: Payload) -> None:
        for place, key in enumerate(payload.fields["pictures"], start=1):
            if key in self.done["pictures"]:
                continue
            which = f"正文第 {place} 张图片"
            upload = self._fit(key, ("JPEG", "PNG"), _BODY_BYTES, "pictures", which)
            held = self.uploads.get(upload.digest, "body")
            if not held:
                held = self._send(self.client.uploadimg, upload, key, "pictures", which)
                self.uploads.put(upload.digest, "body", held)
            self.done["pictures"][key] = held
            self.save(self.done)

    def _upload_cover(self, key: str) -> None:
        if self.done.get("cover_media_id") and self.done.get("cover_key") == key:
            return
        upload = self._fit(key, ("JPEG", "PNG", "GIF"), _COVER_BYTES, "cover", "封面图")
        held, fresh = self.uploads.get(upload.digest, "cover"), 0
        if not held:
            held = self._send(self.client.add_material, upload, key, "cover", "封面图")
            self.uploads.put(upload.digest, "cover", held)
            fresh = int(time.time())
        self.done |= {
            "cover_media_id": held,
            "cover_key": key,
            "cover_digest": upload.digest,
            "cover_at": fresh,
        }
        self.save(self.done)

    def _fit(
        self, key: str, formats: Collection[str], max_bytes: int, field: str, which: str
    ) -> Upload:
        picture = self._picture(key)
        return picture_fit(picture, formats=formats, max_bytes=max_bytes, field=field, which=which)

    def _send(
        self, call: Callable[[Upload], str], upload: Upload, key: str, field: str, which: str
    ) -> str:
        try:
            return call(upload)
        except ContentRejected as error:
            picture = self._picture(key)
            raise picture_refused(error, picture, which=which, field=field) from error

    def _picture(self, key: str) -> Picture:
        if key not in self.pictures:
            raise CallerBug(
                "picture", key, "稿件里的一张图片在图片库里找不到了。请在稿件里换一张，再重新发起。"
            )
        return self.pictures[key]

    # --- the draft ----------------------------------------------------------------------------

    def _write(self, article: dict[str, Any], may_add: bool) -> None:
        """Add or update the draft; without comments where the account has none (88000)."""
        try:
            self._add_or_update(article, may_add)
        except PermissionMissing as error:
            if error.code != _NO_COMMENTS or not article["need_open_comment"]:
                raise
            self.done["comments_closed"] = True
            article["need_open_comment"] = 0
            self._add_or_update(article, may_add)

    def _add_or_update(self, article: Json, may_add: bool) -> None:
        try:
            if self.done.get("media_id") and draft_exists(self.client, self.done["media_id"]):
                self.client.draft_update(self.done["media_id"], article)
                return
            if not may_add:
                raise Gone("draft", "not in the box", "草稿已不在公众号的草稿箱里。")
            self.done["media_id"] = self.client.draft_add(article)
        except ContentRejected as error:
            if error.code == MEDIA_UNKNOWN:
                raise self._cover_unknown(error) from error
            raise

    def _cover_unknown(self, error: ChannelError) -> Transient:
        """A fresh cover needs seconds to spread (§4); an old one was deleted: upload it anew."""
        if time.time() - self.done.get("cover_at", 0) > _REPLICATION_SECONDS:
            self.uploads.drop(self.done.get("cover_digest", ""), "cover")
            del self.done["cover_media_id"]
            self.save(self.done)
        return Transient(
            error.code, error.message, "封面图还没有同步好，系统几秒后自动再试。", error.rid, _PAUSE
        )

    def _look(self, sent: str) -> None:
        """Compare the stored draft with what was sent; a failed look is a remark, no failure."""
        try:
            stored = self.client.draft_get(self.done["media_id"])
        except ChannelError as error:
            self.done["differences"] = [f"没能读回草稿核对：{error.human}"]
            return
        items = objects(stored.get("news_item"))
        self.done["differences"] = differences(sent, text(items[0].get("content")) if items else "")
        if told := number(stored.get("update_time")) or number(stored.get("create_time")):
            self.done["drafted_at"] = told
        if self.done.get("comments_closed"):
            self.done["differences"].append("该账号没有留言功能，文章不开放留言")


def draft_prepare(
    client: WeChatClient,
    uploads: Uploads,
    payload: Payload,
    pictures: Mapping[str, Picture],
    progress: Json,
    save: Save,
    *,
    may_add: bool = True,
) -> dict[str, Any]:
    """The draft box holds `payload` afterwards (`Drafting.write`). `progress` is not changed."""
    done = {**progress, "pictures": dict(progress.get("pictures", {}))}
    return Drafting(client, uploads, pictures, done, save).write(payload, may_add=may_add)


def draft_exists(client: WeChatClient, media_id: str) -> bool:
    """Whether the draft is still in the box; it leaves when published, sent or deleted."""
    try:
        client.draft_get(media_id)
    except ContentRejected as error:
        if error.code == MEDIA_UNKNOWN:
            return False
        raise
    return True


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
