"""Which openings of a story are readings. Knows no person: no cookie, and no address is kept.

Who reads the same story twice within 30 minutes is known by a hash of address and browser with a
salt that lives in the cache for one day and is written nowhere; when the salt has gone, nothing
can be traced back. Readers behind one address with one model of phone therefore count as one.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from django.core.cache import caches
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.utils.crypto import get_random_string

from cms.analytics.models import ReadTally
from cms.members import ratelimit
from cms.news.models import StoryCard

cache = caches["visits"]

SAME_READING_SECONDS = 30 * 60
PER_ADDRESS_A_MINUTE = 120
MAX_BODY_BYTES = 2000
LIVE_STORIES = "analytics:live-stories"
LIVE_STORIES_SECONDS = 300

# Machines that say they are. Those that do not cannot be told from people by their name.
_MACHINE = re.compile(
    r"bot\b|bot/|spider|crawl|slurp|scrapy|curl/|wget/|python|httpx|aiohttp|okhttp|java/|go-http"
    r"|node-fetch|axios|libwww|facebookexternalhit|preview|monitor|lighthouse|feedfetcher",
    re.IGNORECASE,
)
Source = ReadTally.Source
# What WeChat itself writes into a link that is passed on, and other names for our sources.
_SAME_AS = {
    "timeline": Source.WECHAT,
    "singlemessage": Source.WECHAT,
    "groupmessage": Source.WECHAT,
    "rss": Source.FEED,
    "": Source.DIRECT,
}
_IN_APP = (("MicroMessenger", Source.WECHAT), ("Weibo", Source.WEIBO))


class Reason(StrEnum):
    """Why an opening is not counted."""

    DECLINED = "declined"
    MACHINE = "machine"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"
    FLOOD = "flood"
    REPEATED = "repeated"


class NotCounted(Exception):
    """This opening is no reading; `reason` says why."""

    def __init__(self, reason: Reason):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Reading:
    page_id: int
    source: str


def reading_of(request: HttpRequest) -> Reading:
    """The reading that `request` announces. Raises NotCounted. At most one query, mostly none."""
    if request.headers.get("DNT") == "1" or request.headers.get("Sec-GPC") == "1":
        raise NotCounted(Reason.DECLINED)
    agent = request.headers.get("User-Agent", "")
    if not agent or _MACHINE.search(agent):
        raise NotCounted(Reason.MACHINE)
    if not _is_from_our_page(request):
        raise NotCounted(Reason.FOREIGN)
    story, claimed = _announced(request)
    page_id = _live_story(story)
    salt, address = _salt(), ratelimit.address(request)
    if not ratelimit.allow(f"read:{_hash(salt, address)}", PER_ADDRESS_A_MINUTE, 60):
        raise NotCounted(Reason.FLOOD)
    visit = f"read:{page_id}:{_hash(salt, address, agent)}"
    if not cache.add(visit, 1, SAME_READING_SECONDS):
        raise NotCounted(Reason.REPEATED)
    return Reading(page_id, source_of(claimed, agent))


def source_of(claimed: str, agent: str = "") -> Source:
    """The source a page claims, in our words; a link opened inside an app came from that app."""
    known = _SAME_AS.get(claimed) or (claimed if claimed in Source.values else Source.OTHER)
    if known == Source.DIRECT:
        return next((source for mark, source in _IN_APP if mark in agent), Source.DIRECT)
    return Source(known)


def forget_live_stories() -> None:
    cache.delete(LIVE_STORIES)


def _is_from_our_page(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    page = request.headers.get("Origin") or request.headers.get("Referer", "")
    return _origin(page) == (request.scheme, request.get_host())


def _origin(address: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.scheme, parts.netloc


def _announced(request: HttpRequest) -> tuple[str, str]:
    """(story, source) as sent; raises NotCounted for what cannot be read."""
    if request.method == "GET":
        return request.GET.get("story", ""), _source_in_referer(request)
    try:
        if int(request.headers.get("Content-Length") or 0) > MAX_BODY_BYTES:
            raise NotCounted(Reason.UNKNOWN)
        is_form = "form" in request.content_type
        fields = request.POST if is_form else json.loads(request.body)
        return str(fields["story"]), str(fields.get("source", ""))
    except (
        AttributeError,
        LookupError,
        MultiPartParserError,
        RecursionError,
        SuspiciousOperation,
        TypeError,
        UnreadablePostError,
        ValueError,
    ):
        raise NotCounted(Reason.UNKNOWN) from None


def _source_in_referer(request: HttpRequest) -> str:
    """A picture has no script to say where its page was opened from: the page's address does."""
    try:
        query = urlsplit(request.headers.get("Referer", "")).query
        return parse_qs(query, max_num_fields=20).get("from", [""])[0]
    except ValueError:
        return ""


def _live_story(story: str) -> int:
    if not (story.isascii() and story.isdecimal() and len(story) < 15):
        raise NotCounted(Reason.UNKNOWN)
    live = cache.get(LIVE_STORIES)
    if live is None:
        live = set(StoryCard.objects.values_list("pk", flat=True).order_by())
        cache.set(LIVE_STORIES, live, LIVE_STORIES_SECONDS)
    if int(story) not in live:
        raise NotCounted(Reason.UNKNOWN)
    return int(story)


def _salt() -> str:
    key = f"analytics:salt:{timezone.localdate()}"
    return cache.get_or_set(key, lambda: get_random_string(32), 86400)


def _hash(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
