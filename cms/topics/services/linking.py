"""The links between voices and topics, made of the text, the groups and what people decided."""

from collections.abc import Iterable, Iterator

from django.db import transaction

from cms.topics import reading
from cms.topics.models import (
    GroupMerge,
    Placement,
    Split,
    Topic,
    TopicGroup,
    Voice,
    VoiceTopic,
)

BATCH = 500
By = VoiceTopic.By


def voices_link(*, voices: list[Voice], readings: dict[int, reading.Reading]) -> None:
    """Make all links of these voices anew. `readings` by the voice's id."""
    linker = Linker(voices)
    _replace(
        VoiceTopic.objects.filter(voice__in=voices),
        (link for voice in voices for link in linker.links(voice, readings[voice.pk])),
    )


def issues_link(pks: Iterable[int]) -> None:
    """Make the links of these voices to issues anew; those to themes stay, for they hang on the
    text alone."""
    ordered = sorted(pks)
    for start in range(0, len(ordered), BATCH):
        voices = list(Voice.objects.filter(pk__in=ordered[start : start + BATCH]))
        linker = Linker(voices)
        _replace(
            VoiceTopic.objects.filter(voice__in=voices, topic__kind=Topic.Kind.EMERGENT),
            (link for voice in voices for link in linker.issue_links(voice)),
        )


@transaction.atomic
def _replace(old, new: Iterable[VoiceTopic]) -> None:
    links = list(new)
    old.delete()
    VoiceTopic.objects.bulk_create(links, batch_size=BATCH)


class Linker:
    """What is needed to link a batch of voices, read once."""

    def __init__(self, voices: list[Voice]):
        self.topics = Topic.objects.in_bulk()
        self.themes = {
            topic.key: topic for topic in self.topics.values() if topic.kind == Topic.Kind.LEXICON
        }
        self.issue_of = self._issues({voice.group for voice in voices} - {""})
        self.splits: dict[int, list[tuple[list[str], Topic]]] = {}
        for split in Split.objects.order_by("pk"):
            into = self.root(split.into_id)
            self.splits.setdefault(self.root(split.source_id).pk, []).append((split.words, into))
        self.placed: dict[int, list[Placement]] = {}
        for placement in Placement.objects.filter(voice__in=voices).order_by("pk"):
            self.placed.setdefault(placement.voice_id, []).append(placement)

    def root(self, pk: int) -> Topic:
        """The topic for which this one's voices count."""
        topic = self.topics[pk]
        while topic.merged_into_id:
            topic = self.topics[topic.merged_into_id]
        return topic

    def _issues(self, groups: set[str]) -> dict[str, Topic]:
        """By group its issue: its own, or that of the group it became a part of."""
        heads = {group: group for group in groups}
        found: dict[str, Topic] = {}
        while heads:
            rows = TopicGroup.objects.filter(key__in=set(heads.values()))
            known = dict(rows.values_list("key", "topic"))
            found |= {group: self.root(known[at]) for group, at in heads.items() if at in known}
            merges = GroupMerge.objects.filter(gone__in=set(heads.values()) - known.keys())
            kept = dict(merges.values_list("gone", "kept"))
            heads = {group: kept[at] for group, at in heads.items() if at in kept}
        return found

    def links(self, voice: Voice, read: reading.Reading) -> list[VoiceTopic]:
        """Themes of its text and the issue of its group, as people corrected them."""
        themes = [
            VoiceTopic(
                voice=voice,
                topic=self.themes[key],
                by=found.by,
                marks=found.marks,
                sentence=found.sentence,
            )
            for key, found in read.topics.items()
            if key in self.themes
        ]
        return [
            *self._corrected(voice, themes, Topic.Kind.LEXICON),
            *self.issue_links(voice),
        ]

    def issue_links(self, voice: Voice) -> list[VoiceTopic]:
        topic = self.issue(voice)
        links = [self._plain(voice, topic, By.GROUP)] if topic else []
        return self._corrected(voice, links, Topic.Kind.EMERGENT)

    def issue(self, voice: Voice) -> Topic | None:
        """The issue of the voice's group, after what people split off."""
        topic = self.issue_of.get(voice.group)
        for words, into in self.splits.get(topic.pk, ()) if topic else ():
            if any(word in voice.whole for word in words):
                return into
        return topic

    def _corrected(self, voice: Voice, links: list[VoiceTopic], kind: str) -> list[VoiceTopic]:
        """What people said of this very voice goes before what the machine found."""
        found = {link.topic_id: link for link in links}
        for topic, belongs in self._placements(voice, kind):
            if not belongs:
                found.pop(topic.pk, None)
            elif topic.pk not in found:
                found[topic.pk] = self._plain(voice, topic, By.HAND)
        return list(found.values())

    def _placements(self, voice: Voice, kind: str) -> Iterator[tuple[Topic, bool]]:
        for placement in self.placed.get(voice.pk, ()):
            topic = self.root(placement.topic_id)
            if topic.kind == kind:
                yield topic, placement.belongs

    def _plain(self, voice: Voice, topic: Topic, by: str) -> VoiceTopic:
        sentence = reading.first_sentence(voice.text)
        return VoiceTopic(voice=voice, topic=topic, by=by, sentence=sentence)
