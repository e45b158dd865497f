"""From voices to topics: gather, read, group, name. Repeating it changes nothing.

Groups are a function of the set of voices alone (cms.topics.detection). Days that are over leave a
checkpoint; new voices are put to the checkpoint of yesterday, so that they cost as they come. Where
an older voice came late or went, the run goes back to the checkpoint before it and on from there,
and the outcome is the same as if all had been grouped from the beginning.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Min, Q
from django.utils import timezone

from cms.topics.detection import Day, Detector, Said, UnknownState
from cms.topics.models import Checkpoint, GroupMerge, Voice
from cms.topics.selectors.scope import OWN_WORDS
from cms.topics.services.gathering import searches_take_in
from cms.topics.services.issues import Moves, issues_update
from cms.topics.services.linking import BATCH
from cms.topics.services.pages import concerns_touch
from cms.topics.services.progress import (
    day_touch,
    run_beat,
    run_claim,
    run_end,
    run_give_back,
)
from cms.topics.services.reading import topics_seed, voices_read
from cms.topics.services.rises import rises_find

#: Checkpoints kept: of the last days, and of Sundays. What is older is grouped from the beginning.
DAYS_KEPT = 8
WEEKS_KEPT = 26


def voices_group(*, today: date | None = None) -> dict[str, int]:
    """Gather searches, read what is unread, group, name what is new, watch what rises.

    Returns how many voices were taken in and read, and how many days were grouped.
    """
    today = today or timezone.localdate()
    topics_seed()
    done = {
        "searches": searches_take_in(),
        "read": voices_read(),
        "days": days_group(today=today),
    }
    if any(done.values()):
        rises_find(today=today)
        concerns_touch()
    return done


def groups_rebuild() -> None:
    """Forget all that was remembered: the next run groups from the beginning."""
    first = Voice.objects.filter(source__in=OWN_WORDS).aggregate(first=Min("day"))["first"]
    if first:
        day_touch(first)


def days_group(*, today: date) -> int:
    """Group the days that wait for it. Returns how many there were."""
    first = run_claim()
    if first is None:
        return 0
    try:
        moves, days = _replay(first, today)
        issues_update(moves=moves, today=today)
    except Exception:
        run_give_back(first)
        raise
    run_end()
    return days


def _replay(first: date, today: date) -> tuple[Moves, int]:
    """Group from the checkpoint before `first` to `today`; the group of each voice that changed."""
    detector = _resume(first)
    start = detector.day + timedelta(days=1) if detector.day else date.min
    GroupMerge.objects.filter(day__gte=start).delete()
    Checkpoint.objects.filter(day__gte=start).delete()
    own = Voice.objects.filter(source__in=OWN_WORDS, day__range=(start, today))
    days = list(own.order_by("day").values_list("day", flat=True).distinct())
    moves = Moves()
    for done, day in enumerate(days):
        run_beat(done=done, total=len(days))
        _write(day, detector.advance(day, _said_on(day)), moves)
        if day < today:
            _remember(detector, day, today)
    _forget_checkpoints(today)
    return moves, len(days)


def _resume(first: date) -> Detector:
    """The detector as it was at the end of the last remembered day before `first`."""
    checkpoint = Checkpoint.objects.filter(day__lt=first).order_by("-day").first()
    if checkpoint is None:
        return Detector()
    try:
        return Detector.load(bytes(checkpoint.state))
    except UnknownState:
        Checkpoint.objects.all().delete()
        return Detector()


def _said_on(day: date) -> Iterator[Said]:
    rows = Voice.objects.filter(source__in=OWN_WORDS, day=day).values_list(
        "origin", "person_key", "text", "title"
    )
    for origin, person, text, title in rows.iterator():
        yield Said(id=origin, day=day, person=person, text=text, title=title)


@transaction.atomic
def _write(day: date, found: Day, moves: Moves) -> None:
    """Keep what one day brought."""
    changed = []
    voices = Voice.objects.filter(source__in=OWN_WORDS, day=day)
    for pk, origin, before, copied in voices.values_list("pk", "origin", "group", "copy_of"):
        group = found.assigned.get(origin, "")
        copy_of = found.copy_of.get(origin, "")
        if (before, copied) != (group, copy_of):
            moves.note(pk, before, group)
            changed.append((group, copy_of, pk))
    _place(changed)
    GroupMerge.objects.bulk_create(
        [GroupMerge(gone=gone, kept=kept, day=day) for gone, kept in found.moved()],
        batch_size=BATCH,
    )


def _place(rows: list[tuple[str, str, int]]) -> None:
    """Write (group, copy_of, voice's id). As one prepared statement: `bulk_update` makes a CASE of
    all rows, which costs more than the grouping itself."""
    names = (Voice._meta.db_table, *map(_column, ("group", "copy_of", "id")))
    quoted = [connection.ops.quote_name(name) for name in names]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE {} SET {} = %s, {} = %s WHERE {} = %s".format(*quoted), rows)


def _column(field: str) -> str:
    return Voice._meta.get_field(field).column


def _remember(detector: Detector, day: date, today: date) -> None:
    """Keep a checkpoint of a day that is over, if it will be one of those kept."""
    is_recent = day >= today - timedelta(days=DAYS_KEPT)
    is_sunday = day.isoweekday() == 7 and day >= today - timedelta(weeks=WEEKS_KEPT)
    if is_recent or is_sunday:
        Checkpoint.objects.update_or_create(day=day, defaults={"state": detector.dump()})


def _forget_checkpoints(today: date) -> None:
    old = Checkpoint.objects.filter(day__lt=today - timedelta(days=DAYS_KEPT))
    sundays = Q(day__iso_week_day=7, day__gte=today - timedelta(weeks=WEEKS_KEPT))
    old.exclude(sundays).delete()
