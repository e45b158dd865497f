from datetime import date, timedelta

from django.db.models import Count, ExpressionWrapper, F, FloatField, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from search import lexicon
from search.models import SearchLog
from search.text.match import find_terms
from search.text.normalise import normalise

#: Searched fewer times, a word says nothing about a rise.
RISING_LEAST = 3
RISING_TIMES = 1.5


def _since(days: int):
    day = timezone.localdate() - timedelta(days=days - 1)
    return SearchLog.objects.filter(day__gte=day).values("term").annotate(count=Sum("count"))


def popular(days: int = 7, limit: int = 10) -> list[dict]:
    """Return the most searched terms as {"term", "count"}, the commonest first. For editors."""
    return list(_since(days).order_by("-count", "term").values("term", "count")[:limit])


def popular_known(days: int = 7, limit: int = 8) -> list[str]:
    """Return popular terms fit for the public: only words of the lexicon, nobody's free text."""
    known = lexicon.current().entries
    return [row["term"] for row in popular(days, 100) if row["term"] in known][:limit]


def terms(days: int) -> QuerySet:
    """Return the terms searched in the last ``days`` days, today included, the commonest first.

    Rows {"term", "now", "before", "times", "best", "last"}: searches now and in as many days
    before, how many ``times`` as often, the most results it had, the last day. ``times`` is
    (now + 1) ÷ (before + 1): the 1 keeps a word that was searched once from rising without end.
    """
    since = timezone.localdate() - timedelta(days=days - 1)
    now, before = Q(day__gte=since), Q(day__lt=since)
    return (
        SearchLog.objects.filter(day__gte=since - timedelta(days=days))
        .values("term")
        .annotate(
            now=Coalesce(Sum("count", filter=now), 0),
            before=Coalesce(Sum("count", filter=before), 0),
            best=Max("hits", filter=now),
            last=Max("day"),
        )
        .filter(now__gt=0)
        .annotate(
            times=ExpressionWrapper((F("now") + 1.0) / (F("before") + 1.0), FloatField()),
        )
        .order_by("-now", "term")
    )


def rising(days: int = 7, limit: int = 20) -> list[dict]:
    """Return the ``terms`` searched at least RISING_TIMES as often as before, the steepest first.

    Terms below RISING_LEAST searches are left out.
    """
    found = terms(days).filter(now__gte=RISING_LEAST, times__gte=RISING_TIMES)
    return list(found.order_by("-times", "-now", "term")[:limit])


def nothing_found(days: int = 30, limit: int = 50) -> list[dict]:
    """Return the ``terms`` that found nothing all the time."""
    return list(terms(days).filter(best=0)[:limit])


def totals(days: int) -> list[dict]:
    """Return {"searches", "terms", "empty"} of the last ``days`` days and of those before.

    ``empty``: searches on days whose last search for the term found nothing.
    """
    since = timezone.localdate() - timedelta(days=days - 1)
    halves = {"now": Q(day__gte=since), "before": Q(day__lt=since)}
    found = SearchLog.objects.filter(day__gte=since - timedelta(days=days)).aggregate(
        **{
            f"{name}_{half}": figure
            for half, within in halves.items()
            for name, figure in {
                "searches": Coalesce(Sum("count", filter=within), 0),
                "terms": Count("term", distinct=True, filter=within),
                "empty": Coalesce(Sum("count", filter=within & Q(hits=0)), 0),
            }.items()
        }
    )
    return [
        {name: found[f"{name}_{half}"] for name in ("searches", "terms", "empty")}
        for half in halves
    ]


def by_day(days: int) -> dict[date, tuple[int, int]]:
    """Return for each of the last ``days`` days (searches, those of them that found nothing)."""
    today = timezone.localdate()
    each = [today - timedelta(days=back) for back in reversed(range(days))]
    found = SearchLog.objects.filter(day__gte=each[0]).values("day").order_by()
    figures = {
        row["day"]: (row["searches"], row["empty"])
        for row in found.annotate(
            searches=Sum("count"), empty=Coalesce(Sum("count", filter=Q(hits=0)), 0)
        )
    }
    return {day: figures.get(day, (0, 0)) for day in each}


def by_source(days: int) -> list[tuple[str, int]]:
    """Return (source, searches) of the last ``days`` days, the busiest first."""
    since = timezone.localdate() - timedelta(days=days - 1)
    found = SearchLog.objects.filter(day__gte=since).values_list("source")
    return list(found.annotate(searches=Sum("count")).order_by("-searches", "source"))


def near_terms(query: str, limit: int = 8) -> list[str]:
    """Return words of the lexicon near ``query``: what it is properly called, and its topic's.

    Without a known word, those that share two neighbouring characters with it. Reads no table.
    """
    words = lexicon.current()
    asked = normalise(query, 120)
    matches = find_terms(asked)
    near = [match.canonical for match in matches]
    for match in matches:
        near += words.topics.get(match.topic, ())
    if not near:
        pairs = {asked[at : at + 2] for at in range(len(asked) - 1)}
        near = [
            entry.canonical
            for term, entry in words.entries.items()
            if any(term[at : at + 2] in pairs for at in range(len(term) - 1))
        ]
    return [term for term in dict.fromkeys(near) if term != asked][:limit]
