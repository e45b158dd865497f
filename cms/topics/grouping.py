"""From voices to topics: gather, read, find what is new. Repeating it changes nothing.

What a voice is about depends on its text, the lexicon and the accepted new words alone, never on
the order in which voices came in.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Sum
from django.utils import timezone
from django.utils.text import slugify
from pypinyin import lazy_pinyin

from cms.topics import reading
from cms.topics.concerns import PLANS, Plan
from cms.topics.models import Topic, Voice, VoiceTopic, VoiceWord
from cms.topics.selectors import OWN_WORDS, Period
from cms.topics.services import concerns_touch, tidy, voice_take_in
from search import lexicon
from search.models import SearchLog

BATCH = 500
#: Most voices one run reads; the next run goes on.
MOST_READ = 10_000
NEW_TOPIC_DAYS = 30
NEW_TOPIC_PEOPLE = 3
#: A word rises when its share of people is this many times that of the period before.
RISE = 1.5


def voices_group(*, today: date | None = None) -> dict[str, int]:
    """Gather searches, read what is unread, propose new topics.

    Returns how many of each were taken in, read and proposed.
    """
    topics_seed()
    done = {
        "searches": searches_take_in(),
        "read": voices_read(),
        "proposed": topics_propose(today=today),
    }
    if any(done.values()):
        concerns_touch()
    return done


# --- Topics --------------------------------------------------------------------------------------


def topics_seed() -> None:
    """A topic for each topic of the lexicon; those that are here stay as people set them."""
    known = set(Topic.objects.values_list("key", flat=True))
    for key in sorted(set(lexicon.current().topics) - known):
        plan = PLANS.get(key) or Plan(key[:30], key.split("/")[0][:30], slug_of(key))
        topic_make(key=key, kind=Topic.Kind.LEXICON, plan=plan, state=Topic.State.SHOWN)


def topics_propose(*, today: date | None = None) -> int:
    """Propose words outside the lexicon as topics; people accept or refuse them.

    A word is proposed when within NEW_TOPIC_DAYS days NEW_TOPIC_PEOPLE people said it in voices
    that no topic explains, and it takes a larger share of those who speak than in the period
    before. The word of most people comes first; what it explains proposes no second word.
    Returns how many were proposed.
    """
    period = Period.of(NEW_TOPIC_DAYS, today)
    known = set(Topic.objects.exclude(word="").values_list("word", flat=True))
    rising = _rising_words(period)
    proposed = 0
    for word in sorted(rising.keys() - known, key=lambda word: (-rising[word], word)):
        if _people_by_word(period, words=[word], unexplained=True).get(word, 0) >= NEW_TOPIC_PEOPLE:
            topic = topic_make(
                key=f"word:{word}",
                kind=Topic.Kind.EMERGENT,
                plan=Plan(word[:30], "", slug_of(word)),
                state=Topic.State.PROPOSED,
                word=word,
            )
            _link_word(topic)
            proposed += 1
    return proposed


def _rising_words(period: Period) -> dict[str, int]:
    """Words of enough people in unexplained voices, by those people, that say more than before."""
    now = _people_by_word(period, unexplained=True)
    enough = [word for word, people in now.items() if people >= NEW_TOPIC_PEOPLE]
    before = _people_by_word(period.earlier(), words=enough)
    all_now, all_before = _people(period), _people(period.earlier())
    return {
        word: now[word]
        for word in enough
        if word not in before or now[word] / all_now > RISE * before[word] / all_before
    }


def _people_by_word(
    period: Period, *, words: list[str] | None = None, unexplained: bool = False
) -> dict[str, int]:
    found = VoiceWord.objects.filter(topic=None, voice__in=_own_words(period))
    if words is not None:
        found = found.filter(word__in=words)
    if unexplained:
        found = found.filter(~Exists(VoiceTopic.objects.filter(voice=OuterRef("voice"))))
    return dict(
        found.order_by()
        .values_list("word")
        .annotate(people=Count("voice__person_key", distinct=True))
    )


def _people(period: Period) -> int:
    return _own_words(period).values("person_key").distinct().count()


def _own_words(period: Period):
    return Voice.objects.filter(period.q, source__in=OWN_WORDS)


def topic_make(*, key: str, kind: str, plan: Plan, state: str, word: str = "") -> Topic:
    """The topic of `key`; its name and address get a number when another topic has them."""
    return Topic.objects.get_or_create(
        key=key,
        defaults={
            "name": _free("name", plan.name, "{}（{}）"),
            "slug": _free("slug", plan.slug, "{}-{}"),
            "concern": plan.concern,
            "kind": kind,
            "state": state,
            "word": word,
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


def _link_word(topic: Topic) -> None:
    voices = Voice.objects.filter(words__word=topic.word, words__topic=None)
    VoiceTopic.objects.bulk_create(
        (_word_link(voice, topic) for voice in voices.iterator()),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _word_link(voice: Voice, topic: Topic) -> VoiceTopic:
    marks = reading.places_of(topic.word, voice.text)
    place = marks[0] if marks else [0, 0]
    return VoiceTopic(
        voice=voice,
        topic=topic,
        marks=marks,
        sentence=reading.sentence_at(voice.text, *place),
    )


# --- Reading voices ------------------------------------------------------------------------------


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
    topics = list(Topic.objects.all())
    by_key = {topic.key: topic for topic in topics if topic.kind == Topic.Kind.LEXICON}
    by_word = {topic.word: topic for topic in topics if topic.word}
    readings = {text: reading.read(text) for text in {voice.text for voice in voices}}
    links, words = [], []
    for voice in voices:
        links += _links(voice, readings[voice.text], by_key, by_word)
        words += _words(voice, readings[voice.text], by_key)
    VoiceTopic.objects.filter(voice__in=voices).delete()
    VoiceWord.objects.filter(voice__in=voices).delete()
    VoiceTopic.objects.bulk_create(links, batch_size=BATCH, ignore_conflicts=True)
    VoiceWord.objects.bulk_create(words, batch_size=BATCH, ignore_conflicts=True)
    Voice.objects.filter(pk__in=[voice.pk for voice in voices]).update(read_with=stamp)


def _links(
    voice: Voice, read: reading.Reading, by_key: dict, by_word: dict
) -> Iterator[VoiceTopic]:
    for key, found in read.topics.items():
        if key in by_key:
            yield VoiceTopic(
                voice=voice, topic=by_key[key], marks=found.marks, sentence=found.sentence
            )
    for word in read.words:
        if word in by_word:
            yield _word_link(voice, by_word[word])


def _words(voice: Voice, read: reading.Reading, by_key: dict) -> Iterator[VoiceWord]:
    for key, found in read.topics.items():
        if key in by_key:
            for term in found.terms:
                yield VoiceWord(voice=voice, word=term, topic=by_key[key])
    for word in read.words:
        yield VoiceWord(voice=voice, word=word)


# --- Gathering -----------------------------------------------------------------------------------


def searches_take_in(*, since: date | None = None) -> int:
    """Each term's searches of one day become one voice that weighs as many. Returns how many are
    new or have grown. Without `since`: from the day before the last one taken in."""
    days = SearchLog.objects.all()
    last = Voice.objects.filter(source=Voice.Source.SEARCH).aggregate(last=Max("day"))["last"]
    if since or last:
        days = days.filter(day__gte=since or last - timedelta(days=1))
    rows = days.values("day", "term").annotate(times=Sum("count"), as_typed=Max("shown"))
    weights = dict(
        Voice.objects.filter(
            source=Voice.Source.SEARCH, day__in=days.values("day").distinct()
        ).values_list("origin", "weight")
    )
    taken = 0
    for row in rows.order_by("day", "term"):
        origin = f"search:{row['day']}:{row['term']}"
        if weights.get(origin) != row["times"] and tidy(row["as_typed"]):
            voice_take_in(
                origin=origin,
                source=Voice.Source.SEARCH,
                text=row["as_typed"],
                said_at=timezone.make_aware(datetime.combine(row["day"], time(12))),
                weight=row["times"],
            )
            taken += 1
    return taken
