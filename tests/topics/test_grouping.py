"""Taking voices in, reading them, finding new topics: repeatable and order-free."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from cms.topics import reading
from cms.topics.models import Topic, Voice, VoiceTopic, VoiceWord
from cms.topics.services import (
    topic_rename,
    topics_seed,
    voice_classify,
    voice_take_in,
    voice_withdraw,
    voices_group,
)
from search import lexicon
from search.lexicon import store
from search.models import SearchLog, Term
from tests.factories import make_user
from tests.factories.topics import grouped, make_voice, make_voices

pytestmark = pytest.mark.django_db


def everything():
    links = VoiceTopic.objects.values_list("voice__origin", "topic__key", "sentence", "marks")
    words = VoiceWord.objects.values_list("voice__origin", "word", "topic__key")
    key = repr
    return sorted(map(repr, links)), sorted(map(key, words))


def test_every_topic_of_the_lexicon_is_seeded_once_and_renames_survive():
    topics_seed()
    assert Topic.objects.count() == len(lexicon.current().topics)
    topic = Topic.objects.get(slug="wages")
    topic_rename(topic=topic, name="工资拖欠", user=make_user(superuser=True))
    topics_seed()
    topic.refresh_from_db()
    assert topic.name == "工资拖欠"
    assert Topic.objects.count() == len(lexicon.current().topics)


def test_taking_the_same_voice_in_twice_keeps_one():
    for _time in range(2):
        make_voice(origin="moderation:1")
    assert Voice.objects.count() == 1


def test_a_changed_text_is_read_again():
    make_voice("食堂的饭菜太贵", origin="moderation:1")
    voices_group()
    make_voice("被拖欠工资三个月", origin="moderation:1")
    assert grouped().links.count() == 1


def test_the_person_is_kept_as_a_hash_only():
    one, same = make_voice(person="user:5"), make_voice(person="user:5")
    other = make_voice(person="user:6")
    assert one.person_key == same.person_key != other.person_key
    assert "user" not in one.person_key
    assert one.person_key != ""


def test_withdrawing_removes_the_voice_and_what_was_read_from_it():
    voice = make_voice()
    topic = grouped()
    voice_withdraw(origin=voice.origin)
    voice_withdraw(origin=voice.origin)
    assert not Voice.objects.exists()
    assert not topic.links.exists()


def test_grouping_twice_changes_nothing():
    make_voices(3)
    make_voices(4, "电梯又坏了")
    voices_group()
    before = everything()
    assert not any(voices_group().values())
    assert everything() == before


def test_the_order_of_coming_in_does_not_matter():
    texts = [
        "被拖欠工资",
        "强制加班到深夜",
        "电梯又坏了",
        "没有高温津贴",
        "修修电梯吧",
        "电梯几时修",
    ]
    results = []
    for seed in (1, 2):
        Voice.objects.all().delete()
        Topic.objects.all().delete()
        shuffled = list(enumerate(texts))
        random.Random(seed).shuffle(shuffled)
        for number, text in shuffled:
            make_voice(text, origin=f"fixed:{number}", person=f"user:{number}")
        voices_group()
        results.append(everything())
    assert results[0] == results[1]
    assert results[0][0]


def test_classifying_one_voice_at_once_gives_what_grouping_gives():
    topics_seed()
    voice = make_voice()
    voice_classify(voice=voice)
    before = everything()
    voices_group()
    assert everything() == before
    assert before[0]


@pytest.fixture
def edited_lexicon():
    """The lexicon as it stands in the table, as on a running site."""
    before = lexicon._source
    store.forget()
    lexicon.use(store.current)
    yield
    lexicon.use(before)
    store.forget()


def test_a_new_lexicon_word_reads_old_voices_again(edited_lexicon):
    make_voice("噪音太大")
    voices_group()
    assert not VoiceTopic.objects.exists()
    Term.objects.create(term="噪音", kind=Term.Kind.TOPIC, topic="生活服务")
    store.forget()
    voices_group()
    assert VoiceTopic.objects.get().topic.key == "生活服务"


def test_searches_of_one_day_are_one_voice_that_grows():
    today = timezone.localdate()
    log = SearchLog.objects.create(term="欠薪", shown="欠薪", day=today, count=7, hits=3)
    SearchLog.objects.create(term="欠薪", shown="欠薪", day=today, source="mobile", count=2, hits=3)
    assert voices_group()["searches"] == 1
    voice = Voice.objects.get(source=Voice.Source.SEARCH)
    assert (voice.origin, voice.weight, voice.person_key) == (f"search:{today}:欠薪", 9, "")
    assert voices_group()["searches"] == 0
    log.count = 20
    log.save()
    assert voices_group()["searches"] == 1
    voice.refresh_from_db()
    assert voice.weight == 22


def test_searches_of_earlier_days_come_in_on_the_first_run():
    today = timezone.localdate()
    for days in (0, 1, 40):
        day = today - timedelta(days=days)
        SearchLog.objects.create(term="社保", shown="社保", day=day)
    assert voices_group()["searches"] == 3


def test_hostile_text_is_cut_and_cleaned():
    voice = voice_take_in(
        origin="x",
        source=Voice.Source.WEIBO,
        text="欠薪\x00\u200b" + "啊" * 5000,
        said_at=timezone.now(),
    )
    assert "\x00" not in voice.text
    assert len(voice.text) <= 2000
    voice_classify(voice=voice)
    assert voice.read_with in ("", reading.stamp(None))
