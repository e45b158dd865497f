"""Pictures: uploadimg for article bodies, permanent material for covers (contract §4)."""

import secrets

from flask import Response
from werkzeug.datastructures import FileStorage

from ..box import Box
from ..pictures import picture_type
from .endpoints import OK, Call, endpoint
from .errors import WeChatError

KB, MB = 1024, 1024 * 1024
PERMANENT = {
    "image": (10 * MB, {"image/jpeg", "image/png", "image/gif", "image/bmp"}),
    "thumb": (64 * KB, {"image/jpeg"}),
}


@endpoint("/cgi-bin/media/uploadimg", body="files")
def uploadimg(call: Call) -> dict:
    media = uploaded(call)
    content = media.read()
    content_type = picture_type(content)
    if content_type not in {"image/jpeg", "image/png"}:
        raise WeChatError(40005)
    if len(content) >= MB:
        raise WeChatError(40009)
    name = keep(call, content, content_type)
    return {"url": picture_url(call.box, name)} | OK


@endpoint("/cgi-bin/material/add_material", body="files")
def add_material(call: Call) -> dict:
    kind = call.args.get("type") or call.form.get("type", "")
    if kind not in PERMANENT:
        raise WeChatError(40004)
    media = uploaded(call)
    content = media.read()
    largest, types = PERMANENT[kind]
    content_type = picture_type(content)
    if content_type not in types:
        raise WeChatError(40005)
    if len(content) > largest:
        raise WeChatError(40009)
    name = keep(call, content, content_type)
    media_id = secrets.token_urlsafe(48)
    call.box.store.execute(
        "insert into wx_material (media_id, app_id, type, name, image, updated_at)"
        " values (?, ?, ?, ?, ?, ?)",
        *(media_id, call.account.app_id, kind, media.filename, name, call.box.clock.now()),
    )
    return {"media_id": media_id, "url": picture_url(call.box, name), "item": []}


@endpoint("/cgi-bin/material/get_materialcount", method="GET", body="none")
def get_materialcount(call: Call) -> dict:
    images = call.box.store.value(
        "select count(*) from wx_material where app_id = ? and type = 'image'", call.account.app_id
    )
    return {"voice_count": 0, "video_count": 0, "image_count": images, "news_count": 0}


@endpoint("/cgi-bin/material/batchget_material")
def batchget_material(call: Call) -> dict:
    count = call.number("count")
    if not 1 <= count <= 20:
        raise WeChatError(40007)
    mine = (call.text("type"), call.account.app_id)
    rows = call.box.store.rows(
        "select * from wx_material where type = ? and app_id = ?"
        " order by updated_at desc limit ? offset ?",
        *(*mine, count, call.number("offset", 0)),
    )
    total = call.box.store.value(
        "select count(*) from wx_material where type = ? and app_id = ?", *mine
    )
    items = [
        {
            "media_id": row["media_id"],
            "name": row["name"],
            "update_time": int(row["updated_at"]),
            "url": picture_url(call.box, row["image"]),
        }
        for row in rows
    ]
    return {"total_count": total, "item_count": len(items), "item": items}


@endpoint("/cgi-bin/material/del_material")
def del_material(call: Call) -> dict:
    deleted = call.box.store.execute(
        "delete from wx_material where media_id = ? and app_id = ?",
        *(call.text("media_id"), call.account.app_id),
    )
    if not deleted.rowcount:
        raise WeChatError(40007)
    return OK


@endpoint("/cgi-bin/material/get_material")
def get_material(call: Call) -> Response:
    """The picture itself: only news and video are answered as JSON, and those are not kept here."""
    row = call.box.store.row(
        "select m.image, i.content_type from wx_material m join wx_image i on i.name = m.image"
        " where m.media_id = ? and m.app_id = ?",
        *(call.text("media_id"), call.account.app_id),
    )
    if row is None:
        raise WeChatError(40007)
    content = (call.box.media / row["image"]).read_bytes()
    return Response(content, content_type=row["content_type"])


def cover_url(box: Box, app_id: str, media_id) -> str | None:
    """Where the account's own permanent picture is served; None for a foreign or unknown id."""
    image = box.store.value(
        "select image from wx_material where media_id = ? and app_id = ?", str(media_id), app_id
    )
    return None if image is None else picture_url(box, image)


def picture_url(box: Box, name: str) -> str:
    return f"{box.public_base}/mmbiz/{name}/0"


def uploaded(call: Call) -> FileStorage:
    media = call.files.get("media")
    if media is None or not media.filename:
        raise WeChatError(41005)
    return media


def keep(call: Call, content: bytes, content_type: str) -> str:
    name = call.box.save_file(content)
    call.box.store.execute(
        "insert into wx_image (name, app_id, content_type) values (?, ?, ?)",
        *(name, call.account.app_id, content_type),
    )
    return name
