"""A fetched body to a Feed of clean items."""

import html
import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import feedparser

from .clean import Cleaned, clean, http_url, plain_text, strip_tags
from .dates import Precision, parse_date
from .decode import decode, strip_controls
from .errors import FeedError
from .fetch import Fetched
from .keys import item_key
from .repair import refuse_entities, refuse_floods, repair_ampersands

logger = logging.getLogger(__name__)

Entry = dict[str, Any]

MAX_ITEMS = 200
MAX_TITLE = 200
MAX_NAME = 100
MAX_GUID = 2000
MAX_TAGS = 20
MAX_TAG = 50
TITLE_FROM_TEXT = 30
DATE_FIELDS = ("published", "created", "updated")

SOME_TAG = re.compile(r"<[a-zA-Z/!]")
ALTERNATE = re.compile(r"<link\b[^<>]{0,500}>", re.IGNORECASE)
FEED_TYPE = re.compile(r"application/(?:rss|atom)\+xml", re.IGNORECASE)
HREF = re.compile(r"href\s*=\s*[\"']?([^\"'\s<>]{1,500})", re.IGNORECASE)


@dataclass(frozen=True)
class Item:
    """One entry. Texts are "" when the feed does not tell; HTML is cleaned (clean.clean).

    `content_html` is the fullest text; `summary_html` is "" unless it is another, shorter one.
    """

    key: str
    guid: str
    link: str
    title: str
    summary_html: str
    content_html: str
    author: str
    source_name: str
    published_at: datetime | None
    date_precision: Precision
    pictures: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Feed:
    """`warnings` are Chinese sentences for the editor who looks after the source."""

    title: str
    items: tuple[Item, ...]
    warnings: tuple[str, ...]


def parse_feed(fetched: Fetched, *, now: datetime) -> Feed:
    """Read RSS or Atom. `now` (aware) completes dates without a year.

    At most MAX_ITEMS items, in the feed's order, keys unique. Raises FeedError empty, not_a_feed,
    too_big or dangerous_xml and nothing else, whatever the bytes.
    """
    text, encoding = decode(fetched.body, fetched.charset)
    if not text.strip():
        raise FeedError("empty", "对方返回的内容是空的，请稍后再试，并核对订阅地址。")
    refuse_entities(text)
    refuse_floods(text)
    parsed = _parse(repair_ampersands(text))
    if not parsed.get("version"):
        raise _not_a_feed(text, fetched.final_url)
    entries = parsed["entries"]
    channel = parsed["feed"]
    base_url = http_url(fetched.final_url, _text(channel, "link")) or fetched.final_url
    reader = _Reader(base_url, now, _shared_guids(entries))
    items = tuple(reader.items(entries[:MAX_ITEMS]))
    problems = (
        ("(replaced)" in encoding, "部分文字的编码有误，个别字符可能显示为“�”，请核对原文。"),
        (bool(parsed.get("bozo")), "订阅文件的格式不规范或不完整，已尽量读取，请核对条目。"),
        (len(entries) > MAX_ITEMS, f"条目超过 {MAX_ITEMS} 条，只读取了前 {MAX_ITEMS} 条。"),
        (not entries, "订阅中没有条目。"),
        *reader.problems(),
    )
    warnings = tuple(sentence for applies, sentence in problems if applies)
    return Feed(strip_tags(_text(channel, "title"))[:MAX_TITLE], items, warnings)


