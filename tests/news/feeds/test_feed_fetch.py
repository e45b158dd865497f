"""Fetching survives servers that are broken, slow or hostile (domain.md §8)."""

import gzip
import socket
import ssl
import threading
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cms.news.feeds.errors import FeedError
from cms.news.feeds.fetch import USER_AGENT, Fetched, fetch

RSS = '<rss version="2.0"><channel><title>工会新闻</title></channel></rss>'.encode()


def refusal(url, server, **options) -> FeedError:
    with pytest.raises(FeedError) as caught:
        fetch(url, allow_private=server.allows, **options)
    assert caught.value.message.endswith("。")
    return caught.value


def test_feed_is_fetched_with_validators_and_charset(feed_server):
    url = feed_server.answer(
        "/rss", RSS, ETag='"1"', Last_Modified="Wed, 01 May 2024 00:30:00 GMT",
        Content_Type="text/xml; Charset=GBK",
    )  # fmt: skip
    assert fetch(url, allow_private=feed_server.allows) == Fetched(
        "ok", RSS, '"1"', "Wed, 01 May 2024 00:30:00 GMT", url, "text/xml", "gbk"
    )
    assert feed_server.requests[0]["User-Agent"] == USER_AGENT
    assert feed_server.requests[0]["Host"] == f"127.0.0.1:{feed_server.port}"


def test_unchanged_feed_is_not_fetched_again(feed_server):
    url = feed_server.answer("/rss", status=304, ETag='"2"')
    fetched = fetch(url, etag='"1"', last_modified="yesterday", allow_private=feed_server.allows)
    assert (fetched.status, fetched.body) == ("not_modified", b"")
    assert (fetched.etag, fetched.last_modified) == ('"2"', "yesterday")
    assert feed_server.requests[0]["If-None-Match"] == '"1"'
    assert feed_server.requests[0]["If-Modified-Since"] == "yesterday"


def test_304_nobody_asked_for_is_an_error(feed_server):
    error = refusal(feed_server.answer("/rss", status=304), feed_server)
    assert (error.code, error.status) == ("http_status", 304)


def test_validators_that_cannot_be_sent_are_left_out(feed_server):
    url = feed_server.answer("/rss", RSS, ETag="x" * 300)
    fetched = fetch(
        url, etag="a\r\nX-Evil: 1", last_modified="昨天", allow_private=feed_server.allows
    )
    assert fetched.etag == ""
    assert not {"If-None-Match", "If-Modified-Since", "X-Evil"} & feed_server.requests[0].keys()


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 410, 429, 500, 503])
def test_error_status_says_what_to_do(feed_server, status):
    error = refusal(feed_server.answer("/rss", status=status), feed_server)
    assert error.code == ("empty" if status == 204 else "http_status")


@pytest.mark.parametrize("body", [b"", b" \r\n "])
def test_empty_body_is_an_error(feed_server, body):
    assert refusal(feed_server.answer("/rss", body), feed_server).code == "empty"


def test_announced_size_over_the_limit_is_not_read(feed_server):
    url = feed_server.answer("/rss", RSS, Content_Length="50000000")
    assert refusal(url, feed_server).code == "too_big"


def test_endless_body_is_cut_at_the_limit(feed_server):
    sent = []

    def fifty_megabytes(handler):
        handler.send_response(200)
        handler.end_headers()
        for _piece in range(500):
            handler.wfile.write(b" " * 100_000)
            sent.append(100_000)

    error = refusal(feed_server.on("/rss", fifty_megabytes), feed_server, max_bytes=1_000_000)
    assert error.code == "too_big"
    assert "1 MB" in error.message
    assert sum(sent) < 50_000_000


def test_gzip_is_unfolded(feed_server):
    url = feed_server.answer("/rss", gzip.compress(RSS), Content_Encoding="gzip")
    assert fetch(url, allow_private=feed_server.allows).body == RSS


def test_deflate_is_unfolded(feed_server):
    url = feed_server.answer("/rss", zlib.compress(RSS), Content_Encoding="deflate")
    assert fetch(url, allow_private=feed_server.allows).body == RSS


def test_gzip_bomb_is_not_unfolded(feed_server):
    bomb = gzip.compress(b"\0" * 50_000_000, compresslevel=9)
    assert len(bomb) < 100_000
    url = feed_server.answer("/rss", bomb, Content_Encoding="gzip")
    assert refusal(url, feed_server).code == "too_big"


