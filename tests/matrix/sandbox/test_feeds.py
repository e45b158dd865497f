import socket
from datetime import UTC, datetime, timedelta
from io import BytesIO

import feedparser


def parsed(content):
    return feedparser.parse(BytesIO(content))


def test_good_feed_is_complete_and_recent(sandbox):
    answer = sandbox.get("/feeds/news.xml")
    feed = parsed(answer.content)
    assert not feed.bozo
    assert len(feed.entries) >= 8
    now = datetime.fromisoformat(sandbox.get("/__sandbox/clock").json()["now"])
    for entry in feed.entries:
        age = now - datetime(*entry.published_parsed[:6], tzinfo=UTC)
        assert timedelta(0) < age < timedelta(days=8)
        assert entry.id.startswith("jiangzhou-news-")
        assert sandbox.get(entry.link).status_code == 200
        picture = sandbox.get(entry.enclosures[0].href)
        assert picture.headers["content-type"] == "image/png"


def test_good_feed_answers_304_to_who_has_it(sandbox):
    first = sandbox.get("/feeds/news.xml")
    for condition in (
        {"If-None-Match": first.headers["etag"]},
        {"If-Modified-Since": first.headers["last-modified"]},
    ):
        assert sandbox.get("/feeds/news.xml", headers=condition).status_code == 304
    assert sandbox.get("/feeds/news.xml", headers={"If-None-Match": '"x"'}).status_code == 200


def test_gbk_feeds_hide_or_misname_their_encoding(sandbox):
    silent, lying = (sandbox.get(f"/feeds/{n}.xml") for n in ("gbk", "gbk-wrong"))
    assert "charset" not in silent.headers["content-type"]
    assert b"encoding" not in silent.content
    assert b'encoding="utf-8"' in lying.content
    text = silent.content.decode("gbk")
    for oddity in (
        "2024年05月01日 08:30",
        "1714523400",
        "CST",
        "\x00",
        "<script>",
        "../feeds/item",
    ):
        assert oddity in text
    assert text.count("<guid>") < text.count("<item>")


def test_hostile_feeds_are_what_they_say(sandbox):
    assert sandbox.get("/feeds/404").status_code == 404
    assert sandbox.get("/feeds/empty").content == b""
    assert "169.254.169.254" in sandbox.get("/feeds/redirect-private").headers["location"]
    assert "<!ENTITY" in sandbox.get("/feeds/bomb.xml").text
    assert "text/html" in sandbox.get("/feeds/html200").headers["content-type"]


def test_big_feed_is_streamed_and_may_be_left(sandbox):
    with sandbox.stream("GET", "/feeds/big") as answer:
        assert "content-length" not in answer.headers
        assert len(next(answer.iter_raw())) > 0


def test_slow_feed_starts_and_does_not_end(sandbox, server):
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"GET /feeds/slow HTTP/1.0\r\n\r\n")
        assert connection.recv(10)
