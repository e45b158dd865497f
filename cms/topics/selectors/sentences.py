"""Which sentences stand for a topic: those nearest to what most people say, of different people."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, QuerySet, When, Window
from django.db.models.functions import Length, RowNumber

from cms.interactions.privacy import quotable
from cms.topics.models.topics import Topic
from cms.topics.models.voices import Voice
from cms.topics.selectors.scope import OWN_WORDS
from search.text.normalise import normalise

SENTENCES_SHOWN = 2
#: Sentences looked at for each topic, the latest of a readable length.
SENTENCES_READ = 40
#: A sentence of this length says something and is still quickly read.
SENTENCE_LENGTH = (10, 60)
#: From this share of the same pairs of letters on two sentences say the same.
ALIKE = 0.5
#: Weight of a related word of an issue, in voices: as much as a word that so many share.
RELATED = 2


@dataclass(frozen=True)
class Said:
    """One sentence that somebody said of a topic; `fits`: its length is as wanted."""

    text: str
    person: str
    fits: bool

    @property
    def letters(self) -> str:
        return "".join(sign for sign in normalise(self.text) if sign.isalnum())


def sentences(
    voices: QuerySet[Voice],
    *,
    topics: Sequence[Topic],
    words: Mapping[int, list[tuple[str, int]]],
    quotable_only: bool,
) -> dict[int, list[str]]:
    """By topic up to SENTENCES_SHOWN sentences, masked. `voices` by topic; `words`: by topic its
    words and how many voices have them. One query."""
    said = _candidates(voices, quotable_only)
    return {
        topic.pk: chosen(said[topic.pk], _weights(topic, words[topic.pk]), first=topic.subtitle)
        for topic in topics
    }


def chosen(said: Sequence[Said], weights: Mapping[str, float], first: str = "") -> list[str]:
    """The sentences that hold most of what is said, each of another person, no two alike; `first`
    leads where it is among them."""
    ranked = sorted(
        said,
        key=lambda one: (
            not (first and one.text == first),
            not one.fits,
            -sum(weight for word, weight in weights.items() if word in one.text),
            len(one.text),
            one.text,
        ),
    )
    kept: list[Said] = []
    for one in ranked:
        if not any(one.person == other.person or _alike(one, other) for other in kept):
            kept.append(one)
        if len(kept) == SENTENCES_SHOWN:
            break
    return [quotable(one.text) for one in kept]


def _weights(topic: Topic, words: list[tuple[str, int]]) -> dict[str, float]:
    return {**dict.fromkeys(topic.related, RELATED), **dict(words)}


def _candidates(voices: QuerySet[Voice], quotable_only: bool) -> dict[int, list[Said]]:
    own = voices.filter(source__in=OWN_WORDS, copy_of="")
    if quotable_only:
        own = own.filter(is_public=True)
    length = Length("links__sentence")
    latest = Window(RowNumber(), partition_by=[F("about")], order_by=["outside", "-day", "origin"])
    rows = (
        own.annotate(size=length)
        .filter(size__gt=0)
        .annotate(
            outside=Case(
                When(size__range=SENTENCE_LENGTH, then=0), default=1, output_field=IntegerField()
            )
        )
        .annotate(place=latest)
        .filter(place__lte=SENTENCES_READ)
        .order_by("about", "place")
        .values_list("about", "links__sentence", "person_key", "outside")
    )
    found: dict[int, list[Said]] = defaultdict(list)
    for topic, sentence, person, outside in rows:
        found[topic].append(Said(sentence, person, not outside))
    return found


def _alike(one: Said, other: Said) -> bool:
    mine, theirs = _pairs(one.letters), _pairs(other.letters)
    return one.letters == other.letters or len(mine & theirs) >= ALIKE * len(mine | theirs)


def _pairs(letters: str) -> set[str]:
    return {letters[at : at + 2] for at in range(len(letters) - 1)}
