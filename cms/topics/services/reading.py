"""Voices are read: what each is about. Repeating it changes nothing.

What a voice is about depends on its text, the lexicon, the adopted model and what people decided,
never on the order in which voices came in.
"""

from collections import defaultdict
from collections.abc import Iterator

from django.db import transaction
from django.utils.text import slugify
from pypinyin import lazy_pinyin

from cms.topics import learned, reading
from cms.topics.concerns import PLANS, Plan
from cms.topics.learned import Learned
from cms.topics.models import Topic, Voice, VoiceWord
from cms.topics.selectors.scope import OWN_WORDS
from cms.topics.services.linking import BATCH, voices_link
from search import lexicon

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
            "name": free("name", plan.name, "{}（{}）"),
            "slug": free("slug", plan.slug, "{}-{}"),
            "concern": plan.concern,
            "kind": kind,
            "state": state,
            **fields,
        },
    )[0]


def slug_of(text: str) -> str:
    return slugify("-".join(lazy_pinyin(text)))[:50] or "topic"


def free(column: str, wanted: str, numbered: str, but: Topic | None = None) -> str:
    """`wanted`, or `numbered` with the least number that makes it no other topic's."""
    others = Topic.objects.exclude(pk=but and but.pk)
    taken = set(others.filter(**{f"{column}__startswith": wanted}).values_list(column, flat=True))
    number, free = 1, wanted
    while free in taken:
        number += 1
        free = numbered.format(wanted, number)
    return free


# --- Reading -------------------------------------------------------------------------------------


def voice_classify(*, voice: Voice) -> None:
    """Give one voice its topics and words now."""
    _read_batch([voice], learned.in_force())


def voices_read(*, limit: int = MOST_READ) -> int:
    """Read the voices that are new, or that were read with other words than today's."""
    done = 0
    model = learned.in_force()
    while done < limit:
        stale = Voice.objects.exclude(read_with=reading.stamp(model))
        batch = list(stale.order_by("pk")[:BATCH])
        if not batch:
            break
        _read_batch(batch, model)
        done += len(batch)
    return done


@transaction.atomic
def _read_batch(voices: list[Voice], model: Learned | None) -> None:
    readings = {voice.pk: reading.read(voice.whole, model) for voice in voices}
    alike: dict[tuple[int, str], list[int]] = defaultdict(list)
    for voice in voices:
        read = readings[voice.pk]
        # What was searched or pressed has no mood.
        mood = read.mood if voice.source in OWN_WORDS else Voice.Mood.PLAIN
        alike[mood, read.industry].append(voice.pk)
    for (mood, industry), pks in alike.items():
        Voice.objects.filter(pk__in=pks).update(
            mood=mood, industry=industry, read_with=reading.stamp(model)
        )
    themes = {topic.key: topic for topic in Topic.objects.filter(kind=Topic.Kind.LEXICON)}
    VoiceWord.objects.filter(voice__in=voices).delete()
    VoiceWord.objects.bulk_create(
        [word for voice in voices for word in _words(voice, readings[voice.pk], themes)],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    voices_link(voices=voices, readings=readings)


def _words(voice: Voice, read: reading.Reading, themes: dict[str, Topic]) -> Iterator[VoiceWord]:
    for key, found in read.topics.items():
        if key in themes:
            for term in found.terms:
                yield VoiceWord(voice=voice, word=term, topic=themes[key])
    for word in read.words:
        yield VoiceWord(voice=voice, word=word)
