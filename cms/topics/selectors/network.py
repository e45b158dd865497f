"""For those who would rather look: words by how many people say them, topics by who speaks of both.
Whatever is drawn is a number that opens its voices, like any other of the board."""

from dataclasses import dataclass

from django.db.models import Count, F

from cms.topics.models.topics import Topic
from cms.topics.models.voices import VoiceTopic
from cms.topics.selectors.portraits import Part
from cms.topics.selectors.scope import SPOKEN, by_topic, heard, people_of

WORDS_DRAWN = 80
TOPICS_DRAWN = 30
TIES_DRAWN = 60
#: What one person alone says is no word of many, and no tie.
LEAST_PEOPLE = 2


def cloud(**scope) -> list[Part]:
    """The words that most people say, with their people. `scope` as for `heard`. One query."""
    rows = (
        heard(**scope)
        .filter(SPOKEN)
        .annotate(said=F("words__word"))
        .filter(said__isnull=False)
        .values("said")
        .annotate(n=people_of(SPOKEN))
        .filter(n__gte=LEAST_PEOPLE)
        .order_by("-n", "said")[:WORDS_DRAWN]
    )
    return [Part(row["said"], row["said"], row["n"]) for row in rows]


@dataclass(frozen=True)
class Node:
    topic: Topic
    people: int


@dataclass(frozen=True)
class Tie:
    """Two topics, and how many people spoke of both in one utterance."""

    one: Topic
    other: Topic
    people: int


@dataclass(frozen=True)
class Network:
    nodes: list[Node]
    ties: list[Tie]


def network(**scope) -> Network:
    """The topics that most people speak of, and what ties them. Three queries."""
    spoken = heard(**scope).filter(SPOKEN)
    shown = Topic.objects.filter(state=Topic.State.SHOWN, merged_into=None).in_bulk()
    rows = by_topic(spoken).values("about").annotate(n=people_of(SPOKEN)).order_by("-n", "about")
    nodes = [Node(shown[row["about"]], row["n"]) for row in rows if row["about"] in shown]
    nodes = nodes[:TOPICS_DRAWN]
    drawn = [node.topic.pk for node in nodes]
    pairs = (
        VoiceTopic.objects.filter(voice__in=spoken.values("pk"), topic__in=drawn)
        .annotate(other=F("voice__links__topic"))
        .filter(other__in=drawn, topic__lt=F("other"))
        .values_list("topic", "other")
        .annotate(n=Count("voice__person_key", distinct=True))
        .filter(n__gte=LEAST_PEOPLE)
        .order_by("-n", "topic", "other")[:TIES_DRAWN]
    )
    return Network(nodes, [Tie(shown[one], shown[other], n) for one, other, n in pairs])
