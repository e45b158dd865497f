"""The board: what it counts, in which order, at what cost; and the list behind each figure."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cms.members.models import Union
from cms.topics import selectors
from cms.topics.models import Case, Rise, Topic, Voice
from cms.topics.selectors import Period, ranking
from search.models import SearchLog
from tests.factories import make_union
from tests.factories.topics import SAYINGS, WAGES, grouped, make_voice, make_voices

pytestmark = pytest.mark.django_db

Source = Voice.Source
HOURS = "天天加班到深夜，不给加班费"


def board(*, days=28, **scope):
    return selectors.board(period=Period.of(days), **scope)


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
    make_voice("年终奖一分没有，工资也拖着不发", person="user:2", source=Source.WECHAT)
    SearchLog.objects.create(term="欠薪", shown="欠薪", day=timezone.localdate(), count=40)
    grouped()
    row = row_of()
    assert (row.people, row.voices, row.times, row.searched) == (2, 4, 2, 40)
    assert (row.searches, row.empty) == (0, 40)
    assert row.sources == {
        "site_comment": 3,
        "wechat": 1,
        "weibo": 0,
        "poll": 0,
        "hotline": 0,
        "survey": 0,
        "care": 0,
        "search": 0,
        "empty_search": 40,
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
    assert row_of(union=city).searched == 0
    below = Union.objects.filter(path__startswith=city.path)
    assert (row_of(unions=below).people, row_of(unions=below).searched) == (3, 5)
    assert row_of(unions=below, union=other) is None
    assert row_of().people == 7


def test_sentences_say_what_most_say_are_of_different_people_and_show_no_numbers():
    make_voice("拖欠工资")
    make_voice("公司拖欠工资三个月，电话13812345678不接了，年终奖也没发", person="user:1")
    make_voice("公司拖欠工资三个月，年终奖没发，去讨薪被赶出来", person="user:1")
    make_voice("厂里拖欠工资两个月，年终奖也不见了", person="user:2")
    make_voice("厂里拖欠工资两个月，年终奖也不见了！", person="user:3")
    make_voice("被拖欠工资，" + "说来话长" * 30)
    make_voices(3, "讨薪的人越来越多了，都在等")
    grouped()
    sentences = row_of().sentences
    assert len(sentences) == 2
    assert sum("user:1" in one or "三个月" in one for one in sentences) == 1
    assert any("两个月" in one for one in sentences)
    assert "13812345678" not in "".join(sentences)
    assert not any("说来话长" in one for one in sentences)


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


def test_a_topic_nobody_spoke_of_in_three_periods_before_is_new():
    make_voices(3, HOURS, days_ago=15)
    make_voices(3, HOURS)
    make_voices(3)
    grouped()
    assert row_of(days=7).is_new
    assert not row_of("hours", days=7).is_new


def test_nothing_is_new_where_nothing_was_said_before():
    make_voices(3)
    grouped()
    assert not row_of(days=7).is_new


def test_the_share_of_the_loudest_three_is_told_and_marked():
    for _time in range(20):
        make_voice(person="user:loud")
    make_voices(6)
    grouped()
    row = row_of()
    assert (row.voices, row.loudest, row.loudest_share, row.is_loud) == (26, 22, 85, True)
    make_voices(40)
    grouped()
    assert not row_of().is_loud


def test_near_copies_are_told_apart_and_warm_nothing():
    make_voice(person="user:first", days_ago=1)
    grouped()
    alone = row_of().heat
    for number in range(20):
        make_voice(person=f"user:{number}")
    grouped()
    row = row_of()
    assert (row.people, row.own_people, row.copies) == (21, 1, 20)
    assert row.heat == alone


def test_moods_unions_and_industries_are_told():
    union = make_union("青石县总工会")
    make_voices(4, union=union)
    make_voices(2)
    grouped()
    Voice.objects.update(mood=Voice.Mood.PLAIN, industry="")
    Voice.objects.filter(union=union).update(mood=Voice.Mood.BAD, industry="建筑")
    row = row_of()
    assert (row.written, row.unhappy, row.unhappy_share) == (6, 4, 67)
    assert [(part.name, part.people) for part in row.unions] == [("青石县总工会", 4)]
    assert [(part.name, part.people) for part in row.industries] == [("建筑", 4)]


@pytest.mark.parametrize(
    ("began", "over", "is_shown"),
    [(1, None, True), (40, None, True), (40, 2, True), (40, 30, False)],
)
def test_a_rise_going_on_in_the_period_is_shown_with_its_reason(began, over, is_shown):
    make_voices(3)
    topic = grouped()
    today = timezone.localdate()
    Rise.objects.create(
        topic=topic,
        day=today - timedelta(days=began),
        days=14,
        people=9,
        expected=2,
        probability=0.001,
        why="两周 9 人，平时 2 人",
        over_on=over and today - timedelta(days=over),
    )
    assert bool(row_of(days=7).rise) == is_shown


def test_an_open_case_is_shown():
    make_voices(3)
    topic = grouped()
    Case.objects.create(topic=topic, state=Case.State.CLOSED)
    assert row_of().case is None
    case = Case.objects.create(topic=topic)
    assert row_of().case == case


def test_kind_and_concern_choose_topics():
    make_voices(3)
    make_voices(3, "没有高温津贴，车间四十度")
    grouped()
    assert {row.topic.slug for row in board(kind=Topic.Kind.LEXICON)} == {WAGES, "safety"}
    assert board(kind=Topic.Kind.EMERGENT) == []
    assert [row.topic.slug for row in board(concern="安全健康")] == ["safety"]


def test_a_merged_topic_leaves_the_board():
    make_voices(3)
    topic = grouped()
    other = Topic.objects.get(slug="hours")
    Topic.objects.filter(pk=topic.pk).update(merged_into=other)
    assert row_of() is None


@pytest.mark.parametrize("voices", [1, 40])
def test_the_board_takes_the_same_queries_whatever_the_number_of_voices_and_topics(
    voices, django_assert_num_queries
):
    union = make_union()
    texts = [HOURS, SAYINGS, "没有高温津贴，车间四十度", "社保断缴了", "工伤认定怎么办"]
    for number in range(voices):
        make_voice(
            f"{number}号车间，{texts[number % len(texts)]}", days_ago=number % 28, union=union
        )
    grouped()
    with django_assert_num_queries(12):
        assert board(unions=Union.objects.filter(path__startswith=union.path))


def test_the_ranking_alone_takes_four_queries(django_assert_num_queries):
    make_voices(3)
    grouped()
    with django_assert_num_queries(4):
        assert ranking(period=Period.of(7))


def test_an_empty_board_is_empty():
    assert board() == []
