"""Voices are read: what each is about. Repeating it changes nothing.

What a voice is about depends on its text, the lexicon, the adopted model and what people decided,
never on the order in which voices came in.
"""

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils.text import slugify
from pypinyin import lazy_pinyin

from cms.topics import reading
from cms.topics.concerns import PLANS, Plan
from cms.topics.models import Placement, Split, Topic, TopicGroup, Voice, VoiceTopic, VoiceWord
from search import lexicon

BATCH = 500
#: Most voices one run reads; the next run goes on.
MOST_READ = 10_000


# --- Topics --------------------------------------------------------------------------------------


def topics_seed() -> None:
    """A topic for each topic of the lexicon; those that are here stay as people set them."""
    known = set(Topic.objects.values_list("key", flat=True))
    for key in sorted(set(lexicon.current().topics) - known):
        plan = PLANS.get(key) or Plan(key[:30], key.split("/")[0][:30], slug_of(key))
        topic_make(key=key, kind=Topic.Kind.LEXICON, plan=plan, state=Topic.State.SHOWN)


def topic_make(*, key: str, kind: str, plan: Plan, state: str, **fields) -> Topic:
    """The topic of `key`; its name and address get a number when another topic has them."""
    return Topic.objects.get_or_create(
        key=key,
        defaults={
            "name": _free("name", plan.name, "{}（{}）"),
            "slug": _free("slug", plan.slug, "{}-{}"),
            "concern": plan.concern,
            "kind": kind,
            "state": state,
            **fields,
        },
    )[0]


def slug_of(text: str) -> str:
    return slugify("-".join(lazy_pinyin(text)))[:50] or "topic"


def _free(column: str, wanted: str, numbered: str) -> str:
    taken = set(
        Topic.objects.filter(**{f"{column}__startswith": wanted}).values_list(column, flat=True)
    )
    number, free = 1, wanted
    while free in taken:
        number += 1
        free = numbered.format(wanted, number)
    return free


# --- Reading -------------------------------------------------------------------------------------


def voice_classify(*, voice: Voice) -> None:
    """Give one voice its topics and words now."""
    _read_batch([voice])


def voices_read(*, limit: int = MOST_READ) -> int:
    """Read the voices that are new, or that were read with other words than today's."""
    done = 0
    while done < limit:
        batch = list(Voice.objects.exclude(read_with=reading.stamp()).order_by("pk")[:BATCH])
        if not batch:
            break
        _read_batch(batch)
        done += len(batch)
    return done


@transaction.atomic
def _read_batch(voices: list[Voice]) -> None:
    stamp = reading.stamp()
    readings = {voice.pk: reading.read(voice.whole) for voice in voices}
    for voice in voices:
        read = readings[voice.pk]
        voice.mood, voice.industry, voice.read_with = read.mood, read.industry, stamp
    Voice.objects.bulk_update(voices, ["mood", "industry", "read_with"], batch_size=BATCH)
    themes = {topic.key: topic for topic in Topic.objects.filter(kind=Topic.Kind.LEXICON)}
    VoiceWord.objects.filter(voice__in=voices).delete()
    VoiceWord.objects.bulk_create(
        [word for voice in voices for word in _words(voice, readings[voice.pk], themes)],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    voices_link(voices, readings)


def _words(voice: Voice, read: reading.Reading, themes: dict[str, Topic]) -> Iterator[VoiceWord]:
    for key, found in read.topics.items():
        if key in themes:
            for term in found.terms:
                yield VoiceWord(voice=voice, word=term, topic=themes[key])
    for word in read.words:
        yield VoiceWord(voice=voice, word=word)


# --- Links ---------------------------------------------------------------------------------------


@transaction.atomic
def voices_link(
    voices: Iterable[Voice], readings: dict[int, reading.Reading] | None = None
) -> None:
    """Make the links of these voices anew, from the text, the groups and what people decided."""
    voices = list(voices)
    readings = readings or {voice.pk: reading.read(voice.whole) for voice in voices}
    linker = Linker(voices)
    links = [link for voice in voices for link in linker.links(voice, readings[voice.pk])]
    VoiceTopic.objects.filter(voice__in=voices).delete()
    VoiceTopic.objects.bulk_create(links, batch_size=BATCH)


class Linker:
    """What is needed to link a batch of voices, read once."""

    def __init__(self, voices: list[Voice]):
        topics = Topic.objects.in_bulk()
        self.themes = {
            topic.key: topic for topic in topics.values() if topic.kind == Topic.Kind.LEXICON
        }
        self.topics = topics
        groups = TopicGroup.objects.filter(key__in={voice.group for voice in voices} - {""})
        self.groups = {row.key: self.root(row.topic_id) for row in groups}
        self.splits: dict[int, list[tuple[list[str], Topic]]] = {}
        for split in Split.objects.order_by("pk"):
            self.splits.setdefault(split.source_id, []).append(
                (split.words, self.root(split.into_id))
            )
        self.placed: dict[int, list[Placement]] = {}
        for placement in Placement.objects.filter(voice__in=voices).order_by("pk"):
            self.placed.setdefault(placement.voice_id, []).append(placement)

    def root(self, pk: int) -> Topic:
        """The topic whose figures this one's voices count for."""
        topic = self.topics[pk]
        while topic.merged_into_id:
            topic = self.topics[topic.merged_into_id]
        return topic

    def links(self, voice: Voice, read: reading.Reading) -> list[VoiceTopic]:
        found: dict[int, VoiceTopic] = {}
        for key, place in read.topics.items():
            if key in self.themes:
                link = VoiceTopic(
                    voice=voice,
                    topic=self.themes[key],
                    by=place.by,
                    marks=place.marks,
                    sentence=place.sentence,
                )
                found[link.topic_id] = link
        issue = self.issue(voice)
        if issue:
            found[issue.pk] = self.plain_link(voice, issue, VoiceTopic.By.GROUP)
        for placement in self.placed.get(voice.pk, ()):
            topic = self.root(placement.topic_id)
            if not placement.belongs:
                found.pop(topic.pk, None)
            elif topic.pk not in found:
                found[topic.pk] = self.plain_link(voice, topic, VoiceTopic.By.HAND)
        return list(found.values())

    def issue(self, voice: Voice) -> Topic | None:
        """The issue that the voice's group belongs to, after what people split off."""
        topic = self.groups.get(voice.group)
        if topic is None:
            return None
        for words, into in self.splits.get(topic.pk, ()):
            if any(word in voice.whole for word in words):
                return into
        return topic

    def plain_link(self, voice: Voice, topic: Topic, by: str) -> VoiceTopic:
        return VoiceTopic(
            voice=voice, topic=topic, by=by, sentence=reading.first_sentence(voice.text)
        )
