"""From groups of like utterances to issues that people know by name.

The machine proposes; what a person accepted, renamed, merged or split stays as he left it. An issue
keeps its identity: when a group's key changes because an earlier voice founds it now, or because
its founder was withdrawn, the issue goes with those of its voices that are together again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import F, Window
from django.db.models.functions import RowNumber
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
    for group, person in recent.values_list("group", "person_key").distinct().iterator():
        speakers[lineage.head(group)].add(person)
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
    own = Voice.objects.filter(group__in=keys, copy_of="").order_by("-day", "origin")
    described = naming.name([_as_said(voice) for voice in own[:NAMED_BY]])
    name = described.title or str(_("未命名的话题"))
    return name, "", slug_of(name)


def _as_said(voice: Voice) -> Said:
    return Said(voice.origin, voice.day, voice.person_key, voice.text, voice.title)


def _topics_of(keys: Iterable[str], lineage: Lineage) -> list[Topic]:
    every = {part for key in keys for part in lineage.keys(lineage.head(key))}
    found = Topic.objects.filter(groups__key__in=every, merged_into=None)
    return list(found.distinct().order_by("pk"))


def issues_describe(topics: Iterable[Topic]) -> None:
    """Give issues their sentence, related words and theme; and, until a person has accepted or
    named them, their name. Three queries, and two for each that gets a name."""
    topics = list(topics)
    themes = Topic.objects.filter(kind=Topic.Kind.LEXICON).in_bulk()
    said, voices = _linked(topics)
    about = _themes_of(voices)
    for topic in topics:
        described = naming.name(said[topic.pk])
        topic.subtitle = described.subtitle[1]
        topic.related = list(described.related)
        topic.parent = themes.get(_main_theme([about[pk] for pk in voices[topic.pk]]))
        if topic.parent:
            topic.concern = topic.parent.concern
        if _is_free(topic) and described.title:
            topic.name = free("name", described.title, "{}（{}）", but=topic)
            topic.save(update_fields=["name"])
    Topic.objects.bulk_update(topics, ["subtitle", "related", "parent", "concern"])


def _linked(topics: list[Topic]) -> tuple[dict[int, list[Said]], dict[int, list[int]]]:
    """By topic the latest of what was said of it in words of people's own, and the voices."""
    place = Window(
        RowNumber(), partition_by=[F("topic")], order_by=["-voice__day", "voice__origin"]
    )
    rows = (
        VoiceTopic.objects.filter(topic__in=topics, voice__copy_of="")
        .annotate(place=place)
        .filter(place__lte=NAMED_BY)
        .select_related("voice")
        .order_by("topic", "place")
    )
    said: dict[int, list[Said]] = defaultdict(list)
    voices: dict[int, list[int]] = defaultdict(list)
    for link in rows:
        said[link.topic_id].append(_as_said(link.voice))
        voices[link.topic_id].append(link.voice_id)
    return said, voices


def _themes_of(voices: dict[int, list[int]]) -> dict[int, list[int]]:
    """By voice the themes it is about."""
    pks = {pk for those in voices.values() for pk in those}
    links = VoiceTopic.objects.filter(voice__in=pks, topic__kind=Topic.Kind.LEXICON)
    found: dict[int, list[int]] = defaultdict(list)
    for voice, theme in links.values_list("voice", "topic"):
        found[voice].append(theme)
    return found


def _main_theme(about: list[list[int]]) -> int | None:
    """The theme that most voices are about, if that is enough of them."""
    themes = Counter(theme for those in about for theme in those)
    if not themes:
        return None
    best = min(themes, key=lambda pk: (-themes[pk], pk))
    return best if themes[best] >= PARENT_SHARE * len(about) else None
