"""Reads: the board of topics, and the voices behind each of its figures.

Board and drill-down count from the same base, `heard()`, so that a figure and the list it opens
always agree. The number of queries does not depend on the number of voices.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Max,
    Min,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Concat, Length, RowNumber
from django.utils import timezone

from cms.interactions.privacy import mask
from cms.members.models import Union
from cms.topics.heat import EARLIER_WINDOWS, heat
from cms.topics.models.voices import Topic, Voice, VoiceTopic
from search.text.normalise import normalise

DAY_CHOICES = (7, 28, 84)
TOPICS_SHOWN = 60
WORDS_SHOWN = 5
SENTENCES_SHOWN = 2
#: Sentences looked at for each topic; some fall out as repetitions.
SENTENCES_READ = 8
#: A sentence of this length says something and is still quickly read.
SENTENCE_LENGTH = (10, 60)
VOICES_PER_PAGE = 30

Source = Voice.Source
SPEAKING = tuple(source for source in Source.values if source != Source.SEARCH)
SPOKEN = ~Q(source=Source.SEARCH)
#: People's own words: not an option somebody wrote for them, not a search.
OWN_WORDS = (Source.SITE, Source.WECHAT, Source.WEIBO, Source.POLL)


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

    def earlier(self, times: int = 1) -> "Period":
        """The period of equal length that ended `times` periods before this one."""
        back = timedelta(days=self.days * times)
        return Period(self.first - back, self.last - back)

    @property
    def q(self) -> Q:
        return Q(day__range=(self.first, self.last))


@dataclass(frozen=True)
class Row:
    """One topic on the board. `voices` and `people` are of those who spoke; `searches` apart."""

    topic: Topic
    rank: int
    heat: float
    voices: int
    people: int
    times: int
    searches: int
    sources: dict[str, int]
    people_before: int
    days: list[int]
    words: list[tuple[str, int]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    @property
    def change(self) -> int:
        """People more (or fewer) than in the period before."""
        return self.people - self.people_before

    @property
    def busiest(self) -> int:
        return max(self.days)


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
        found = found.filter(Q(union__in=unions) | Q(source=Source.SEARCH))
    if union is not None:
        found = found.filter(union__path__startswith=union.path)
    return found


def board(
    *,
    days: int = 28,
    source: str = "",
    unions: QuerySet[Union] | None = None,
    union: Union | None = None,
    states: Iterable[str] = (Topic.State.SHOWN, Topic.State.PROPOSED),
    today: date | None = None,
    quotable_only: bool = False,
) -> list[Row]:
    """Topics of the last `days` days: pinned ones first, then by heat; proposed ones at the end.
    Five queries.

    `quotable_only` takes the sentences from public voices alone.
    """
    period = Period.of(days, today)
    scope = {"source": source, "unions": unions, "union": union}
    topics = Topic.objects.filter(state__in=states).in_bulk()
    figures = [
        figure
        for figure in _figures(period, scope)
        if figure["about"] in topics and (figure["voices"] or figure["searches"])
    ]
    for figure in figures:
        figure["topic"] = topics[figure["about"]]
        figure["heat"] = heat(
            times=figure["times"],
            people=figure["people"],
            searches=figure["searches"],
            earlier=[figure[f"people_{n}"] for n in range(1, EARLIER_WINDOWS + 1)],
        )
    figures.sort(key=_order)
    figures = figures[:TOPICS_SHOWN]
    shown = [figure["topic"].pk for figure in figures]
    voices = _by_topic(heard(period=period, **scope)).filter(about__in=shown)
    per_day = _per_day(voices, period)
    words = _words(voices)
    sentences = _sentences(voices, quotable_only)
    return [
        Row(
            topic=figure["topic"],
            rank=rank,
            heat=figure["heat"],
            voices=figure["voices"],
            people=figure["people"],
            times=figure["times"],
            searches=figure["searches"],
            sources=_sources(figure),
            people_before=figure["people_1"],
            days=per_day[figure["topic"].pk],
            words=words[figure["topic"].pk],
            sentences=sentences[figure["topic"].pk],
        )
        for rank, figure in enumerate(figures, start=1)
    ]


def _by_topic(voices: QuerySet[Voice]) -> QuerySet[Voice]:
    """Each voice once for each of its topics. All queries go through this one join."""
    return voices.annotate(about=F("links__topic"))


def _order(figure: dict) -> tuple:
    topic = figure["topic"]
    proposed = topic.state == Topic.State.PROPOSED
    return (proposed, not topic.pinned, -figure["heat"], -figure["people"], topic.pk)


def _figures(period: Period, scope: dict) -> QuerySet:
    """Counts by topic for the period and the people of the periods before it."""
    earlier = {n: period.earlier(n) for n in range(1, EARLIER_WINDOWS + 1)}
    now = period.q & SPOKEN
    whole = Period(earlier[EARLIER_WINDOWS].first, period.last)
    return (
        _by_topic(heard(period=whole, **scope))
        .filter(about__isnull=False)
        .values("about")
        .annotate(
            voices=Count("pk", filter=now),
            people=_people(now),
            times=Count(
                Concat("person_key", Value("/"), Cast("day", CharField())),
                distinct=True,
                filter=now,
            ),
            **{f"people_{n}": _people(before.q & SPOKEN) for n, before in earlier.items()},
            **_from_sources(period.q),
        )
    )


def _from_sources(when: Q) -> dict:
    """Aggregates `searches` and `from_<source>` for each source in which people speak."""
    return {
        "searches": Sum("weight", filter=when & Q(source=Source.SEARCH), default=0),
        **{f"from_{source}": Count("pk", filter=when & Q(source=source)) for source in SPEAKING},
    }


def _sources(figures: dict) -> dict[str, int]:
    return {
        **{source: figures[f"from_{source}"] for source in SPEAKING},
        Source.SEARCH.value: figures["searches"],
    }


def _people(when: Q) -> Count:
    return Count("person_key", distinct=True, filter=when)


def _per_day(voices: QuerySet[Voice], period: Period) -> dict[int, list[int]]:
    counts: dict[int, list[int]] = defaultdict(lambda: [0] * period.days)
    rows = voices.filter(SPOKEN).values_list("about", "day").annotate(n=Count("pk"))
    for topic, day, number in rows:
        counts[topic][(day - period.first).days] = number
    return counts


def _words(voices: QuerySet[Voice]) -> dict[int, list[tuple[str, int]]]:
    """By topic its words and how many voices have them: its own terms, and keywords that at
    least two voices share."""
    rows = (
        voices.filter(SPOKEN)
        .annotate(word=F("words__word"), owner=F("words__topic"))
        .filter(Q(owner=F("about")) | Q(owner=None, word__isnull=False))
        .values("about", "word", "owner")
        .annotate(n=Count("pk"))
        .filter(Q(owner__isnull=False) | Q(n__gte=2))
        .annotate(place=_place("-n", "word"))
        .filter(place__lte=WORDS_SHOWN)
        .order_by("about", "place")
        .values_list("about", "word", "n")
    )
    words: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for topic, word, number in rows:
        words[topic].append((word, number))
    return words


def _sentences(voices: QuerySet[Voice], quotable_only: bool) -> dict[int, list[str]]:
    """By topic the shortest sentences that say something, no two alike, numbers masked."""
    if quotable_only:
        voices = voices.filter(is_public=True)
    shortest, longest = SENTENCE_LENGTH
    rows = (
        voices.filter(source__in=OWN_WORDS)
        .annotate(sentence=F("links__sentence"), size=Length("links__sentence"))
        .annotate(
            outside=Case(
                When(size__range=(shortest, longest), then=0),
                default=1,
                output_field=IntegerField(),
            )
        )
        .values("about", "sentence", "size", "outside")
        .annotate(n=Count("pk"))
        .annotate(place=_place("outside", "size", "sentence"))
        .filter(place__lte=SENTENCES_READ)
        .order_by("about", "place")
        .values_list("about", "sentence")
    )
    chosen: dict[int, dict[str, str]] = defaultdict(dict)
    for topic, sentence in rows:
        if len(chosen[topic]) < SENTENCES_SHOWN:
            key = "".join(letter for letter in normalise(sentence) if letter.isalnum())
            chosen[topic].setdefault(key, mask(sentence).text)
    return defaultdict(list, {topic: list(kept.values()) for topic, kept in chosen.items()})


def _place(*order: str) -> Window:
    return Window(RowNumber(), partition_by=[F("about")], order_by=list(order))


def texts_since(moment: datetime) -> Iterator[str]:
    """What workers said in public since then, newest first. Registered for new words, whose
    examples people read: private messages stay out."""
    since = Voice.objects.filter(is_public=True, source__in=OWN_WORDS, said_at__gte=moment)
    yield from since.order_by("-said_at").values_list("text", flat=True).iterator()


# --- The words behind a figure -------------------------------------------------------------------


@dataclass(frozen=True)
class Totals:
    voices: int
    people: int
    searches: int
    sources: dict[str, int]


def voices_behind(*, topic: Topic, word: str = "", **scope) -> QuerySet[Voice]:
    """The voices that a board's figure counted; `scope` as for `heard()`."""
    found = heard(**scope).filter(links__topic=topic)
    if word:
        found = found.filter(words__word=word)
    return found


