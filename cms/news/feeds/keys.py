"""What makes two feed items the same item."""

import hashlib
from datetime import datetime
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

MAX_KEY = 255
DEFAULT_PORTS = {"http": 80, "https": 443}


def item_key(guid: str, link: str, title: str, published_at: datetime | None) -> str:
    """guid → normalised link → SHA-256 of title and date; at most MAX_KEY characters.

    A guid is opaque and taken as it is; sites change their links more often than their guids.
    """
    key = guid or normalise_link(link)
    if key and len(key) <= MAX_KEY:
        return key
    moment = published_at.isoformat() if published_at else ""
    return hashlib.sha256((key or f"{title}\n{moment}").encode("utf-8")).hexdigest()


def normalise_link(link: str) -> str:
    """The link without what does not change the page: utm_* parameters, fragment, default port,
    case of the host. Fragments that are routes of single-page sites (#/art/1, #!art) stay."""
    if not link:
        return ""
    parts = urlsplit(link)
    fragment = parts.fragment if parts.fragment.startswith(("/", "!")) else ""
    return SplitResult(
        parts.scheme.lower(), _authority(parts), parts.path or "/", _query(parts.query), fragment
    ).geturl()


def _authority(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    if parts.port is None or parts.port == DEFAULT_PORTS.get(parts.scheme):
        return host
    return f"{host}:{parts.port}"


def _query(query: str) -> str:
    """The query untouched, unless it has utm_* parameters to drop."""
    if "utm_" not in query:
        return query
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if not name.startswith("utm_")])
