"""The words behind a figure: as many as it says, masked, and why each of them counts."""

import pytest
from django.utils import timezone

from cms.topics import selectors
from cms.topics.models import Topic, Voice
from cms.topics.selectors import Period, narrow, totals, utterances, voices_behind
from search.models import SearchLog
from tests.factories import make_union
from tests.factories.topics import WAGES, grouped, make_voice, make_voices

pytestmark = pytest.mark.django_db

Source = Voice.Source


def row_of(slug=WAGES, *, days=28, **scope):
    rows = selectors.board(period=Period.of(days), **scope)
    return next((row for row in rows if row.topic.slug == slug), None)


@pytest.fixture
def mixed():
    union = make_union()
    for number in range(7):
        make_voice(person=f"user:{number % 5}", days_ago=number, union=union)
    make_voices(3, "讨薪一年了，年终奖也扣着", source=Source.WECHAT, union=union)
    make_voices(4, "谁来管管欠薪", source=Source.WEIBO)
    make_voices(2, "选项：根治欠薪", source=Source.POLL)
    make_voices(6, days_ago=30)
    SearchLog.objects.create(term="欠薪", shown="欠薪", day=timezone.localdate(), count=11)
    grouped()
    return union


@pytest.mark.parametrize("days", selectors.DAY_CHOICES)
@pytest.mark.parametrize("source", ["", *Source.values])
@pytest.mark.parametrize("within", [False, True])
def test_every_figure_equals_the_list_behind_it(mixed, days, source, within):
    scope = {"source": source, "union": mixed if within else None}
    row = row_of(days=days, **scope)
    topic = Topic.objects.get(slug=WAGES)
    behind = totals(voices_behind(topic=topic, period=Period.of(days), **scope))
    if row is None:
        assert (behind.voices, behind.searches, behind.empty) == (0, 0, 0)
        return
    for name in ("voices", "people", "own_people", "copies", "searches", "empty", "unhappy"):
        assert getattr(behind, name) == getattr(row, name)
    assert behind.sources == row.sources
    before = voices_behind(topic=topic, period=Period.of(days).earlier(), **scope)
    assert totals(before).people == row.people_before
    for word, number in row.words:
        of_word = voices_behind(topic=topic, period=Period.of(days), word=word, **scope)
        assert totals(of_word).voices == number


def test_the_rows_behind_a_figure_add_up_to_it(mixed):
    topic = Topic.objects.get(slug=WAGES)
    voices = voices_behind(topic=topic, period=Period.of(28)).filter(selectors.SPOKEN)
    each = utterances(topic=topic, voices=voices, each=True)
    assert len(each.object_list) == row_of().voices == 16
    together = utterances(topic=topic, voices=voices)
    assert sum(said.times for said in together) == 16
    assert len(together.object_list) == 4


def test_near_copies_stand_once_and_open_one_by_one():
    make_voice("拖欠工资三个月了，谁来管管", days_ago=2)
    make_voices(3, "拖欠工资三个月了，谁来管管！")
    topic = grouped()
    voices = voices_behind(topic=topic)
    (said,) = utterances(topic=topic, voices=voices)
    assert (said.times, said.others, said.people) == (4, 3, 4)
    assert selectors.same_as(voices, said.root).count() == 4


def test_each_utterance_says_why_it_counts_and_what_else_it_is_about():
    make_voice("拖欠工资，还天天强制加班")
    topic = grouped()
    (said,) = utterances(topic=topic, voices=voices_behind(topic=topic))
    assert said.link.get_by_display() == "词库"
    assert [link.topic.slug for link in said.also] == ["hours"]


def test_the_words_that_counted_are_marked_and_numbers_are_masked():
    voice = make_voice("老板<b>跑路</b>，打13812345678，拖欠工资", link="/x/#c1")
    topic = grouped()
    (said,) = utterances(topic=topic, voices=voices_behind(topic=topic))
    assert [piece for piece, is_marked in said.pieces if is_marked] == ["拖欠工资"]
    assert "13812345678" not in "".join(piece for piece, _marked in said.pieces)
    assert said.voice == voice


def test_what_is_shown_can_be_narrowed():
    union = make_union()
    make_voice("拖欠工资怎么办", union=union)
    make_voice("拖欠工资，没人管")
    make_voice("讨薪一年，还天天强制加班")
    topic = grouped()
    Voice.objects.filter(text__contains="没人管").update(
        mood=Voice.Mood.BAD, industry="建筑", copy_of="x"
    )
    voices = voices_behind(topic=topic)

    def texts(**narrowing):
        return {voice.text[:4] for voice in narrow(voices, **narrowing)}

    assert texts(asks=True) == {"拖欠工资"}
    assert narrow(voices, asks=True).get().text == "拖欠工资怎么办"
    assert narrow(voices, mood=-1).get().text == "拖欠工资，没人管"
    assert narrow(voices, industry="建筑").count() == 1
    assert narrow(voices, own=True).count() == 2
    assert narrow(voices, at=union).get().text == "拖欠工资怎么办"
    assert texts(also=Topic.objects.get(slug="hours")) == {"讨薪一年"}


def test_pages_of_words_take_the_same_queries_however_many(mixed, django_assert_num_queries):
    topic = Topic.objects.get(slug=WAGES)
    for number in range(60):
        make_voice(f"第{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{number}车间{chr(0x4E00 + number)}讨薪")
    grouped()
    voices = voices_behind(topic=topic).filter(selectors.SPOKEN)
    with django_assert_num_queries(4):
        page = utterances(topic=topic, voices=voices, page="999999", each=True)
        assert page.number == page.paginator.num_pages > 2
