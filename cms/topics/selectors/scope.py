"""Which voices a person may hear, and of which days. Every figure of this room counts from
`heard()`, so that a figure and the list it opens always agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from cms.members.models import Union
from cms.topics.models.voices import Voice

DAY_CHOICES = (7, 28, 84)

Source = Voice.Source
SEARCHED = (Source.SEARCH, Source.EMPTY)
SPEAKING = tuple(source for source in Source.values if source not in SEARCHED)
SPOKEN = ~Q(source__in=SEARCHED)
#: People's own words: not an option somebody wrote for them, not a press of a button, no search.
OWN_WORDS = tuple(source for source in SPEAKING if source != Source.CARE)


@dataclass(frozen=True)
class Period:
    """Whole local days, both ends included."""

    first: date
    last: date

    @classmethod
    def of(cls, days: int, today: date | None = None) -> "Period":
        last = today or timezone.localdate()
        return cls(last - timedelta(days=days - 1), last)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def said(self) -> str:
        """近 7 天, when it ends today; otherwise its first and last day."""
        if self.last == timezone.localdate():
            return f"近 {self.days} 天"
        first = f"{self.first.month}月{self.first.day}日"
        return first if self.days == 1 else f"{first}至{self.last.month}月{self.last.day}日"

    @property
    def dates(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.days)]

    def earlier(self, times: int = 1) -> "Period":
        """The period of equal length that ended `times` periods before this one."""
        back = timedelta(days=self.days * times)
        return Period(self.first - back, self.last - back)

    @property
    def q(self) -> Q:
        return Q(day__range=(self.first, self.last))


def heard(
    *,
    period: Period | None = None,
    source: str = "",
    unions: QuerySet[Union] | None = None,
    union: Union | None = None,
) -> QuerySet[Voice]:
    """Voices within a reader's reach. `unions`: those whose voices he may hear, None for all;
    searches belong to the whole site. `union`: only this one and those below it."""
    found = Voice.objects.order_by()
    if period:
        found = found.filter(period.q)
    if source:
        found = found.filter(source=source)
    if unions is not None:
        found = found.filter(Q(union__in=unions) | Q(source__in=SEARCHED))
    if union is not None:
        found = found.filter(union__path__startswith=union.path)
    return found


def by_topic(voices: QuerySet[Voice]) -> QuerySet[Voice]:
    """Each voice once for each of its topics, which is `about`. Whatever counts by topic goes
    through this one join."""
    return voices.annotate(about=F("links__topic")).filter(about__isnull=False)


def people_of(when: Q) -> Count:
    """Different people among the voices of `when`."""
    return Count("person_key", distinct=True, filter=when)


def texts_since(moment: datetime) -> Iterator[str]:
    """What workers said in public since then, newest first. Registered for new words, whose
    examples people read: private messages stay out."""
    since = Voice.objects.filter(is_public=True, source__in=OWN_WORDS, said_at__gte=moment)
    yield from since.order_by("-said_at").values_list("text", flat=True).iterator()
