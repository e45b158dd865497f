"""Which days have to be grouped (again), and who is at it.

Whoever changes, adds or removes a voice says so here. A run takes the earliest such day over, so
that a voice that comes meanwhile is not overlooked; a run that died is taken up by the next.
"""

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from cms.topics.models import Checkpoint, Progress

#: A run that gave no sign of life for so long has died.
DEAD_AFTER = timedelta(minutes=10)


def progress() -> Progress:
    return Progress.objects.get_or_create(pk=1)[0]


def day_touch(day: date) -> None:
    """Something said on `day` came, changed or went: from there on groups are found anew.

    What was remembered of that day and later goes at once, with the words in it.
    """
    later = Q(dirty_from=None) | Q(dirty_from__gt=day)
    if not Progress.objects.filter(later, pk=1).update(dirty_from=day):
        Progress.objects.get_or_create(pk=1, defaults={"dirty_from": day})
    Checkpoint.objects.filter(day__gte=day).delete()


def run_claim() -> date | None:
    """Take the work over: the earliest day to be grouped; None when there is nothing to do, or
    another run is at it."""
    row = progress()
    now = timezone.now()
    if row.claimed_from and row.seen_at and row.seen_at > now - DEAD_AFTER:
        return None
    first = min(filter(None, (row.dirty_from, row.claimed_from)), default=None)
    if first is None or first > timezone.localdate():
        return None
    claimed = Progress.objects.filter(
        pk=1, dirty_from=row.dirty_from, claimed_from=row.claimed_from, seen_at=row.seen_at
    ).update(dirty_from=None, claimed_from=first, seen_at=now, done=0, total=0)
    return first if claimed else None


def run_beat(*, done: int, total: int) -> None:
    """A sign of life, with how far the run is."""
    Progress.objects.filter(pk=1).update(seen_at=timezone.now(), done=done, total=total)


def run_end() -> None:
    Progress.objects.filter(pk=1).update(claimed_from=None, done=0, total=0)


def run_give_back(first: date) -> None:
    """The run failed: what it took over is to be done again."""
    day_touch(first)
    run_end()
