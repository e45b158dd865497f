"""What the ranking counts with: how many documents, how long, and the tokens all of them hold."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from search.models import IndexStatistics

#: A process notices what others indexed at the latest after this many seconds.
CHECK_SECONDS = 60
#: A token in more than this share of the documents tells too little to be looked up.
COMMON_SHARE = 0.2
#: A token's share is known from here on.
FREQUENT_SHARE = 0.02
#: Fewer documents than this are read whole: nothing in them is frequent.
FREQUENT_FROM = 1_000

_lock = threading.Lock()
_held: "Statistics | None" = None
_checked_at = 0.0


@dataclass(frozen=True, slots=True)
class Statistics:
    """``average``: units in a document; ``shares``: of the documents, for frequent tokens;
    ``common``: those that too many documents hold to tell anything."""

    documents: int
    average: float
    shares: Mapping[str, float]
    common: frozenset[str] = frozenset()


def current() -> Statistics:
    """Return the statistics in force; one small query every ``CHECK_SECONDS``, else none."""
    global _held, _checked_at
    if _held is not None and time.monotonic() - _checked_at < CHECK_SECONDS:
        return _held
    with _lock:
        _held = read()
        _checked_at = time.monotonic()
        return _held


def forget() -> None:
    """Make the next ``current()`` look at the table again."""
    global _held
    _held = None


def read() -> Statistics:
    row = IndexStatistics.objects.filter(pk=1).first()
    if row is None or not row.documents:
        return Statistics(1, 1.0, {})
    shares = row.frequent
    common = frozenset(token for token, share in shares.items() if share > COMMON_SHARE)
    return Statistics(row.documents, max(row.units / row.documents, 1.0), shares, common)


def added(documents: int, units: int) -> None:
    """Count documents that came into the index; negative numbers for those that left it."""
    _row, created = IndexStatistics.objects.get_or_create(
        pk=1, defaults={"documents": max(documents, 0), "units": max(units, 0)}
    )
    if not created:
        IndexStatistics.objects.filter(pk=1).update(
            documents=_at_least_nothing(F("documents") + documents),
            units=_at_least_nothing(F("units") + units),
        )
    transaction.on_commit(forget)


def _at_least_nothing(value):
    return Greatest(value, 0, output_field=models.BigIntegerField())


def frequent_due() -> bool:
    """Whether the index has grown so much that its frequent tokens must be counted again."""
    row = IndexStatistics.objects.filter(pk=1).first()
    return row is not None and row.documents >= max(FREQUENT_FROM, 2 * row.counted)


def frequent_counted(shares: Mapping[str, float]) -> None:
    IndexStatistics.objects.filter(pk=1).update(frequent=shares, counted=F("documents"))
    transaction.on_commit(forget)


def restart() -> None:
    """The index was emptied."""
    IndexStatistics.objects.filter(pk=1).delete()
    forget()
