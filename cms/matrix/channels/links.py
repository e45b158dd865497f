"""The story's own address as a channel carries it."""

from urllib.parse import urlencode, urlsplit, urlunsplit


def with_source(url: str, channel: str) -> str:
    """`url` with `from=<channel>` in its query, so that visits can be told apart."""
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, urlencode({"from": channel})]))
    return urlunsplit(parts._replace(query=query))
