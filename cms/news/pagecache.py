"""Whole pages kept for readers who are not signed in.

A view names what it is about to read (`tag(request, "comments:12")`); whoever changes that thing
says so (`touch("comments:12")`). A kept page carries the version its tags had *before* their data
was read and is served only while all of them are unchanged: a change is seen at once, and a page
rendered from old data is never served after it. A hit costs two cache reads and no query
(one, for a page that is counted: `each_time`).

Only anonymous GETs are kept. What belongs to one person (a held comment, a vote) never is.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.crypto import get_random_string

log = logging.getLogger(__name__)

SITE = "site"
# Parameters that change what a page shows; all others (?from=wechat, ?utm_…) are left out of the
# key, so that a link shared in a group chat still meets the kept page.
SHOWN_PARAMETERS = ("exact", "kind", "order", "page", "q", "section", "syn", "year")

_held: dict[str, tuple[str, float, object]] = {}
#: The tags looked at during the request this thread answers. A version read once holds for all of
#: that request: a page can only be kept under a version older than its data, never a newer one.
_seen = threading.local()


def tag(request: HttpRequest, *names: str) -> None:
    """Say that the response to `request` will show these things. Call it before reading them."""
    if not hasattr(request, "page_cache_tags"):
        request.page_cache_tags = {}
    new = [name for name in names if name not in request.page_cache_tags]
    if new and may_keep(request):
        request.page_cache_tags.update(_versions(new))


def version(name: str) -> str:
    """The current version of one tag, for keys of things that are kept elsewhere."""
    return _versions([name])[name]


def remember(name: str, make: Callable, *, until_touched: str = SITE):
    """What `make()` gives, held in this process until that tag moves: one cache read a request.

    For the few small things that every page needs. All requests get the same object: it is read,
    never changed.
    """
    now, current = time.monotonic(), version(until_touched)
    held = _held.get(name)
    if held and held[0] == current and held[1] > now:
        return held[2]
    thing = make()
    _held[name] = (current, now + settings.PAGE_CACHE_SECONDS, thing)
    return thing


def keep_until(request: HttpRequest, *moments: datetime | None) -> None:
    """Say that the clock alone changes the page, at the first of `moments` still to come."""
    now = timezone.now()
    for moment in moments:
        if moment and moment > now:
            request.page_cache_until = min(moment, getattr(request, "page_cache_until", moment))


def each_time(request: HttpRequest, verb: Callable, **kwargs) -> None:
    """Say that `verb(**kwargs)` is to be done each time the kept page is served.

    `verb` is a function of a module (its name is kept, not itself), `kwargs` plain values.
    """
    request.page_cache_each_time = [*getattr(request, "page_cache_each_time", []), (verb, kwargs)]


def touch(*names: str) -> None:
    """Say that these things have changed; takes effect when the transaction commits."""
    transaction.on_commit(lambda: _renew(names))


def may_keep(request: HttpRequest) -> bool:
    """Whether the answer to `request` can be the same for every anonymous reader."""
    return (
        request.method == "GET"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and CookieStorage.cookie_name not in request.COOKIES
        and "HX-Request" not in request.headers
        and not getattr(request, "is_preview", False)
    )


def _renew(names) -> None:
    for name in names:
        _seen_here().pop(name, None)
    cache.set_many({_tag_key(name): get_random_string(12) for name in names}, timeout=None)


def _tag_key(name: str) -> str:
    return f"pagetag:{name}"


def _versions(names: list[str]) -> dict[str, str]:
    """The current version of each tag; a tag that has none is given one."""
    seen = _seen_here()
    if new := [name for name in names if name not in seen]:
        seen |= _read_versions(new)
    return {name: seen[name] for name in names}


def _read_versions(names: list[str]) -> dict[str, str]:
    found = cache.get_many([_tag_key(name) for name in names])
    for name in names:
        if _tag_key(name) not in found:
            cache.add(_tag_key(name), get_random_string(12), timeout=None)
            found[_tag_key(name)] = cache.get(_tag_key(name))
    return {name: found[_tag_key(name)] for name in names}


def _seen_here() -> dict[str, str]:
    """What this request has looked at; outside of one (a task, a command) nothing is held."""
    seen = getattr(_seen, "versions", None)
    return {} if seen is None else seen


@contextmanager
def _one_look():
    before = getattr(_seen, "versions", None)
    _seen.versions = {}
    try:
        yield
    finally:
        _seen.versions = before


class PageCacheMiddleware:
    """Serves kept pages before sessions, users and the database are looked at."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with _one_look():
            return self._answer(request)

    def _answer(self, request):
        if not may_keep(request):
            return self.get_response(request)
        key = _key(request)
        kept = cache.get(key)
        if kept and _is_current(kept):
            _do_each_time(kept)
            return _restore(request, kept)
        response = self.get_response(request)
        if getattr(request, "page_cache_tags", None) and _is_keepable(response):
            kept = {
                "content": response.content,
                "type": response["Content-Type"],
                "etag": f'"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"',
                "tags": request.page_cache_tags,
                "until": _until(request),
                "each_time": getattr(request, "page_cache_each_time", []),
            }
            cache.set(key, kept, settings.PAGE_CACHE_SECONDS)
            _describe(response, kept)
        return response


def _do_each_time(kept: dict) -> None:
    """A failure is logged: the reader gets the page all the same."""
    for verb, kwargs in kept.get("each_time", ()):
        try:
            verb(**kwargs)
        except Exception:
            # The kept page is good; what is counted beside it may be anybody's code.
            log.exception("%s failed for a kept page", verb.__name__)


def _until(request: HttpRequest) -> float:
    """The second (since the epoch) from which the clock alone makes the page another one."""
    until = getattr(request, "page_cache_until", None)
    return until.timestamp() if until else float("inf")


def _key(request: HttpRequest) -> str:
    shown = [(name, request.GET[name]) for name in SHOWN_PARAMETERS if name in request.GET]
    # RELEASE: a page kept before an update points at scripts and styles that are gone.
    whole = f"{settings.RELEASE} {request.scheme}://{request.get_host()}{request.path}?{urlencode(shown)}"
    return f"page:{hashlib.blake2b(whole.encode(), digest_size=20).hexdigest()}"


def _is_current(kept: dict) -> bool:
    if time.time() >= kept["until"]:
        return False
    found = cache.get_many([_tag_key(name) for name in kept["tags"]])
    return found == {_tag_key(name): version for name, version in kept["tags"].items()}


def _is_keepable(response: HttpResponse) -> bool:
    return response.status_code == 200 and not response.streaming and not response.cookies


def _restore(request: HttpRequest, kept: dict) -> HttpResponse:
    if request.headers.get("If-None-Match") == kept["etag"]:
        return _describe(HttpResponseNotModified(), kept)
    return _describe(HttpResponse(kept["content"], content_type=kept["type"]), kept)


def _describe(response: HttpResponse, kept: dict) -> HttpResponse:
    response["ETag"] = kept["etag"]
    # Readers' browsers ask again each time: only the server knows when a page has changed.
    response["Cache-Control"] = "private, no-cache"
    return response