@pytest.mark.parametrize(("encoding", "body"), [("gzip", RSS), ("br", RSS), ("gzip, gzip", RSS)])
def test_unreadable_compression_is_an_error(feed_server, encoding, body):
    url = feed_server.answer("/rss", body, Content_Encoding=encoding)
    assert refusal(url, feed_server).code == "network"


def drip(handler, head: bytes) -> None:
    """Send `head`, then a byte now and then until the test is over."""
    handler.wfile.write(head)
    while not handler.server.closing.wait(0.02):
        handler.wfile.write(b"a")
        handler.wfile.flush()


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_slow_drip_ends_at_the_deadline(feed_server, head):
    url = feed_server.on("/rss", lambda handler: drip(handler, head))
    assert refusal(url, feed_server, timeout=0.3).code == "too_slow"


def test_silent_server_ends_at_the_deadline(feed_server):
    url = feed_server.on("/rss", lambda handler: feed_server.closing.wait(5))
    assert refusal(url, feed_server, timeout=0.2).code == "too_slow"


def test_redirects_are_followed_and_the_last_address_told(feed_server):
    feed_server.answer("/a", status=302, Location="/b?x=1")
    feed_server.answer("/b?x=1", status=301, Location=feed_server.url("/rss"))
    feed_server.answer("/rss", RSS)
    fetched = fetch(feed_server.url("/a"), allow_private=feed_server.allows)
    assert (fetched.body, fetched.final_url) == (RSS, feed_server.url("/rss"))


def test_redirect_loop_ends(feed_server):
    url = feed_server.answer("/rss", status=302, Location="/rss")
    assert refusal(url, feed_server).code == "too_many_redirects"
    assert len(feed_server.requests) == 6


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://127.0.0.1:1/", "private_address"),
        ("http://169.254.169.254/latest/meta-data/", "private_address"),
        ("//[::1]/", "private_address"),
        ("file:///etc/passwd", "bad_url"),
        ("http://user:secret@example.cn/", "bad_url"),
        ("http://[", "bad_url"),
        ("", "http_status"),
    ],
)
def test_redirect_is_checked_like_the_first_address(feed_server, location, code):
    url = feed_server.answer("/rss", status=302, Location=location)
    assert refusal(url, feed_server).code == code


def test_private_address_is_refused_by_default(feed_server):
    with pytest.raises(FeedError) as caught:
        fetch(feed_server.answer("/rss", RSS))
    assert caught.value.code == "private_address"
    assert feed_server.requests == []


def test_connection_goes_to_the_checked_address_without_a_second_look_up(feed_server):
    """DNS rebinding: a name that changes its address between check and connection."""
    feed_server.answer("/rss", RSS)
    lookups = []

    def resolve(host: str, port: int) -> list[str]:
        lookups.append(host)
        return ["127.0.0.1"] if len(lookups) == 1 else ["10.0.0.1"]

    url = feed_server.url("/rss", host="feeds.example.cn")
    assert fetch(url, allow_private=feed_server.allows, resolve=resolve).body == RSS
    assert lookups == ["feeds.example.cn"]
    assert feed_server.requests[0]["Host"] == f"feeds.example.cn:{feed_server.port}"


def test_next_address_is_tried_when_one_is_dead(feed_server):
    feed_server.answer("/rss", RSS)
    fetched = fetch(
        feed_server.url("/rss", host="feeds.example.cn"),
        allow_private=True,
        resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"],
    )
    assert fetched.body == RSS


def test_refused_connection_is_a_network_error():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(FeedError) as caught:
        fetch(f"http://127.0.0.1:{port}/", allow_private=True)
    assert caught.value.code == "network"


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"]
)
def test_server_that_does_not_speak_http_is_a_network_error(feed_server, answer):
    url = feed_server.on("/rss", lambda handler: handler.wfile.write(answer))
    assert refusal(url, feed_server).code == "network"


@pytest.fixture
def tls_port(tmp_path):
    """A server with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "feeds.example.cn")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "both.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def shake_hands() -> None:
            connection, _address = listener.accept()
            with connection, pytest.raises(OSError):  # noqa: PT011 - the client hangs up
                context.wrap_socket(connection, server_side=True)

        thread = threading.Thread(target=shake_hands)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_certificate_nobody_vouches_for_is_a_tls_error(tls_port):
    with pytest.raises(FeedError) as caught:
        fetch(
            f"https://feeds.example.cn:{tls_port}/rss",
            allow_private=True,
            resolve=lambda host, port: ["127.0.0.1"],
        )
    assert caught.value.code == "tls"
