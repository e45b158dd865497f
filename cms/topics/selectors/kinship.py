"""Which topics belong together, and where one falls apart: what helps to merge and to split."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from cms.topics.models.runs import GroupMerge
from cms.topics.models.topics import Placement, Topic, TopicGroup
from cms.topics.models.voices import Voice, VoiceTopic, VoiceWord
from cms.topics.selectors.scope import SPOKEN

RELATED_SHOWN = 8
CANDIDATES_SHOWN = 6
#: Issues that share so many related words may be one.
WORDS_SHARED = 2
SPLIT_WORDS = 30


@dataclass(frozen=True)
class Kin:
    """Another topic that the same utterances are about, and how many people said them."""

    topic: Topic
    people: int
    voices: int


def related_topics(*, topic: Topic, voices: QuerySet[Voice]) -> list[Kin]:
    """Topics that stand in the same utterances as `topic`, of its `voices`; those of most people
    first. Two queries."""
    rows = (
        VoiceTopic.objects.filter(voice__in=voices.filter(SPOKEN).values("pk"))
        .exclude(topic=topic)
        .exclude(topic__state=Topic.State.HIDDEN)
        .values("topic")
        .annotate(
            people=Count("voice__person_key", distinct=True), voices=Count("voice", distinct=True)
        )
        .order_by("-people", "-voices", "topic")[:RELATED_SHOWN]
    )
    found = list(rows)
    topics = Topic.objects.in_bulk([row["topic"] for row in found])
    return [Kin(topics[row["topic"]], row["people"], row["voices"]) for row in found]


@dataclass(frozen=True)
class Candidate:
    """An issue that may be the same as another, and why."""

    topic: Topic
    found_one: bool
    words: list[str]


def merge_candidates(topic: Topic) -> tuple[list[Candidate], list[Topic]]:
    """Issues that `topic` may be merged into: the likely ones with the reason, and all others by
    name. Three queries."""
    issues = list(
        Topic.objects.filter(kind=Topic.Kind.EMERGENT, merged_into=None)
        .exclude(pk=topic.pk)
        .exclude(state=Topic.State.HIDDEN)
        .order_by("name")
    )
    found_one = _found_one(topic)
    mine = [str(word) for word in topic.related]
    likely = []
    for issue in issues:
        shared = [word for word in mine if word in issue.related]
        if issue.pk in found_one or len(shared) >= WORDS_SHARED:
            likely.append(Candidate(issue, issue.pk in found_one, shared))
    likely.sort(key=lambda one: (not one.found_one, -len(one.words), one.topic.name))
    likely = likely[:CANDIDATES_SHOWN]
    known = {one.topic.pk for one in likely}
    return likely, [issue for issue in issues if issue.pk not in known]


def _found_one(topic: Topic) -> set[int]:
    """Issues with a group that the machine has found to be one with a group of this one."""
    mine = Q(topic=topic) | Q(topic__merged_into=topic)
    keys = list(TopicGroup.objects.filter(mine).values_list("key", flat=True))
    merges = GroupMerge.objects.filter(Q(gone__in=keys) | Q(kept__in=keys))
    others = {key for pair in merges.values_list("gone", "kept") for key in pair} - set(keys)
    rows = TopicGroup.objects.filter(key__in=others).values_list("topic", "topic__merged_into")
    return {into or own for own, into in rows}


def split_words(topic: Topic) -> list[tuple[str, int]]:
    """The words that set a part of a topic's voices apart, and how many voices have each: not
    those that all have. Two queries."""
    whole = VoiceTopic.objects.filter(topic=topic).count()
    rows = (
        VoiceWord.objects.filter(voice__links__topic=topic)
        .values_list("word")
        .annotate(n=Count("voice", distinct=True))
        .filter(n__gte=2, n__lt=whole)
        .order_by("-n", "word")[:SPLIT_WORDS]
    )
    return list(rows)


@dataclass(frozen=True)
class Sides:
    """What a split would leave and take: voices and people of both sides."""

    taken: int
    taken_people: int
    left: int
    left_people: int

    @property
    def divides(self) -> bool:
        return bool(self.taken and self.left)


def split_sides(topic: Topic, words: Sequence[str]) -> Sides:
    """By the rule of `topic_split`: what says one of `words` goes. One query."""
    taken: list[str] = []
    left: list[str] = []
    rows = Voice.objects.filter(links__topic=topic)
    for voice in rows.only("title", "text", "person_key", "origin").iterator():
        side = taken if any(word in voice.whole for word in words) else left
        side.append(voice.person_key)
    return Sides(len(taken), len(set(taken)), len(left), len(set(left)))


def topic_choices() -> list[tuple[str, list[Topic]]]:
    """What a voice can be placed in: (heading, topics), issues first, then the tree by concern.
    One query."""
    topics = Topic.objects.filter(merged_into=None).exclude(state=Topic.State.HIDDEN)
    found: dict[str, list[Topic]] = {Topic.Kind.EMERGENT.label: []}
    for topic in topics.order_by("concern", "name"):
        is_issue = topic.kind == Topic.Kind.EMERGENT
        heading = Topic.Kind.EMERGENT.label if is_issue else topic.concern
        found.setdefault(heading, []).append(topic)
    return [(heading, rows) for heading, rows in found.items() if rows]


def placements(voice: Voice) -> list[Placement]:
    """What people said of this voice, the latest first. One query."""
    return list(voice.placements.select_related("topic", "by").order_by("-at", "-pk"))
