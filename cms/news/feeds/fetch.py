"""Fetch one feed over HTTP, within limits of size, time, address and redirects."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from typing import Literal
from urllib.parse import urljoin

import httpcore
import httpx

from .addresses import AllowPrivate, Resolver, Target, refuse_private, resolve_host
from .errors import FeedError
from .inflate import Inflater
from .transport import Deadline, PinnedBackend

Headers = dict[bytes | str, bytes | str]

USER_AGENT = "RongmeiFeedReader/1.0"
MAX_REDIRECTS = 5
# Validators are stored and sent back; a server has no business with longer ones.
MAX_VALIDATOR = 255

STATUS_ADVICE = {
    401: "对方要求登录，请换一个公开的订阅地址",
    403: "对方拒绝访问，请联系对方网站，或换一个订阅地址",
    404: "地址已失效，请到对方网站核对新的订阅地址",
    410: "对方已停用这个订阅，请删除或换一个订阅地址",
    429: "对方嫌抓取太频繁，请把抓取间隔调长",
}


@dataclass(frozen=True)
class Fetched:
    """What a server answered. `body` is decompressed, and empty when not_modified.

    `etag` and `last_modified` are to be passed to the next fetch; `charset` and `content_type` are
    lower case, from the Content-Type header, "" when it does not tell.
    """

    status: Literal["ok", "not_modified"]
    body: bytes
    etag: str
    last_modified: str
    final_url: str
    content_type: str
    charset: str


def fetch(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    allow_private: AllowPrivate = False,
    max_bytes: int = 5_000_000,
    timeout: float = 15.0,
    resolve: Resolver = resolve_host,
) -> Fetched:
    """GET a feed, following up to MAX_REDIRECTS redirects; each hop's address is checked anew.

    `timeout` is for everything together, in seconds (a look-up already under way is left to the
    system's resolver). `max_bytes` counts after decompression. Raises FeedError only.
    """
    deadline = Deadline(timeout)
    conditions = _conditions(etag, last_modified)
    for _hop in range(MAX_REDIRECTS + 1):
        target = refuse_private(url, allow_private, resolve=resolve)
        with _answer(target, conditions, deadline) as response:
            location = _location(response)
            if location is None:
                return _fetched(response, url, etag, last_modified, bool(conditions), max_bytes)
        url = _join(url, location)
    raise FeedError(
        "too_many_redirects",
        f"对方跳转了 {MAX_REDIRECTS} 次以上仍没有内容，请在浏览器中打开，填写最终的订阅地址。",
    )


@contextmanager
def _answer(target: Target, conditions: Headers, deadline: Deadline) -> Iterator[httpcore.Response]:
    """One GET, opened; errors of the connection come out as FeedError."""
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    headers: Headers = {
        "Host": target.authority,
        "User-Agent": USER_AGENT,
        "Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5",
        "Accept-Encoding": "gzip",
        "Connection": "close",
        **conditions,
    }
    try:
        deadline.left()
        with (
            httpcore.ConnectionPool(
                ssl_context=_tls() if target.scheme == "https" else None,
                network_backend=PinnedBackend(target.addresses, deadline),
            ) as pool,
            pool.stream("GET", url, headers=headers) as response,
        ):
            yield response
    except httpcore.TimeoutException as error:
        raise FeedError(
            "too_slow", "对方响应太慢，已停止抓取。请稍后再试；若一直如此，请换一个订阅地址。"
        ) from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise _network_error(error, target.host) from error


def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _network_error(error: Exception, host: str) -> FeedError:
    # httpcore's pool re-raises "from None", so the original is only in the context.
    if isinstance(error.__context__, ssl.SSLError):
        return FeedError(
            "tls",
            f"无法与 {host} 建立安全连接，多半是对方证书有问题。请联系对方网站，或换一个订阅地址。",
        )
    return FeedError("network", f"与 {host} 的连接中断或被拒绝，请稍后再试，并核对订阅地址。")


def _conditions(etag: str, last_modified: str) -> Headers:
    sent = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in sent.items() if _validator(value)}


def _validator(value: str) -> str:
    """The value if it can be stored and sent as a header, else ""."""
    return value if len(value) <= MAX_VALIDATOR and value.isascii() and value.isprintable() else ""


def _header(response: httpcore.Response, name: bytes) -> bytes:
    return next((value for key, value in response.headers if key.lower() == name), b"")


def _location(response: httpcore.Response) -> str | None:
    if response.status not in (301, 302, 303, 307, 308):
        return None
    raw = _header(response, b"location")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).strip() or None
        except UnicodeDecodeError:
            continue
    return None


def _join(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError as error:
        raise FeedError(
            "bad_url", "对方跳转到了无效的地址，请在浏览器中打开，填写最终的订阅地址。"
        ) from error


def _fetched(
    response: httpcore.Response,
    url: str,
    etag: str,
    last_modified: str,
    conditional: bool,
    max_bytes: int,
) -> Fetched:
    new_etag = _validator(_header(response, b"etag").decode("latin-1"))
    new_modified = _validator(_header(response, b"last-modified").decode("latin-1"))
    if response.status == 304 and conditional:
        return Fetched(
            "not_modified", b"", new_etag or etag, new_modified or last_modified, url, "", ""
        )
    if not 200 <= response.status < 300:
        raise _status_error(response.status)
    body = _body(response, max_bytes)
    if not body.strip():
        raise FeedError("empty", "对方返回的内容是空的，请稍后再试，并核对订阅地址。")
    content_type, charset = _content_type(_header(response, b"content-type"))
    return Fetched("ok", body, new_etag, new_modified, url, content_type, charset)


def _status_error(status: int) -> FeedError:
    fallback = "对方服务器出错，请稍后再试" if status >= 500 else "请核对订阅地址"
    advice = STATUS_ADVICE.get(status, fallback)
    return FeedError("http_status", f"对方返回 HTTP {status}：{advice}。", status=status)


def _body(response: httpcore.Response, max_bytes: int) -> bytes:
    announced = _header(response, b"content-length")
    # The first 18 digits tell enough, and Python refuses to convert thousands of them.
    if announced.isdigit() and int(announced[:18]) > max_bytes:
        raise _too_big(max_bytes)
    inflater = Inflater(_header(response, b"content-encoding").decode("latin-1"))
    body = bytearray()
    for piece in response.iter_stream():
        body += inflater.feed(piece, max_bytes + 1 - len(body))
        if len(body) > max_bytes:
            raise _too_big(max_bytes)
    return bytes(body)


def _too_big(max_bytes: int) -> FeedError:
    megabytes = f"{max_bytes / 1_000_000:g}"
    return FeedError(
        "too_big", f"内容超过 {megabytes} MB，已停止抓取。请换一个条目较少的订阅地址。"
    )


def _content_type(header: bytes) -> tuple[str, str]:
    message = Message()
    message["Content-Type"] = header.decode("latin-1") or "application/octet-stream"
    kind = message.get_content_type() if header else ""
    return kind, (message.get_content_charset() or "").strip()
