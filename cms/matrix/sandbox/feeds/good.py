"""A feed as it should be: UTF-8 RSS 2.0, guids, dates, pictures, ETag and Last-Modified."""

import hashlib
import struct
import zlib
from datetime import datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort, render_template, request

from ..box import Box, current_box
from .stories import STORIES, Story


def register(blueprint: Blueprint) -> None:
    blueprint.get("/")(index)
    blueprint.get("/news.xml")(news)
    blueprint.get("/item/<int:number>")(item)
    blueprint.get("/picture/<int:number>.png")(picture)


def published_at(box: Box, story: Story) -> datetime:
    """Recent on any day the feed is read, and the same all day long."""
    midnight = box.clock.local().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(hours=story.hours_ago)


def index() -> str:
    box = current_box()
    items = [(n, story, published_at(box, story)) for n, story in enumerate(STORIES, start=1)]
    return render_template("feeds/index.html", items=items)


def news() -> Response:
    box = current_box()
    newest = max(published_at(box, story) for story in STORIES)
    items = "".join(_item(box, number, story) for number, story in enumerate(STORIES, start=1))
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>'
        f"<title>江州工人报</title><link>{box.public_base}/feeds/</link>"
        "<description>江州工会新闻</description><language>zh-cn</language>"
        f"<lastBuildDate>{format_datetime(newest)}</lastBuildDate>{items}</channel>\n</rss>\n"
    ).encode()
    response = Response(body, content_type="application/rss+xml; charset=utf-8")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.last_modified = newest
    response.cache_control.max_age = 300
    return response.make_conditional(request)


def _item(box: Box, number: int, story: Story) -> str:
    link = f"{box.public_base}/feeds/item/{number}"
    picture_url = f"{box.public_base}/feeds/picture/{number}.png"
    content = f'<p><img src="{picture_url}" alt=""></p>' + "".join(
        f"<p>{escape(paragraph)}</p>" for paragraph in story.paragraphs
    )
    return (
        f"\n<item><title>{escape(story.title)}</title><link>{link}</link>"
        f'<guid isPermaLink="false">jiangzhou-news-{number}</guid>'
        f"<pubDate>{format_datetime(published_at(box, story))}</pubDate>"
        f"<dc:creator>{story.author}</dc:creator><category>{story.category}</category>"
        f"<description>{escape(story.summary)}</description>"
        f"<content:encoded>{escape(content)}</content:encoded>"
        f'<enclosure url="{picture_url}" length="{len(_png(number))}" type="image/png"/></item>'
    )


def item(number: int) -> str:
    if not 1 <= number <= len(STORIES):
        abort(404)
    story = STORIES[number - 1]
    when = published_at(current_box(), story)
    return render_template("feeds/item.html", story=story, number=number, published_at=when)


def picture(number: int) -> Response:
    if not 1 <= number <= len(STORIES):
        abort(404)
    return Response(_png(number), content_type="image/png")


def _png(number: int) -> bytes:
    """A calm two-tone landscape, different for each story; drawn here to carry no binary files."""
    width, height = 640, 360
    warm = (196 - number * 9, 82 + number * 11, 58 + number * 7)
    rows = []
    for y in range(height):
        light = 1 - y / height * 0.55
        sky = bytes(min(255, int(c * light + 60 * (1 - light) + 24)) for c in warm)
        ground = bytes(int(c * 0.45) for c in warm)
        left = max(0, min(width, int((y - height * 0.62) * (4 + number % 4))))
        rows.append(b"\x00" + ground * left + sky * (width - left))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"".join(rows), 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + checksum
