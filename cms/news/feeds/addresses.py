"""Which addresses a feed may come from.

A feed URL is typed by an editor or sent by a redirecting server, so it must not lead into the
organisation's own network. The name is resolved once, every address it has is checked, and the
caller connects to exactly these addresses: a second look-up (DNS rebinding) never happens.
"""

import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from .errors import FeedError

# True lets every private address through; a predicate (host, port) only those it names.
AllowPrivate = bool | Callable[[str, int], bool]
Resolver = Callable[[str, int], list[str]]

MAX_URL = 2000
HOST = re.compile(r"[a-z0-9._:-]+")
# 6to4 addresses embed an IPv4 address, private ones included, and nobody serves feeds there.
SIX_TO_FOUR = ipaddress.ip_network("2002::/16")


@dataclass(frozen=True)
class Target:
    """A URL whose host has been looked up and checked.

    `authority` is the Host header, `path` includes the query, `addresses` are to be connected to.
    """

    scheme: str
    host: str
    port: int
    authority: str
    path: str
    addresses: tuple[str, ...]


def resolve_host(host: str, port: int) -> list[str]:
    """All addresses of `host`, in the system's order of preference. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """True for a globally routable unicast address; IPv4-mapped IPv6 counts as its IPv4."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # a scoped address such as fe80::1%eth0 is local by nature
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip in SIX_TO_FOUR or ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def refuse_private(
    url: str, allow_private: AllowPrivate, *, resolve: Resolver = resolve_host
) -> Target:
    """Check a URL and look up its host; one non-public address among several is enough to refuse.

    Raises FeedError: bad_url (syntax, scheme, credentials), dns, private_address.
    """
    parsed = _parse(url)
    host, port = parsed.raw_host.decode("ascii"), _port(parsed)
    addresses = _look_up(host, port, resolve)
    allowed = allow_private(host, port) if callable(allow_private) else allow_private
    if not allowed and not all(is_public(address) for address in addresses):
        raise FeedError(
            "private_address",
            f"{host} 指向内部网络地址，出于安全考虑不予抓取。请填写公网上的订阅地址。",
        )
    authority, path = parsed.netloc.decode("ascii"), parsed.raw_path.decode("ascii")
    return Target(parsed.scheme, host, port, authority, path, tuple(addresses))


def _parse(url: str) -> httpx.URL:
    url = url.strip()
    if len(url) > MAX_URL:
        raise FeedError("bad_url", f"订阅地址超过 {MAX_URL} 个字符，请核对后重新填写。")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise FeedError("bad_url", "订阅地址的格式不对，请核对后重新填写。") from error
    if parsed.scheme not in ("http", "https") or not parsed.raw_host:
        raise FeedError("bad_url", "订阅地址要以 http:// 或 https:// 开头，请填写完整地址。")
    # httpx quotes what a host name cannot contain; such a name must not reach the resolver.
    if not HOST.fullmatch(parsed.raw_host.decode("ascii")) or not 0 < _port(parsed) < 65536:
        raise FeedError("bad_url", "订阅地址的格式不对，请核对后重新填写。")
    if parsed.userinfo:
        raise FeedError("bad_url", "订阅地址里不能带用户名或密码，请去掉 @ 之前的部分。")
    return parsed


def _port(parsed: httpx.URL) -> int:
    if parsed.port is not None:
        return parsed.port
    return 443 if parsed.scheme == "https" else 80


def _look_up(host: str, port: int, resolve: Resolver) -> list[str]:
    not_found = FeedError("dns", f"找不到主机 {host}，请核对域名是否写对；若无误，请稍后再试。")
    try:
        addresses = resolve(host, port)
    except (OSError, UnicodeError) as error:  # UnicodeError: a label longer than 63 octets
        raise not_found from error
    if not addresses:
        raise not_found
    return addresses
