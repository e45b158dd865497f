"""Addresses as WeChat sees them: which link an article may hold, how we name a picture."""

from urllib.parse import quote, urlsplit

_PICTURE = "picture:"


def is_article(address: str) -> bool:
    """Whether this is an article some account has sent: the only link the platform keeps."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.hostname == "mp.weixin.qq.com" and (
        parts.path == "/s" or parts.path.startswith("/s/")
    )


def picture_src(key: str) -> str:
    """How the payload's HTML names a picture before it is uploaded."""
    return f"{_PICTURE}{quote(key, safe='')}"


def is_ours(source: str) -> bool:
    """Whether a picture's address is one that will be uploaded (see `picture_src`)."""
    return source.startswith(_PICTURE)
