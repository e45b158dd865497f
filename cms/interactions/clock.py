"""Kept pages that change by the clock alone: a poll opens or closes and nobody writes a row."""

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string

from cms.news import pagecache


def tag(request: HttpRequest, name: str, *moments: datetime | None) -> None:
    """Tag the page with `name`, a tag that dies at the first of `moments` still to come."""
    now = timezone.now()
    to_come = [moment for moment in moments if moment and moment > now]
    if not to_come:
        return
    seconds = max(1, int((min(to_come) - now).total_seconds()))
    # A tag whose version has gone makes the kept page stale: exactly what is wanted then.
    cache.add(pagecache._tag_key(name), get_random_string(12), timeout=seconds)
    pagecache.tag(request, name)
