"""The board of topics. The number of queries does not depend on the number of voices."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Concat, Length, RowNumber

from cms.interactions.privacy import mask
from cms.members.models import Union
from cms.topics.heat import EARLIER_WINDOWS, heat
from cms.topics.models.topics import Topic
from cms.topics.models.voices import Voice
from cms.topics.selectors.scope import (
    OWN_WORDS,
    SEARCHED,
    SPEAKING,
    SPOKEN,
    Period,
    Source,
    heard,
    people_of,
)
from search.text.normalise import normalise

TOPICS_SHOWN = 60
WORDS_SHOWN = 5
SENTENCES_SHOWN = 2
#: Sentences looked at for each topic; some fall out as repetitions.
SENTENCES_READ = 8
#: A sentence of this length says something and is still quickly read.
SENTENCE_LENGTH = (10, 60)


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
            sources=sources_of(figure),
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
            people=people_of(now),
            times=Count(
                Concat("person_key", Value("/"), Cast("day", CharField())),
                distinct=True,
                filter=now,
            ),
            **{f"people_{n}": people_of(before.q & SPOKEN) for n, before in earlier.items()},
            **counts_by_source(period.q),
        )
    )


def counts_by_source(when: Q) -> dict:
    """Aggregates `searches` and `from_<source>` for each source in which people speak."""
    return {
        "searches": Sum("weight", filter=when & Q(source__in=SEARCHED), default=0),
        **{f"from_{source}": Count("pk", filter=when & Q(source=source)) for source in SPEAKING},
    }


def sources_of(figures: dict) -> dict[str, int]:
    return {
        **{source: figures[f"from_{source}"] for source in SPEAKING},
        Source.SEARCH.value: figures["searches"],
    }


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
