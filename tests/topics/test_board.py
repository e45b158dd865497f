"""The board: what it counts, in which order, at what cost; and the list behind each figure."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cms.members.models import Union
from cms.topics import selectors
from cms.topics.models import Topic, Voice
from cms.topics.selectors import Period, board, totals, utterances, voices_behind
from search.models import SearchLog
from tests.factories import make_union
from tests.factories.topics import WAGES, grouped, make_voice, make_voices

pytestmark = pytest.mark.django_db

Source = Voice.Source
HOURS = "天天加班到深夜，不给加班费"


def row_of(slug=WAGES, **kwargs):
    return next((row for row in board(**kwargs) if row.topic.slug == slug), None)


def test_fifty_posts_of_one_person_do_not_outrank_thirty_people():
    for _post in range(50):
        make_voice(HOURS, person="user:loud")
    for number in range(30):
        make_voice(person=f"user:{number}", days_ago=number % 20)
    grouped()
    rows = board()
    assert [row.topic.slug for row in rows[:2]] == [WAGES, "hours"]
    assert (rows[0].people, rows[1].people) == (30, 1)
    assert rows[1].voices == 50


def test_people_are_counted_once_and_searches_apart():
    for _time in range(3):
        make_voice(person="user:1")
    make_voice(person="user:2", source=Source.WECHAT)
    SearchLog.objects.create(term="欠薪", shown="欠薪", day=timezone.localdate(), count=40)
    grouped()
    row = row_of()
    assert (row.people, row.voices, row.times, row.searches) == (2, 4, 2, 40)
    assert row.sources == {
        "site_comment": 3,
        "wechat": 1,
        "weibo": 0,
        "poll": 0,
        "hotline": 0,
        "survey": 0,
        "care": 0,
        "search": 40,
    }


def test_a_voice_with_several_words_of_a_topic_is_one_voice():
    make_voice("拖欠工资，讨薪难，年终奖也没有")
    grouped()
    row = row_of()
    assert (row.voices, row.people) == (1, 1)
    assert dict(row.words)["年终奖"] == 1


def test_top_words_are_named_once_and_rare_keywords_not_at_all():
    make_voices(2, "拖欠工资还不修电梯")
    make_voice("讨薪，路灯也坏了，还要强制加班")
    grouped()
    assert row_of().words == [("欠薪", 3), ("电梯", 2)]


def test_the_change_is_against_the_period_before():
    make_voices(5, days_ago=3)
    make_voices(2, days_ago=9)
    make_voices(9, days_ago=15)
    grouped()
    row = row_of(days=7)
    assert (row.people, row.people_before, row.change) == (5, 2, 3)
    assert row.days == [0, 0, 0, 5, 0, 0, 0]
    assert row_of(days=28).people == 16


def test_days_are_local_days():
    noon = timezone.localtime().replace(hour=12)
    late = noon.replace(hour=23, minute=59) - timedelta(days=6)
    make_voice(said_at=late)
    make_voice(said_at=late - timedelta(days=1))
    grouped()
    assert row_of(days=7).days == [1, 0, 0, 0, 0, 0, 0]


def test_a_source_filter_counts_only_that_source():
    make_voices(2)
    make_voices(3, source=Source.WEIBO)
    grouped()
    assert row_of(source=Source.WEIBO).people == 3
    assert row_of(source=Source.POLL) is None


def test_hidden_topics_leave_the_board_and_pinned_ones_lead_it():
    make_voices(9)
    make_voices(2, HOURS)
    topic = grouped()
    Topic.objects.filter(slug="hours").update(pinned=True)
    assert [row.topic.slug for row in board()] == ["hours", WAGES]
    Topic.objects.filter(pk=topic.pk).update(state=Topic.State.HIDDEN)
    assert [row.topic.slug for row in board()] == ["hours"]
    assert row_of(states=[Topic.State.HIDDEN]).people == 9


def test_a_union_hears_itself_and_those_below_it_and_all_searches():
    city = make_union()
    county = make_union(parent=city)
    other = make_union()
    make_voices(1, union=city)
    make_voices(2, union=Union.objects.get(pk=county.pk))
    make_voices(4, union=other)
    SearchLog.objects.create(term="欠薪", shown="欠薪", day=timezone.localdate(), count=5)
    grouped()
    city.refresh_from_db()
    assert row_of(union=city).people == 3
    assert row_of(union=city).searches == 0
    below = Union.objects.filter(path__startswith=city.path)
    assert (row_of(unions=below).people, row_of(unions=below).searches) == (3, 5)
    assert row_of(unions=below, union=other) is None
    assert row_of().people == 7


def test_sentences_are_short_differ_and_show_no_numbers():
    make_voice("拖欠工资")
    make_voice("公司拖欠工资三个月，电话13812345678不接了")
    make_voice("厂里拖欠工资两个月了，没有人管")
    make_voice("厂里拖欠工资两个月了 没有人管！")
    make_voice("被拖欠工资，" + "说来话长" * 30)
    grouped()
    sentences = row_of().sentences
    assert len(sentences) == 2
    assert sentences[0] in ("厂里拖欠工资两个月了，没有人管", "厂里拖欠工资两个月了 没有人管")
    assert "13812345678" not in "".join(sentences)
    assert "手机号已隐去" in sentences[1]


def test_private_words_are_counted_and_not_quotable():
    make_voices(3, is_public=False)
    grouped()
    assert row_of(quotable_only=True).people == 3
    assert row_of(quotable_only=True).sentences == []
    assert len(row_of().sentences) == 1


def test_searches_are_not_quoted():
    make_voices(3, source=Source.SEARCH)
    grouped()
    assert row_of().sentences == []


def test_the_same_voices_give_the_same_board():
    make_voices(4)
    make_voices(4, HOURS)
    make_voices(4, "没有高温津贴，车间四十度")
    grouped()
    assert board() == board()


@pytest.mark.parametrize("voices", [1, 40])
def test_the_board_takes_five_queries_whatever_the_number_of_voices(
    voices, django_assert_num_queries
):
    union = make_union()
    for number in range(voices):
        text = f"{HOURS}，被拖欠工资{number}次，没有高温津贴"
        make_voice(text, days_ago=number % 28, union=union)
    grouped()
    with django_assert_num_queries(5):
        assert len(board(unions=Union.objects.filter(path__startswith=union.path))) == 3


def test_an_empty_board_is_empty():
    assert board() == []


# --- The words behind a figure -------------------------------------------------------------------


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
        assert (behind.voices, behind.searches) == (0, 0)
        return
    assert (behind.voices, behind.people, behind.searches) == (
        row.voices,
        row.people,
        row.searches,
    )
    assert behind.sources == row.sources
    before = voices_behind(topic=topic, period=Period.of(days).earlier(), **scope)
    assert totals(before).people == row.people_before
    for word, number in row.words:
        of_word = voices_behind(topic=topic, period=Period.of(days), word=word, **scope)
        assert totals(of_word).voices == number


def test_the_rows_behind_a_figure_add_up_to_it(mixed):
    topic = Topic.objects.get(slug=WAGES)
    voices = voices_behind(topic=topic, period=Period.of(28)).filter(selectors.SPOKEN)
    page = utterances(topic=topic, voices=voices)
    assert sum(row["times"] for row in page) == row_of().voices
    assert len(page.object_list) == 4


def test_the_words_that_counted_are_marked_and_numbers_are_masked():
    voice = make_voice("老板<b>跑路</b>，打13812345678，拖欠工资", link="/x/#c1")
    topic = grouped()
    (row,) = utterances(topic=topic, voices=voices_behind(topic=topic))
    assert [piece for piece, is_marked in row["pieces"] if is_marked] == ["拖欠工资"]
    assert "13812345678" not in "".join(piece for piece, _marked in row["pieces"])
    assert row["link"] == voice.link


def test_pages_of_words_take_the_same_queries_however_many(mixed, django_assert_num_queries):
    topic = Topic.objects.get(slug=WAGES)
    for number in range(40):
        make_voice(f"第{number}次讨薪")
    grouped()
    voices = voices_behind(topic=topic).filter(selectors.SPOKEN)
    with django_assert_num_queries(3):
        page = utterances(topic=topic, voices=voices, page="999999")
        assert page.number == page.paginator.num_pages == 2
