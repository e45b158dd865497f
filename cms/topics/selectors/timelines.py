"""How a topic went over time: by day, by week, and what people decided about it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncWeek
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.members.models import Union
from cms.topics.models.topics import Topic
from cms.topics.models.voices import Voice
from cms.topics.selectors.scope import SEARCHED, SPOKEN, Period, by_topic, heard, people_of

#: A longer time is drawn by weeks.
DRAWN_BY_DAY = 92
WEEKS_SHOWN = 12
DECISIONS_SHOWN = 50


@dataclass(frozen=True)
class Bar:
    """What was said, or searched, in a day or a week."""

    period: Period
    number: int


def timeline(voices: QuerySet[Voice], period: Period, source: str = "") -> list[Bar]:
    """The voices of each day (of each seven days of a long period), the oldest first; searches are
    counted as often as they were made. One query."""
    if source in SEARCHED:
        rows = voices.values_list("day").annotate(n=Sum("weight"))
    else:
        rows = voices.filter(SPOKEN).values_list("day").annotate(n=Count("pk"))
    step = 1 if period.days <= DRAWN_BY_DAY else 7
    numbers: dict[int, int] = defaultdict(int)
    for day, number in rows:
        numbers[(day - period.first).days // step] += number
    bars = []
    for place in range(0, period.days, step):
        first = period.first + timedelta(days=place)
        last = min(first + timedelta(days=step - 1), period.last)
        bars.append(Bar(Period(first, last), numbers[place // step]))
    return bars


@dataclass(frozen=True)
class Week:
    """A topic in one week, Monday to Sunday (or to today). `place` among `of` topics of its kind,
    by people; 0 when nobody spoke of it."""

    period: Period
    people: int
    place: int
    of: int

    @property
    def is_going_on(self) -> bool:
        return self.period.last >= timezone.localdate()


def weeks_of(
    *, topic: Topic, unions: QuerySet[Union] | None = None, today: date | None = None
) -> list[Week]:
    """The last WEEKS_SHOWN weeks of a topic, the latest first. Two queries."""
    today = today or timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS_SHOWN - 1)
    others = Topic.objects.filter(
        Q(state=Topic.State.SHOWN) | Q(pk=topic.pk), kind=topic.kind, merged_into=None
    )
    rows = (
        by_topic(heard(period=Period(first, today), unions=unions).filter(SPOKEN))
        .filter(about__in=list(others.values_list("pk", flat=True)))
        .annotate(week=TruncWeek("day"))
        .values_list("week", "about")
        .annotate(n=people_of(Q()))
    )
    people: dict[date, dict[int, int]] = defaultdict(dict)
    for week, about, number in rows:
        people[week][about] = number
    mondays = [monday - timedelta(weeks=number) for number in range(WEEKS_SHOWN)]
    return [_week(topic.pk, start, people[start], today) for start in mondays]


def _week(topic: int, monday: date, people: dict[int, int], today: date) -> Week:
    mine = people.get(topic, 0)
    place = 1 + sum(number > mine for number in people.values()) if mine else 0
    return Week(Period(monday, min(monday + timedelta(days=6), today)), mine, place, len(people))


def decisions(topic: Topic) -> list[ModelLogEntry]:
    """What people decided about a topic, the latest first; the words are in `data`. One query."""
    entries = ModelLogEntry.objects.for_instance(topic).select_related("user")
    return list(entries.order_by("-timestamp", "-pk")[:DECISIONS_SHOWN])
