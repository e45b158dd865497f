"""Feeds of real-world quality give correct items, or an error that says what to do.

Each file in data/feeds carries its own expectation: TOML between +++ lines, then the feed. `encode`
is the encoding to serve it in, `bytes` (hex) replaces every ◆.
"""

import random
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cms.news.feeds.dates import SHANGHAI
from cms.news.feeds.decode import decode
from cms.news.feeds.errors import FeedError
from cms.news.feeds.fetch import Fetched
from cms.news.feeds.parse import MAX_ITEMS, Feed, parse_feed

FILES = sorted((Path(__file__).parent / "data/feeds").glob("*.feed"))
NOW = datetime(2024, 5, 2, 12, 0, tzinfo=SHANGHAI)
URL = "https://www.example.cn/rss.xml"


def read(body: bytes, charset: str = "") -> Feed:
    return parse_feed(Fetched("ok", body, "", "", URL, "text/xml", charset), now=NOW)


def load(path: Path) -> tuple[dict[str, Any], bytes]:
    _nothing, front, text = path.read_text("utf-8").split("+++\n", 2)
    case = tomllib.loads(front)
    parts = (part.encode(case.get("encode", "utf-8")) for part in text.split("◆"))
    return case, bytes.fromhex(case.get("bytes", "")).join(parts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_feed_gives_what_its_file_expects(path):
    case, body = load(path)
    expected = case["expect"]
    if "error" in expected:
        with pytest.raises(FeedError) as caught:
            read(body)
        assert caught.value.code == expected["error"]
        assert expected.get("message", "") in caught.value.message
        return
    feed = read(body, case.get("http_charset", ""))
    check_feed(feed, expected)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_encoding_is_what_the_file_expects(path):
    case, body = load(path)
    text, how = decode(body, case.get("http_charset", ""))
    assert how == case["expect"].get("encoding", "utf-8")
    assert "\x00" not in text


def check_feed(feed: Feed, expected: dict[str, Any]) -> None:
    if "title" in expected:
        assert feed.title == expected["title"]
    if "warnings" in expected:
        assert len(feed.warnings) == len(expected["warnings"]), feed.warnings
        for part, warning in zip(expected["warnings"], feed.warnings, strict=True):
            assert part in warning
    if "items" in expected:
        assert len(feed.items) == len(expected["items"]), feed.items
        for item, fields in zip(feed.items, expected["items"], strict=True):
            for name, value in fields.items():
                assert comparable(getattr(item, name)) == comparable(value), name


def comparable(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat()
    if isinstance(value, tuple):
        return list(value)
    return "" if value is None else value


def test_items_beyond_the_limit_are_left_with_a_warning():
    items = "".join(f"<item><title>第{n}条</title></item>" for n in range(MAX_ITEMS + 5))
    feed = read(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())
    assert len(feed.items) == MAX_ITEMS
    assert any(str(MAX_ITEMS) in warning for warning in feed.warnings)


def test_overlong_fields_are_capped():
    long = "长" * 100_000
    feed = read(
        f'<rss version="2.0"><channel><title>{long}</title><item><title>{long}</title>'
        f"<guid>{long}</guid><link>http://a.cn/{long}</link><author>{long}</author>"
        f"<category>{long}</category></item></channel></rss>".encode()
    )
    item = feed.items[0]
    assert [len(feed.title), len(item.title), len(item.author)] == [200, 200, 100]
    assert len(item.key) == 64
    assert (item.link, len(item.guid), len(item.tags[0])) == ("", 2000, 50)


def test_flood_of_tags_is_refused():
    with pytest.raises(FeedError) as caught:
        read(b'<rss version="2.0"><channel>' + b"<a><b>" * 150_000)
    assert caught.value.code == "too_big"


def test_key_stays_the_same_over_fetches():
    _case, body = load(next(path for path in FILES if path.stem == "no-guid-no-link"))
    assert [item.key for item in read(body).items] == [item.key for item in read(body).items]


def test_arbitrary_bytes_raise_nothing_but_feed_errors():
    chance = random.Random(1850)
    for _round in range(150):
        survives(chance.randbytes(chance.randint(1, 400)))
    bodies = [load(path)[1] for path in FILES]
    for _round in range(400):
        survives(damaged(chance.choice(bodies), chance))


def survives(body: bytes) -> None:
    try:
        items = read(body).items
    except FeedError:
        items = ()
    assert all(item.title and item.key for item in items)
    assert not any("\x00" in item.title + item.content_html for item in items)


def damaged(body: bytes, chance: random.Random) -> bytes:
    """The body with a few pieces cut, doubled or overwritten."""
    for _round in range(chance.randint(1, 6)):
        start = chance.randrange(len(body) + 1)
        end = start + chance.randint(0, 60)
        piece = chance.choice((b"", b"<", b"&", b"]]>", body[start:end] * 2, chance.randbytes(5)))
        body = body[:start] + piece + body[end:]
    return body