def totals(voices: QuerySet[Voice]) -> Totals:
    """What the board would say of these voices. One query."""
    found = voices.aggregate(
        voices=Count("pk", filter=SPOKEN),
        people=_people(SPOKEN),
        **_from_sources(Q()),
    )
    return Totals(found["voices"], found["people"], found["searches"], _sources(found))


def utterances(*, topic: Topic, voices: QuerySet[Voice], page: str = "") -> Page:
    """One page of what was said, newest first; the same words under the same story are one row.

    Each row is a dict: text, source, said_at (latest), times, people, link, story (title) and
    `pieces`, the text as [(piece, is_marked)] with numbers masked.
    """
    rows = voices.values("text", "source", "story", "story__title").annotate(
        times=Sum("weight"),
        people=_people(SPOKEN),
        latest=Max("said_at"),
        link=Max("link"),
        sample=Min("pk"),
    )
    shown = Paginator(rows.order_by("-latest", "-sample"), VOICES_PER_PAGE).get_page(page)
    samples = [row["sample"] for row in shown.object_list]
    marks = dict(
        VoiceTopic.objects.filter(topic=topic, voice__in=samples).values_list("voice", "marks")
    )
    for row in shown.object_list:
        row["source_label"] = Source(row["source"]).label
        row["pieces"] = pieces(row["text"], marks.get(row["sample"], []))
    return shown


def pieces(text: str, marks: list[list[int]]) -> list[tuple[str, bool]]:
    """`text` cut at its marks: [(piece, is_marked)]; phone numbers and the like are masked."""
    cut: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(marks):
        cut += [(mask(text[at:start]).text, False), (text[start:end], True)]
        at = end
    cut.append((mask(text[at:]).text, False))
    return [piece for piece in cut if piece[0]]
