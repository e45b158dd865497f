"""Temporary media: pictures for messages, kept three days (contract §4)."""

import secrets

from ..accounts import WeChatAccount
from ..box import Box
from ..pictures import picture_type
from . import material
from .endpoints import Call, endpoint
from .errors import WeChatError

KEPT = 3 * 86400


@endpoint("/cgi-bin/media/upload", body="files")
def upload(call: Call) -> dict:
    """Pictures only: nothing here sends voice or video."""
    if call.args.get("type") != "image":
        raise WeChatError(40004)
    content = material.uploaded(call).read()
    content_type = picture_type(content)
    if content_type not in {"image/jpeg", "image/png", "image/gif", "image/bmp"}:
        raise WeChatError(40005)
    if len(content) > call.account.temporary_image_mb * material.MB:
        raise WeChatError(40009)
    now = call.box.clock.now()
    media_id = secrets.token_urlsafe(48)
    call.box.store.execute(
        "insert into wx_temporary (media_id, app_id, image, created_at) values (?, ?, ?, ?)",
        *(media_id, call.account.app_id, material.keep(call, content, content_type), now),
    )
    return {"type": "image", "media_id": media_id, "created_at": int(now)}


def find(box: Box, account: WeChatAccount, media_id) -> str:
    """Where the account's own picture, temporary or permanent, is served; else 40007."""
    image = box.store.value(
        "select image from wx_temporary where media_id = ? and app_id = ? and created_at > ?",
        *(str(media_id), account.app_id, box.clock.now() - KEPT),
    )
    url = material.picture_url(box, image) if image else None
    url = url or material.cover_url(box, account.app_id, media_id)
    if url is None:
        raise WeChatError(40007)
    return url
