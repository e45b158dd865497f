"""The words behind a figure."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from cms.interactions.privacy import mask
from cms.topics.models.topics import Topic
from cms.topics.models.voices import Voice, VoiceTopic
from cms.topics.selectors.board import counts_by_source, sources_of
from cms.topics.selectors.scope import SPOKEN, Source, heard, people_of

VOICES_PER_PAGE = 30


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
        people=people_of(SPOKEN),
        **counts_by_source(Q()),
    )
    return Totals(found["voices"], found["people"], found["searches"], sources_of(found))


def utterances(*, topic: Topic, voices: QuerySet[Voice], page: str = "") -> Page:
    """One page of what was said, newest first; the same words under the same story are one row.

    Each row is a dict: text, source, said_at (latest), times, people, link, story (title) and
    `pieces`, the text as [(piece, is_marked)] with numbers masked.
    """
    rows = voices.values("text", "source", "story", "story__title").annotate(
        times=Sum("weight"),
        people=people_of(SPOKEN),
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
