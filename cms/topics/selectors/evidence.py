"""The words behind a figure."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, Sum, TextField, Value, When
from django.db.models.functions import Concat

from cms.interactions.privacy import quotable, quotable_pieces
from cms.members.models import Union
from cms.topics.asking import asking
from cms.topics.models.topics import Topic
from cms.topics.models.voices import Voice, VoiceTopic, VoiceWord
from cms.topics.selectors.figures import COUNTED, INDEPENDENT, counts, sources_of
from cms.topics.selectors.portraits import Part, loudest_people
from cms.topics.selectors.scope import OWN_WORDS, SEARCHED, SPOKEN, Source, heard, people_of

VOICES_PER_PAGE = 30
FACETS_SHOWN = 8


@dataclass(frozen=True)
class Totals:
    """What the board would say of some voices (see `Row`)."""

    people: int
    own_people: int
    voices: int
    copies: int
    cares: int
    written: int
    unhappy: int
    searches: int
    empty: int
    sources: dict[str, int]


@dataclass(frozen=True)
class Facets:
    """How some voices can be narrowed: unions, industries and words with their people, moods with
    their voices."""

    unions: list[Part]
    industries: list[Part]
    words: list[Part]
    moods: list[tuple[int, str, int]]


def voices_behind(
    *, topic: Topic | None = None, word: str = "", loudest: bool = False, **scope
) -> QuerySet[Voice]:
    """The voices that a figure counted; `scope` as for `heard()`. Without a topic: of all topics.

    `loudest`: only those of the three people who spoke most of the topic.
    """
    found = heard(**scope)
    if topic is not None:
        found = found.filter(links__topic=topic)
    if loudest:
        spoken = found.filter(SPOKEN)
        found = spoken.filter(person_key__in=list(loudest_people(spoken)))
    if word:
        found = found.filter(pk__in=VoiceWord.objects.filter(word=word).values("voice"))
    return found


def narrow(
    voices: QuerySet[Voice],
    *,
    mood: int | None = None,
    industry: str = "",
    asks: bool = False,
    own: bool = False,
    also: Topic | None = None,
    at: Union | None = None,
) -> QuerySet[Voice]:
    """Of these voices: those of one mood, of one industry, that ask, that repeat nobody, that are
    about another topic as well, that belong to one union itself and not to those below."""
    if at is not None:
        voices = voices.filter(union=at)
    if mood is not None:
        voices = voices.filter(mood=mood, source__in=OWN_WORDS)
    if industry:
        voices = voices.filter(industry=industry)
    if asks:
        voices = voices.filter(SPOKEN, asking())
    if own:
        voices = voices.filter(INDEPENDENT)
    if also is not None:
        voices = voices.filter(pk__in=VoiceTopic.objects.filter(topic=also).values("voice"))
    return voices


def totals(voices: QuerySet[Voice]) -> Totals:
    """One query."""
    found = voices.aggregate(**counts(Q()))
    return Totals(**{name: found[name] for name in COUNTED}, sources=sources_of(found))


def facets(voices: QuerySet[Voice]) -> Facets:
    """Four queries."""
    spoken = voices.filter(SPOKEN)
    moods = dict(spoken.filter(source__in=OWN_WORDS).values_list("mood").annotate(n=Count("pk")))
    return Facets(
        unions=_facet(spoken.filter(union__isnull=False), "union", "union__name"),
        industries=_facet(spoken.exclude(industry=""), "industry", "industry"),
        words=_facet(
            spoken.annotate(said=F("words__word")).filter(said__isnull=False), "said", "said"
        ),
        moods=[(mood, label, moods.get(mood, 0)) for mood, label in Voice.Mood.choices],
    )


def _facet(voices: QuerySet[Voice], key: str, name: str) -> list[Part]:
    rows = voices.values(*dict.fromkeys((key, name))).annotate(n=people_of(Q()))
    return [
        Part(str(row[key]), row[name], row["n"]) for row in rows.order_by("-n", key)[:FACETS_SHOWN]
    ]


# --- Utterances ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Utterance:
    """One row of the list: `voice`, and how many say nearly the same, it included. `root` asks for
    all of them. `link` says why it counts for the topic in question, `also` what else it is about.
    """

    voice: Voice
    root: str
    times: int
    people: int
    title: str
    pieces: list[tuple[str, bool]]
    link: VoiceTopic | None
    also: list[VoiceTopic]

    @property
    def others(self) -> int:
        return self.times - 1

    @property
    def is_search(self) -> bool:
        return self.voice.source in SEARCHED


#: What stands together in the list: near-copies of one voice, presses of a button, searches.
ROOT = Case(
    When(
        source__in=(*SEARCHED, Source.CARE),
        then=Concat("source", Value(":"), "text", output_field=TextField()),
    ),
    When(copy_of="", then=F("origin")),
    default=F("copy_of"),
    output_field=TextField(),
)


def same_as(voices: QuerySet[Voice], root: str) -> QuerySet[Voice]:
    """Of these voices those that the list shows as one row, `root`."""
    return voices.annotate(root=ROOT).filter(root=root)


def utterances(
    *, topic: Topic | None = None, voices: QuerySet[Voice], page: str = "", each: bool = False
) -> Page:
    """One page of what was said, newest first; what says nearly the same is one row unless `each`.

    The page holds `Utterance`s. Four queries.
    """
    rows = voices.annotate(root=F("origin") if each else ROOT).values("root")
    rows = rows.annotate(
        times=Sum("weight"), people=people_of(SPOKEN), latest=Max("said_at"), sample=Min("pk")
    )
    shown = Paginator(rows.order_by("-latest", "-sample"), VOICES_PER_PAGE).get_page(page)
    samples = [row["sample"] for row in shown.object_list]
    found = Voice.objects.filter(pk__in=samples).select_related("union", "story").in_bulk()
    links = _links(samples)
    shown.object_list = [
        _utterance(row, found[row["sample"]], links.get(row["sample"], []), topic)
        for row in shown.object_list
        if row["sample"] in found
    ]
    return shown


def utterance(voice: Voice) -> Utterance:
    """One voice with all that it is about. One query."""
    links = _links([voice.pk]).get(voice.pk, [])
    row = {"root": voice.origin, "times": voice.weight, "people": 1}
    return _utterance(row, voice, links, None)


def _utterance(row: dict, voice: Voice, links: list[VoiceTopic], topic: Topic | None) -> Utterance:
    link = next((link for link in links if link.topic == topic), None)
    also = [link for link in links if link.topic != topic]
    marked = links if topic is None else [link] if link else []
    return Utterance(
        voice=voice,
        root=row["root"],
        times=row["times"],
        people=row["people"],
        title=quotable(voice.title),
        pieces=quotable_pieces(voice.text, [mark for one in marked for mark in one.marks]),
        link=link,
        also=also,
    )


def _links(voices: Iterable[int]) -> dict[int, list[VoiceTopic]]:
    """By voice what it is about."""
    rows = VoiceTopic.objects.filter(voice__in=list(voices)).select_related("topic")
    found: dict[int, list[VoiceTopic]] = {}
    for link in rows.order_by("topic"):
        found.setdefault(link.voice_id, []).append(link)
    return found
