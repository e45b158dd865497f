"""缺口: who asks, what still holds of what was written, and the rule that puts them together."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.members.models import Role, Union
from cms.news.models import ActivityPage, LegalPage, StoryCard
from cms.topics import gaps as rule
from cms.topics import selectors
from cms.topics.models import Topic, Voice
from cms.topics.selectors import Period
from cms.topics.selectors.coverage import Story, is_about, themes_of
from cms.topics.services import case_answer
from search.models import SearchLog
from tests.factories import grant, make_story, make_union, make_user
from tests.factories.loop import make_case
from tests.factories.topics import grouped, make_voices
from tests.looking import read
from tests.topics.evidence import differences, figures

pytestmark = pytest.mark.django_db

GAP = "/admin/concerns/gap/"
ASKS = "老板拖欠工资三个月，找谁投诉"
TELLS = "老板拖欠工资三个月了"


def gaps(**scope):
    return selectors.gaps(period=Period.of(28), **scope)


def gap_of(slug="wages", **scope):
    return next(row for row in gaps(**scope) if row.topic.slug == slug)


def aged(story, days, committed):
    """Was published so many days ago."""
    with committed():
        at = timezone.now() - timedelta(days=days)
        StoryCard.objects.filter(pk=story.pk).update(published_at=at)
        selectors.coverage.pagecache.touch("site")


# --- The rule ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asking", "days", "score"),
    [(84, None, 84), (84, 400, 84), (84, 180, 84), (84, 90, 42), (84, 0, 0), (0, None, 0),
     (10, 45, 2.5), (10, -1, 0)],
)  # fmt: skip
def test_people_who_ask_times_how_old_the_last_story_is(asking, days, score):
    assert rule.gap(asking, days) == score


def test_more_people_and_older_stories_never_narrow_a_gap():
    ages = [0, 1, 30, 179, 180, 1000, None]
    for people in (0, 1, 7, 100):
        scores = [rule.gap(people, days) for days in ages]
        assert scores == sorted(scores)
        assert all(rule.gap(people + 1, days) >= rule.gap(people, days) for days in ages)


# --- Figures -------------------------------------------------------------------------------------


def test_who_speaks_and_who_asks_are_told_apart():
    make_voices(3, ASKS)
    make_voices(4, TELLS)
    SearchLog.objects.create(
        term="欠薪投诉", shown="欠薪投诉", day=timezone.localdate(), count=7, hits=0
    )
    grouped()
    row = gap_of()
    assert (row.people, row.people_asking, row.voices_asking, row.empty) == (7, 3, 3, 7)
    assert (row.age, row.score) == (None, 3)
    assert row.sentence(Period.of(28)) == "近 28 天 7 人说到欠薪与工资；还没有一篇有效的稿件。"


def test_the_age_of_the_last_valid_story_counts(newsroom, committed):
    make_voices(10, ASKS)
    story = make_story(newsroom.section, title="欠薪怎么办")
    aged(story, 90, committed)
    grouped()
    row = gap_of()
    assert (row.age, row.score) == (90, 5)
    assert "最近一篇是 90 天前的" in row.sentence(Period.of(28))


def test_a_law_out_of_force_and_an_activity_that_is_over_hold_no_more(newsroom):
    today = timezone.localdate()
    make_voices(2, ASKS)
    expired = {"law_name": "旧规定", "valid_until": today - timedelta(days=1)}
    coming = {"law_name": "新规定", "valid_from": today + timedelta(days=1)}
    make_story(newsroom.section, model=LegalPage, title="欠薪旧规定", **expired)
    make_story(newsroom.section, model=LegalPage, title="欠薪新规定", **coming)
    past = timezone.now() - timedelta(days=3)
    make_story(
        newsroom.section,
        model=ActivityPage,
        title="欠薪咨询日",
        starts_at=past,
        ends_at=past + timedelta(hours=2),
        place="广场",
    )
    grouped()
    assert gap_of().stories == []
    law = make_story(newsroom.section, model=LegalPage, title="欠薪怎么办", law_name="劳动法")
    assert [story.pk for story in gap_of().stories] == [law.pk]


def test_a_story_that_is_taken_down_counts_no_more(newsroom, committed):
    make_voices(2, ASKS)
    story = make_story(newsroom.section, title="欠薪怎么办")
    grouped()
    assert gap_of().stories
    with committed():
        story.unpublish()
    assert gap_of().stories == []


def test_a_story_that_answered_a_case_is_about_its_topic(newsroom, manager):
    make_voices(2, ASKS)
    case = make_case(grouped(), newsroom, manager)
    story = make_story(newsroom.section, title="看这一篇就够了", text="都在这里。", tags=[])
    assert gap_of().stories == []
    case_answer(case=case, user=manager, page=story)
    assert [one.pk for one in gap_of().stories] == [story.pk]


@pytest.mark.parametrize(
    ("words", "body", "theme"),
    [("欠薪了怎么办", "", True), ("年终盘点", "欠薪、讨薪、拖欠工资。" * 2, True),
     ("年终盘点", "说到欠薪一次，高温津贴、高温补贴、中暑、高温作业。", False),
     ("秋游", "", False)],
)  # fmt: skip
def test_a_story_is_about_what_its_title_names_or_its_body_mostly_says(words, body, theme):
    assert ("劳动报酬/欠薪" in themes_of(words, body)) is theme


@pytest.mark.parametrize(
    ("words", "about"),
    [("食堂涨价怎么回事", True), ("饭菜和价格的通知", True), ("只说饭菜", False), ("", False)],
)
def test_a_story_is_about_an_issue_by_its_name_or_two_of_its_words(words, about):
    topic = Topic(kind="emergent", name="食堂涨价", related=["饭菜", "价格", ""])
    story = Story(1, "", "", "policy", "政策", "/", 1, timezone.now(), words)
    assert is_about(story, topic) is about


def test_wider_gaps_stand_first_and_hidden_topics_nowhere(newsroom):
    make_voices(3, ASKS)
    make_voices(9, "天天强制加班，加班费怎么算")
    make_story(newsroom.section, title="加班费怎么算")
    make_voices(5, "工伤怎么认定")
    grouped()
    Topic.objects.filter(slug="injury").update(state=Topic.State.HIDDEN)
    slugs = [row.topic.slug for row in gaps()]
    assert slugs[0] == "wages"
    assert "hours" in slugs
    assert "injury" not in slugs


def test_the_same_queries_however_much_there_is(newsroom):
    costs = set()
    for number in (1, 6):
        for place in range(number):
            make_story(newsroom.section, title=f"欠薪怎么办之{number}之{place}")
        make_voices(number, ASKS, union=newsroom.union)
        make_voices(number, "天天强制加班，加班费怎么算", union=newsroom.union)
        grouped()
        gaps()
        with CaptureQueriesContext(connection) as queries:
            gaps(unions=Union.objects.all())
        costs.add(len(queries))
    assert costs == {5}


# --- The page ------------------------------------------------------------------------------------


def test_every_number_opens_its_rows(client, manager, newsroom):
    union = newsroom.union
    make_voices(3, ASKS, union=union)
    make_voices(4, TELLS, union=union)
    make_voices(2, ASKS, union=union, source=Voice.Source.WEIBO)
    SearchLog.objects.create(
        term="欠薪投诉", shown="欠薪投诉", day=timezone.localdate(), count=7, hits=0
    )
    grouped()
    text = read(client, GAP)
    counted = {(one.kind, one.label.split("，")[1]): one.count for one in figures(text)}
    assert counted == {
        ("people", "在问 5 人"): 5,
        ("people", "说到 9 人"): 9,
        ("empty", "搜不到 7 次"): 7,
    }
    assert differences(client, text) == []


def test_the_rule_stands_on_the_page_and_stories_are_linked(client, manager, newsroom):
    story = make_story(newsroom.section, title="欠薪怎么办")
    make_voices(3, ASKS, union=newsroom.union)
    grouped()
    text = read(client, GAP)
    assert "在问的人数 × 过时程度" in text
    assert story.url in text
    assert f"/admin/pages/{story.pk}/edit/" not in text  # A manager may not edit.
    assert "/admin/concerns/wages/brief/" in text


def test_the_tabs_lead_from_desk_to_desk(client, manager):
    for address in ("/admin/concerns/", GAP, "/admin/concerns/cases/"):
        text = read(client, address)
        for other in ("/admin/concerns/", GAP, "/admin/concerns/cases/"):
            assert f'href="{other}"' in text


def test_a_manager_hears_only_his_unions(client, manager, newsroom):
    make_voices(3, ASKS, union=newsroom.union)
    make_voices(5, ASKS, union=make_union())
    grouped()
    assert "欠薪与工资，在问 3 人" in read(client, GAP)
    text = read(client, f"{GAP}?union={make_union().pk}&days=x")
    assert "您不能看这个工会的声音" in text


@pytest.mark.parametrize("role", [Role.EDITOR, Role.MODERATOR, Role.FINAL_REVIEWER])
def test_other_roles_do_not_see_it(client, newsroom, role):
    client.force_login(grant(make_user(), role, newsroom.union))
    assert client.get(GAP).status_code == 302


@pytest.mark.parametrize("query", ["since=x&until=%00", "since=2026-01-02&until=2026-01-01",
                                   "mood=9", "asking=%F0%9F%99%82"])  # fmt: skip
def test_odd_addresses_are_no_error(client, manager, newsroom, query):
    make_voices(1, ASKS, union=newsroom.union)
    grouped()
    read(client, f"/admin/concerns/wages/?{query}")
