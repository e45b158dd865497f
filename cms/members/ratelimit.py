"""A counter per key and time window in the shared cache, for everything a stranger may repeat."""

import time

from django.core.cache import caches

cache = caches["visits"]


def allow(key: str, limit: int, seconds: int) -> bool:
    """Count one attempt and say whether it is among the first `limit` in this window.

    Windows are fixed: at worst a caller gets twice the limit across a border.
    """
    window = int(time.time() // seconds)
    counter = f"rate:{key}:{window}"
    if cache.add(counter, 1, seconds + 1):
        return limit >= 1
    try:
        return cache.incr(counter) <= limit
    except ValueError:  # The entry went between the two calls: a new window.
        cache.add(counter, 1, seconds + 1)
        return True


def address(request) -> str:
    """The caller's address as the last trusted proxy saw it."""
    forwarded = request.META.get("HTTP_X_REAL_IP", "")
    return forwarded or request.META.get("REMOTE_ADDR", "")
