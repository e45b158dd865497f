"""All waiting times of the matrix, in seconds, in one place.

MATRIX_PACE multiplies them: 1 in production; a rehearsal of a day in minutes sets it lower.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

# Contract §1.1: 100 status calls a day. The callback is the usual way; these are the fallback.
POLLS = (10, 30, 120, 600, 3600)
RETRIES = (10, 60, 300, 900, 3600)
# Somebody has to publish or delete by hand: has it been done?
BY_HAND = (300, 900, 1800, 3600, 3 * 3600)
MOST_TRIES = 8
# A task under way to a worker; after that the sweep takes it for lost.
QUEUED = 60
# What should have ended by then is overdue: somebody is told.
OVERDUE = {"approved": 900, "submitting": 600, "submitted": 3600, "unknown": 1800, "console": 86400}
WORKER_SILENT = 120


def later(seconds: float) -> datetime:
    return timezone.now() + span(seconds)


def span(seconds: float) -> timedelta:
    return timedelta(seconds=seconds * settings.MATRIX_PACE)


def after(waits: Sequence[float], attempts: int) -> datetime:
    """When to try again after `attempts` tries (the first is 1)."""
    return later(waits[min(max(attempts - 1, 0), len(waits) - 1)])
