"""What readers see: no small groups, no names, no private words; kept until something changes."""

import pytest
from django.core.cache import cache
from django.template import Context, Template
from django.test import RequestFactory

from cms.topics import public
from cms.topics.models import ConcernsPage, Voice
from cms.topics.public import FLOOR, Trend, trend
from cms.topics.services import (
    concerns_page_set_up,
    topic_rename,
    topic_set_state,
    voice_withdraw,
    voices_group,
)
from tests.factories import make_story, make_user
from tests.factories.topics import SAYINGS, grouped, make_voice, make_voices
from tests.looking import read

pytestmark = pytest.mark.django_db

HOURS = "天天加班到深夜，不给加班费"


@pytest.fixture
def page(newsroom, committed):
    with committed():
        return concerns_page_set_up(home=newsroom.home)


def test_setting_up_twice_keeps_one_page(page, newsroom):
    assert concerns_page_set_up(home=newsroom.home) == page
    assert ConcernsPage.objects.count() == 1
    assert page.live
    assert page.show_in_menus


def test_topics_of_fewer_people_than_the_floor_are_not_shown(client, page):
    make_voices(FLOOR)
    make_voices(FLOOR - 1, HOURS)
    for _post in range(20):
        make_voice("被欺凌了，谁来管管", person="user:1")
    grouped()
    text = read(client, page.url)
    assert "欠薪与工资" in text
    assert "加班与休假" not in text
    assert HOURS not in text
    assert "职场侵害" not in text


def test_more_people_stand_higher(client, page):
    make_voices(FLOOR + 2, HOURS)
    make_voices(FLOOR + 4)
    make_voices(FLOOR, "没有高温津贴，车间四十度")
    grouped()
    assert [row.people for row in public.public_rows()] == [FLOOR + 4, FLOOR + 2, FLOOR]


def test_hidden_and_proposed_topics_are_not_shown(client, page):
    make_voices(9)
    make_voices(9, "电梯又坏了")
    topic = grouped()
    topic_set_state(topic=topic, state="hidden", user=make_user(superuser=True))
    text = read(client, page.url)
    assert "欠薪" not in text
    assert "电梯" not in text
    assert client.get(f"{page.url}wages/").status_code == 404


def test_only_public_comments_are_quoted_and_numbers_are_masked(client, page):
    make_voices(9, "老板拖欠工资，私信里说的话", is_public=False)
    make_voice("厂里拖欠工资两个月，找13812345678", is_public=True)
    grouped()
    text = read(client, page.url)
    assert "私信里说的话" not in text
    assert "手机号已隐去" in text
    assert "13812345678" not in text


def test_a_hostile_text_is_shown_as_text(client, page):
    make_voices(FLOOR, "<script>alert(1)</script>老板拖欠工资")
    grouped()
    text = read(client, page.url)
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize(
    ("people", "before", "expected"),
    [(5, 0, Trend.NEW), (12, 6, Trend.UP), (6, 5, Trend.STEADY), (8, 8, Trend.STEADY),
     (110, 100, Trend.STEADY), (120, 100, Trend.UP), (6, 20, Trend.DOWN)],
)  # fmt: skip
def test_the_trend_word(people, before, expected):
    assert trend(people, before) == expected


def test_stories_about_a_topic_stand_beside_it(client, page, newsroom):
    make_story(newsroom.section, title="欠薪了怎么办", text="找劳动监察。")
    make_story(newsroom.section, title="秋游报名")
    make_voices(FLOOR)
    grouped()
    for address in (page.url, f"{page.url}wages/"):
        text = read(client, address)
        assert "欠薪了怎么办" in text
        assert "秋游报名" not in text


def test_a_topic_below_the_floor_keeps_its_address_without_figures(client, page):
    make_voices(FLOOR - 1)
    grouped()
    text = read(client, f"{page.url}wages/")
    assert "人数暂不显示" in text
    assert SAYINGS not in text


@pytest.mark.parametrize("slug", ["nothing", "%3Cb%3E", "wages/more"])
def test_an_unknown_topic_is_not_found(client, page, slug):
    assert client.get(f"{page.url}{slug}/").status_code == 404


def test_the_page_takes_the_same_queries_however_many_voices(
    client, page, newsroom, django_assert_max_num_queries
):
    make_story(newsroom.section, title="欠薪了怎么办")
    for times in (FLOOR, 60):
        make_voices(times)
        make_voices(times, HOURS)
        voices_group()
        cache.clear()
        with django_assert_max_num_queries(20) as queries:
            read(client, page.url)
        counted = len(queries)
    assert counted <= 20


def test_the_page_is_kept_and_renewed_when_the_grouping_changes(
    client, page, committed, django_assert_num_queries
):
    make_voices(FLOOR)
    with committed():
        grouped()
    read(client, page.url)
    with django_assert_num_queries(0):
        read(client, page.url)
    make_voices(FLOOR)
    with committed():
        grouped()
    assert f"{2 * FLOOR}<small>人以上</small>" in read(client, page.url)


def test_a_grouping_without_news_leaves_the_kept_page(
    client, page, committed, django_assert_num_queries
):
    make_voices(FLOOR)
    with committed():
        grouped()
    read(client, page.url)
    with committed():
        grouped()
    with django_assert_num_queries(0):
        read(client, page.url)


def test_a_withdrawn_voice_leaves_the_page_at_once(client, page, committed):
    voices = make_voices(FLOOR)
    with committed():
        grouped()
    assert "欠薪与工资" in read(client, page.url)
    with committed():
        voice_withdraw(origin=voices[0].origin)
    assert "欠薪与工资" not in read(client, page.url)


def test_a_new_name_is_read_at_once(client, page, committed):
    make_voices(FLOOR)
    with committed():
        topic = grouped()
    read(client, page.url)
    with committed():
        topic_rename(topic=topic, name="工资被拖欠", user=make_user(superuser=True))
    assert "工资被拖欠" in read(client, page.url)


# --- The strip on the front page -----------------------------------------------------------------


def strip(rf=None):
    request = RequestFactory().get("/")
    template = Template("{% load topics_tags %}{% concern_strip %}")
    return request, template.render(Context({"request": request})).strip()


def test_the_strip_is_silent_without_concerns_or_without_a_page(newsroom):
    assert strip()[1] == ""
    make_voices(FLOOR)
    grouped()
    assert strip()[1] == ""


def test_the_strip_names_five_at_most_and_asks_nothing_when_warm(page, django_assert_num_queries):
    for text in (SAYINGS, HOURS, "社保断缴了", "没有高温津贴", "工伤认定太慢", "仲裁要等多久"):
        make_voices(FLOOR, text)
    grouped()
    _request, first = strip()
    assert first.count("<li") == public.STRIP_SIZE
    with django_assert_num_queries(0):
        request, again = strip()
    assert again == first
    assert public.CACHE_TAG in request.page_cache_tags


def test_the_strip_follows_the_page_of_concerns(page, committed):
    make_voices(FLOOR)
    with committed():
        grouped()
    assert "欠薪与工资" in strip()[1]
    with committed():
        page.unpublish()
    assert strip()[1] == ""


def test_no_voice_names_its_author():
    assert not {"author_name", "author_key"} & {f.name for f in Voice._meta.get_fields()}
