"""Counting and reading a post's text."""

import math
import re
from urllib.parse import urlsplit

URL = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
TOPIC = re.compile(r"#[^#\s][^#]*#")
URL_COUNTS = 10  # a link is shortened, so it never takes more than this


def length(text: str) -> int:
    """Chinese characters; two narrow ones count as one, a link as ten at most."""
    links = sum(min(URL_COUNTS, len(url) / 2) for url in URL.findall(text))
    rest = URL.sub("", text)
    return math.ceil(links + sum(0.5 if ord(char) < 0x80 else 1 for char in rest))


def has_topic(text: str) -> bool:
    return TOPIC.search(URL.sub("", text)) is not None


def names_safe_domain(text: str, domains: list[str]) -> bool:
    """Is there a link to one of the app's audited domains or below it."""
    hosts = []
    for url in URL.findall(text):
        try:
            hosts.append(urlsplit(url).hostname or "")
        except ValueError:
            continue
    return any(host == d or host.endswith(f".{d}") for host in hosts for d in domains)
