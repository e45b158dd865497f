"""Verbs that write: count a reading, count a refusal."""

from django.core.cache import caches
from django.db import IntegrityError, connection
from django.utils import timezone

from cms.analytics.models import ReadTally
from cms.analytics.signals import page_viewed

cache = caches["visits"]

# One statement, so that readers who come at the same moment are all counted.
_UPSERT = """
    INSERT INTO analytics_readtally (page_id, day, source, reads) VALUES (%s, %s, %s, 1)
    ON CONFLICT (page_id, day, source) DO UPDATE SET reads = analytics_readtally.reads + 1
"""
_KEPT_SECONDS = 2 * 86400


def reading_count(*, page_id: int, source: str) -> bool:
    """Add one reading of today; False when the story has gone meanwhile."""
    day = connection.ops.adapt_datefield_value(timezone.localdate())
    try:
        with connection.cursor() as cursor:
            cursor.execute(_UPSERT, [page_id, day, source])
    except IntegrityError:
        return False
    page_viewed.send_robust(sender=ReadTally, page_id=page_id, source=source)
    return True


def refusal_count(*, reason: str) -> None:
    """Raise today's counter of openings that were not counted; nothing else is kept of them."""
    key = refusal_key(reason)
    if not cache.add(key, 1, _KEPT_SECONDS):
        try:
            cache.incr(key)
        except ValueError:  # It went between the two calls.
            cache.add(key, 1, _KEPT_SECONDS)


def refusal_key(reason: str) -> str:
    return f"reads-refused:{timezone.localdate()}:{reason}"