def _parse(text: str) -> Entry:
    """feedparser's result; it gets a file object, as it would open a bytes argument as a path."""
    try:
        parsed: Entry = feedparser.parse(
            io.BytesIO(text.encode("utf-8")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        return parsed
    except Exception as error:  # a third-party parser on hostile text may fail in any way
        logger.warning("feedparser failed", exc_info=True)
        raise FeedError(
            "not_a_feed", "订阅内容无法解析，请核对订阅地址，或联系对方网站。"
        ) from error


def _not_a_feed(text: str, url: str) -> FeedError:
    """Says which feed the page declares, if any: editors often paste a home page's address."""
    for link in ALTERNATE.findall(text[:100_000]):
        href = HREF.search(link)
        address = http_url(url, html.unescape(href.group(1))) if href else ""
        if address and FEED_TYPE.search(link):
            return FeedError(
                "not_a_feed", f"这是网页，不是订阅源。该网页声明的订阅地址是 {address}，请改填它。"
            )
    return FeedError("not_a_feed", "对方返回的不是 RSS 或 Atom 订阅源，请到对方网站核对订阅地址。")


def _text(entry: Entry, name: str) -> str:
    """A text field without control characters. dict.get, because feedparser's own lookup invents
    one field from another."""
    value = dict.get(entry, name)
    return strip_controls(value).strip() if isinstance(value, str) else ""


def _shared_guids(entries: list[Entry]) -> set[str]:
    """guids that several items with different links carry: such a guid identifies nothing."""
    pairs = {(_text(entry, "id"), _text(entry, "link")) for entry in entries}
    return {guid for guid, count in Counter(guid for guid, _link in pairs).items() if count > 1}


class _Reader:
    """Turns entries into items and counts what was wrong with them."""

    def __init__(self, base_url: str, now: datetime, shared_guids: set[str]) -> None:
        self._base_url = base_url
        self._now = now
        self._shared_guids = shared_guids
        self._nothing = self._repeated = self._undated = 0

    def items(self, entries: list[Entry]) -> Iterator[Item]:
        keys: set[str] = set()
        for entry in entries:
            item = self._item(entry)
            if item is None:
                self._nothing += 1
            elif item.key in keys:
                self._repeated += 1
            else:
                keys.add(item.key)
                self._undated += item.published_at is None
                yield item

    def problems(self) -> tuple[tuple[bool, str], ...]:
        return (
            (self._nothing > 0, f"{self._nothing} 个条目没有任何内容，已跳过。"),
            (self._repeated > 0, f"{self._repeated} 个条目重复，已跳过。"),
            (self._undated > 0, f"{self._undated} 个条目的日期缺失或无法识别，采用前请核对。"),
        )

    def _item(self, entry: Entry) -> Item | None:
        link = http_url(self._base_url, _text(entry, "link"))
        base_url = link or self._base_url
        content, summary = _texts(entry, base_url)
        title = strip_tags(_text(entry, "title"))[:MAX_TITLE]
        title = title or plain_text(content.html).replace("\n", " ")[:TITLE_FROM_TEXT]
        if not title:
            return None
        published_at, precision = self._date(entry)
        guid = _text(entry, "id")[:MAX_GUID]
        identity = "" if guid in self._shared_guids else guid
        return Item(
            key=item_key(identity, link, title, published_at),
            guid=guid,
            link=link,
            title=title,
            summary_html=summary.html,
            content_html=content.html,
            author=_author(entry),
            source_name=_source_name(entry),
            published_at=published_at,
            date_precision=precision,
            pictures=_pictures(entry, base_url, content, summary),
            tags=_tags(entry),
        )

    def _date(self, entry: Entry) -> tuple[datetime | None, Precision]:
        for name in DATE_FIELDS:
            moment, precision = parse_date(_text(entry, name), self._now)
            if moment is not None:
                return moment, precision
        return None, "unknown"


def _texts(entry: Entry, link: str) -> tuple[Cleaned, Cleaned]:
    """(content, summary): the longest text, and the summary if it is not the same."""
    summary = dict.get(entry, "summary_detail")
    details = [*_list(entry, "content"), *([summary] if summary else [])]
    nothing = Cleaned("", ())
    cleaned = [
        clean(_markup(each), http_url(link, _text(each, "base")) or link) for each in details
    ]
    content = max(cleaned, key=lambda each: len(each.html), default=nothing)
    short = cleaned[-1] if summary else nothing
    return content, nothing if short.html == content.html else short


def _markup(detail: Entry) -> str:
    """HTML of a feedparser text. The declared type is often wrong, so tags decide; the lines of a
    text without any become paragraphs."""
    value = _text(detail, "value")
    if SOME_TAG.search(value):
        return value
    lines = html.unescape(value).splitlines()
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines)


def _author(entry: Entry) -> str:
    detail = dict.get(entry, "author_detail")
    name = _text(detail, "name") if detail else ""
    return strip_tags(name or _text(entry, "author"))[:MAX_NAME]


def _source_name(entry: Entry) -> str:
    """The publisher named by <source>; the reprint rule (domain.md §1.4) asks for it."""
    source = dict.get(entry, "source")
    name = _text(source, "title") if isinstance(source, dict) else ""
    return strip_tags(name)[:MAX_NAME]


def _pictures(entry: Entry, base_url: str, *texts: Cleaned) -> tuple[str, ...]:
    found = [picture for text in texts for picture in text.pictures]
    for name in ("enclosures", "media_content", "media_thumbnail"):
        for medium in _list(entry, name):
            kind = _text(medium, "type") or _text(medium, "medium")
            if kind.startswith("image") or name == "media_thumbnail":
                found.append(http_url(base_url, _text(medium, "href") or _text(medium, "url")))
    return tuple(dict.fromkeys(picture for picture in found if picture))


def _tags(entry: Entry) -> tuple[str, ...]:
    names = (strip_tags(_text(tag, "term"))[:MAX_TAG] for tag in _list(entry, "tags"))
    return tuple(dict.fromkeys(name for name in names if name))[:MAX_TAGS]


def _list(entry: Entry, name: str) -> list[Entry]:
    """A list field's dicts. enclosures are computed by feedparser, hence its own lookup here."""
    value = entry.get(name) or []
    return [each for each in value if isinstance(each, dict)]
