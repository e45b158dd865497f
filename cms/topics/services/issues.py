"""From groups of like utterances to issues that people know by name.

The machine proposes; what a person accepted, renamed, merged or split stays as he left it. An issue
keeps its identity: when a group's key changes because an earlier voice founds it now, or because
its founder was withdrawn, the issue goes with those of its voices that are together again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cms.topics.concerns import Plan
from cms.topics.detection import Said, naming
from cms.topics.models import GroupMerge, Topic, TopicGroup, Voice, VoiceTopic
from cms.topics.selectors.scope import OWN_WORDS
from cms.topics.services.linking import issues_link
from cms.topics.services.reading import free, slug_of, topic_make

#: An issue is proposed when so many people speak of it in words of their own, within so many days.
NEW_ISSUE_PEOPLE = 4
NEW_ISSUE_DAYS = 30
#: Voices looked at to name an issue, the latest.
NAMED_BY = 60
#: Share of an issue's voices that must be about a theme for the issue to belong to it.
PARENT_SHARE = 0.5


@dataclass
class Moves:
    """Which voices went from which group to which in a run."""

    voices: list[int] = field(default_factory=list)
    groups: Counter[tuple[str, str]] = field(default_factory=Counter)

    def note(self, voice: int, before: str, after: str) -> None:
        self.voices.append(voice)
        self.groups[before, after] += 1


class Lineage:
    """What became of groups: which one each is part of now."""

    def __init__(self, since: date):
        rows = GroupMerge.objects.filter(day__gte=since).order_by("day", "pk")
        self.kept_by = dict(rows.values_list("gone", "kept"))
        self.parts: dict[str, list[str]] = defaultdict(list)
        for gone in self.kept_by:
            self.parts[self.head(gone)].append(gone)

    def head(self, key: str) -> str:
        while key in self.kept_by:
            key = self.kept_by[key]
        return key

    def keys(self, head: str) -> list[str]:
        """All groups that are one with `head` now."""
        return [head, *self.parts[head]]


def issues_update(*, moves: Moves, today: date) -> None:
    """After a run: issues follow their voices, new ones are proposed, links are made anew."""
    since = today - timedelta(days=NEW_ISSUE_DAYS - 1)
    lineage = Lineage(since - timedelta(days=NEW_ISSUE_DAYS * 4))
    touched = _follow(moves)
    touched |= _join(lineage)
    touched |= _propose(lineage, since, today)
    in_topics = Voice.objects.filter(group__in=touched)
    voices = set(moves.voices) | set(in_topics.values_list("pk", flat=True))
    issues_link(voices)
    heads = {lineage.head(new) for _old, new in moves.groups if new}
    issues_describe(_topics_of(heads | touched, lineage))


def _follow(moves: Moves) -> set[str]:
    """Give an issue the group that most of its voices went to. Returns the groups concerned."""
    went: dict[str, Counter[str]] = defaultdict(Counter)
    for (before, after), number in moves.groups.items():
        if before and after:
            went[before][after] += number
    known = TopicGroup.objects.filter(key__in=went).order_by("pk")
    touched = set()
    for row in known:
        best = min(went[row.key], key=lambda key: (-went[row.key][key], key))
        if not TopicGroup.objects.filter(key=best).exists():
            TopicGroup.objects.create(key=best, topic_id=row.topic_id)
            touched.add(best)
    return touched


def _join(lineage: Lineage) -> set[str]:
    """Where groups became one: the older one gets the issue of the younger one if it has none; an
    issue that was only proposed goes into the other. Two issues that people know stay two."""
    rows = TopicGroup.objects.filter(key__in=lineage.kept_by).select_related("topic")
    topics = dict(TopicGroup.objects.values_list("key", "topic"))
    touched = set()
    for row in rows.order_by("topic__created_at", "pk"):
        head = lineage.head(row.key)
        if head not in topics:
            topics[head] = row.topic_id
            TopicGroup.objects.create(key=head, topic_id=row.topic_id)
            touched.add(head)
        elif _is_free(row.topic) and topics[head] != row.topic_id:
            Topic.objects.filter(pk=row.topic_id).update(merged_into=topics[head])
            touched |= {row.key, head}
    return touched


def _is_free(topic: Topic) -> bool:
    """Nobody has decided anything about it yet."""
    return (
        topic.state == Topic.State.PROPOSED
        and not topic.named_by_hand
        and topic.merged_into_id is None
    )


def _propose(lineage: Lineage, since: date, today: date) -> set[str]:
    """Make a proposal of each group that enough people have spoken in of late."""
    recent = Voice.objects.filter(
        source__in=OWN_WORDS, day__range=(since, today), copy_of=""
    ).exclude(group="")
    speakers: dict[str, set[str]] = defaultdict(set)
    for group, person, origin in recent.values_list("group", "person_key", "origin").iterator():
        speakers[lineage.head(group)].add(person or origin)
    enough = {head for head, people in speakers.items() if len(people) >= NEW_ISSUE_PEOPLE}
    known = set(TopicGroup.objects.filter(key__in=enough).values_list("key", flat=True))
    fresh = sorted(enough - known)
    for head in fresh:
        topic = topic_make(
            key=f"group:{head}",
            kind=Topic.Kind.EMERGENT,
            plan=Plan(*_first_name(lineage.keys(head))),
            state=Topic.State.PROPOSED,
        )
        TopicGroup.objects.get_or_create(key=head, defaults={"topic": topic})
    return {key for head in fresh for key in lineage.keys(head)}


def _first_name(keys: list[str]) -> tuple[str, str, str]:
    described = naming.name(_said(Voice.objects.filter(group__in=keys)))
    name = described.title or str(_("未命名的话题"))
    return name, "", slug_of(name)


def _said(voices: QuerySet[Voice]) -> list[Said]:
    """The latest of these voices, in words of their own."""
    rows = voices.filter(copy_of="").order_by("-day", "origin").distinct()
    return [
        Said(id=origin, day=day, person=person, title=title, text=text)
        for origin, day, person, title, text in rows.values_list(
            "origin", "day", "person_key", "title", "text"
        )[:NAMED_BY]
    ]


def _topics_of(keys: Iterable[str], lineage: Lineage) -> list[Topic]:
    every = {part for key in keys for part in lineage.keys(lineage.head(key))}
    found = Topic.objects.filter(groups__key__in=every, merged_into=None)
    return list(found.distinct().order_by("pk"))


def issues_describe(topics: Iterable[Topic]) -> None:
    """Give issues their sentence, related words and theme; and, until a person has accepted or
    named them, their name."""
    themes = Topic.objects.filter(kind=Topic.Kind.LEXICON).in_bulk()
    for topic in topics:
        described = naming.name(_said(Voice.objects.filter(links__topic=topic)))
        topic.subtitle = described.subtitle[1]
        topic.related = list(described.related)
        if _is_free(topic) and described.title:
            topic.name = free("name", described.title, "{}（{}）", but=topic)
        topic.parent = themes.get(_theme_of(topic))
        if topic.parent:
            topic.concern = topic.parent.concern
        topic.save(update_fields=["name", "subtitle", "related", "parent", "concern"])


def _theme_of(topic: Topic) -> int | None:
    """The theme that most of an issue's voices are about, if that is enough of them."""
    latest = Voice.objects.filter(links__topic=topic).order_by("-day", "origin")[:NAMED_BY]
    voices = list(latest.values_list("pk", flat=True))
    themes = Counter(
        VoiceTopic.objects.filter(Q(voice__in=voices), topic__kind=Topic.Kind.LEXICON).values_list(
            "topic", flat=True
        )
    )
    if not themes:
        return None
    best = min(themes, key=lambda pk: (-themes[pk], pk))
    return best if themes[best] >= PARENT_SHARE * len(voices) else None
