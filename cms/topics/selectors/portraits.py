"""What a row of the board tells of a topic beside its counts, for all topics at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from cms.topics.models.topics import Topic
from cms.topics.models.voices import Voice
from cms.topics.selectors.scope import SPOKEN, Period, by_topic, heard
from cms.topics.selectors.sentences import sentences

WORDS_READ = 12
WORDS_SHOWN = 6
PARTS_SHOWN = 3
#: Whose share of a topic is told: the few who speak most.
LOUDEST = 3


@dataclass(frozen=True)
class Part:
    """People of one union, or of one industry, who speak of a topic. `key` is what a filter asks
    for."""

    key: str
    name: str
    people: int


def portraits(
    voices: QuerySet[Voice], *, topics: Sequence[Topic], period: Period, quotable_only: bool
) -> dict[int, dict]:
    """By topic what `Row` holds of it. `voices` by topic (`by_topic`). Six queries."""
    of_these = voices.filter(about__in=[topic.pk for topic in topics])
    spoken = of_these.filter(SPOKEN)
    days = _per_day(spoken, period)
    words = _words(spoken)
    said = sentences(of_these, topics=topics, words=words, quotable_only=quotable_only)
    unions = _parts(spoken.filter(union__isnull=False), "union", "union__name")
    industries = _parts(spoken.exclude(industry=""), "industry", "industry")
    loudest = _loudest(spoken)
    return {
        topic.pk: {
            "days": days[topic.pk],
            "words": words[topic.pk][:WORDS_SHOWN],
            "sentences": said[topic.pk],
            "unions": unions[topic.pk],
            "industries": industries[topic.pk],
            "loudest": loudest.get(topic.pk, 0),
        }
        for topic in topics
    }


def public_sentences(*, topics: Sequence[Topic], period: Period) -> dict[int, list[str]]:
    """By topic what was said in public and stands for it, masked. Two queries."""
    voices = by_topic(heard(period=period)).filter(about__in=[topic.pk for topic in topics])
    words = _words(voices.filter(SPOKEN))
    return sentences(voices, topics=topics, words=words, quotable_only=True)


def place(*order: str) -> Window:
    """The place of a row among those of its topic."""
    return Window(RowNumber(), partition_by=[F("about")], order_by=list(order))


def _per_day(spoken: QuerySet[Voice], period: Period) -> dict[int, list[int]]:
    counts: dict[int, list[int]] = defaultdict(lambda: [0] * period.days)
    rows = spoken.values_list("about", "day").annotate(n=Count("pk"))
    for topic, day, number in rows:
        counts[topic][(day - period.first).days] = number
    return counts


def _words(spoken: QuerySet[Voice]) -> dict[int, list[tuple[str, int]]]:
    """By topic its words and how many voices have them: a theme's own terms, and what at least two
    voices share of keywords; of an issue terms of themes as well."""
    shared = Q(owner=None) | Q(kind=Topic.Kind.EMERGENT)
    rows = (
        spoken.annotate(
            word=F("words__word"), owner=F("words__topic"), kind=F("links__topic__kind")
        )
        .filter(Q(owner=F("about")) | shared, word__isnull=False)
        .values("about", "word", "owner")
        .annotate(n=Count("pk"))
        .filter(Q(owner=F("about")) | Q(n__gte=2))
        .annotate(place=place("-n", "word"))
        .filter(place__lte=WORDS_READ)
        .order_by("about", "place")
        .values_list("about", "word", "n")
    )
    words: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for topic, word, number in rows:
        words[topic].append((word, number))
    return words


def _parts(spoken: QuerySet[Voice], key: str, name: str) -> dict[int, list[Part]]:
    """By topic the values of a field that most people have; `name` is the field that is shown."""
    columns = list(dict.fromkeys((key, name)))
    rows = (
        spoken.values("about", *columns)
        .annotate(n=Count("person_key", distinct=True))
        .annotate(place=place("-n", key))
        .filter(place__lte=PARTS_SHOWN)
        .order_by("about", "place")
    )
    parts: dict[int, list[Part]] = defaultdict(list)
    for row in rows:
        parts[row["about"]].append(Part(str(row[key]), row[name], row["n"]))
    return parts


def _loudest(spoken: QuerySet[Voice]) -> dict[int, int]:
    """By topic the voices of the LOUDEST people who spoke most."""
    rows = (
        spoken.values("about", "person_key")
        .annotate(n=Count("pk"))
        .annotate(place=place("-n", "person_key"))
        .filter(place__lte=LOUDEST)
        .values_list("about", "n")
    )
    voices: dict[int, int] = defaultdict(int)
    for topic, number in rows:
        voices[topic] += number
    return voices


def loudest_people(spoken: QuerySet[Voice]) -> Iterable[str]:
    """The keys of the LOUDEST people among voices of one topic, by the same rule."""
    return (
        spoken.values("person_key")
        .annotate(n=Count("pk"))
        .order_by("-n", "person_key")
        .values_list("person_key", flat=True)[:LOUDEST]
    )
