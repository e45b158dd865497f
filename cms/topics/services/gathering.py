"""Searches become voices. What people write comes by signal (cms.topics.receivers)."""

from datetime import date, datetime, time, timedelta

from django.db.models import Max, Min, Sum
from django.utils import timezone

from cms.topics.models import Voice
from cms.topics.selectors.scope import SEARCHED
from cms.topics.services.voices import tidy, voice_take_in
from search.models import SearchLog


def searches_take_in(*, since: date | None = None) -> int:
    """Each term's searches of one day become one voice that weighs as many; one that found nothing
    is told apart. Returns how many are new or have grown. Without `since`: from the day before the
    last one taken in."""
    days = SearchLog.objects.all()
    last = Voice.objects.filter(source__in=SEARCHED).aggregate(last=Max("day"))["last"]
    if since or last:
        days = days.filter(day__gte=since or last - timedelta(days=1))
    rows = days.values("day", "term").annotate(
        times=Sum("count"), as_typed=Max("shown"), fewest=Min("hits")
    )
    weights = dict(
        Voice.objects.filter(
            source__in=SEARCHED, day__in=days.values("day").distinct()
        ).values_list("origin", "weight")
    )
    taken = 0
    for row in rows.order_by("day", "term"):
        origin = f"search:{row['day']}:{row['term']}"
        if weights.get(origin) != row["times"] and tidy(row["as_typed"]):
            voice_take_in(
                origin=origin,
                source=Voice.Source.SEARCH if row["fewest"] else Voice.Source.EMPTY,
                text=row["as_typed"],
                said_at=timezone.make_aware(datetime.combine(row["day"], time(12))),
                weight=row["times"],
            )
            taken += 1
    return taken
