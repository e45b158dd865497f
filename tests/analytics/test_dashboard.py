"""The manager's screens: who may see them, and whose figures they show."""

import pytest
from django.urls import reverse

from cms.analytics.services import reading_count
from cms.analytics.words import change, figure
from cms.matrix.models import Delivery
from cms.members.models import Role
from tests.factories import grant, make_poll, make_site, make_story, make_union, make_user

pytestmark = pytest.mark.django_db

DASHBOARD = "analytics_dashboard"


def test_unknown_figure_is_a_dash_and_zero_is_zero():
    assert (figure(None), figure(0), figure(1234), figure(92, "%")) == ("—", "0", "1,234", "92%")


@pytest.mark.parametrize(
    ("now", "before", "unit", "words"),
    [
        (112, 100, "", "比上期 +12%"),
        (92, 100, "", "比上期 −8%"),
        (5, 5, "", "和上期持平"),
        (5, 0, "", "上期为 0"),
        (5, None, "", "上期没有数据"),
        (None, 5, "", "本期没有数据"),
        (92, 89, "%", "比上期 +3 个百分点"),
    ],
)
def test_change_is_said_in_words(now, before, unit, words):
    assert change(now, before, unit) == words


def test_dashboard_shows_where_a_story_went_and_its_figures(
    client, newsroom, manager, account, deliver, snapshot
):
    story = make_story(newsroom.section, title="夏送清凉")
    deliver(story, account("weibo"), state=Delivery.State.FAILED, error_text="字数太多")
    client.force_login(manager)
    page = client.get(reverse(DASHBOARD)).content.decode()
    assert "夏送清凉" in page
    assert "未成功" in page
    assert reverse("analytics_story", args=[story.pk]) in page
    detail = client.get(reverse("analytics_story", args=[story.pk])).content.decode()
    assert "字数太多" in detail
    assert '<tr data-channel="weibo">' in detail


def test_people_without_the_permission_are_turned_away(client, newsroom):
    story = make_story(newsroom.section)
    client.force_login(newsroom.editor)
    for name, args in (
        (DASHBOARD, []),
        ("analytics_ledger_csv", []),
        ("analytics_story", [story.pk]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 302
    assert "最近 7 天的传播" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_manager_sees_own_unions_only(client, newsroom, manager):
    other = make_site(make_union())
    theirs = make_story(other.section, title="别家的稿件")
    client.force_login(manager)
    page = client.get(reverse(DASHBOARD), {"union": other.union.pk}).content.decode()
    assert "别家的稿件" not in page
    assert client.get(reverse("analytics_story", args=[theirs.pk])).status_code == 404
    table = client.get(reverse("analytics_ledger_csv"), {"section": other.section.pk})
    assert "别家的稿件" not in table.content.decode()


def test_manager_of_a_city_can_look_at_one_district(client, newsroom, manager):
    district = make_union(parent=newsroom.union)
    make_story(make_site(district).section, title="区里的稿件")
    make_story(newsroom.section, title="市里的稿件")
    client.force_login(manager)
    whole = client.get(reverse(DASHBOARD)).content.decode()
    assert "区里的稿件" in whole
    assert "市里的稿件" in whole
    part = client.get(reverse(DASHBOARD), {"union": district.pk}).content.decode()
    assert "区里的稿件" in part
    assert "市里的稿件" not in part


@pytest.mark.parametrize(
    "query",
    [
        {"days": "x", "section": "９", "kind": "'", "union": "-1", "metric": "?", "ordering": "-x"},
        {"days": "99999", "p": "-5", "q": "\x00%", "section": "9" * 30},
        {"days": "1", "metric": "votes", "ordering": "-reads", "p": "7"},
    ],
)
def test_nonsense_in_the_address_is_as_if_it_were_not_there(client, newsroom, manager, query):
    make_poll(newsroom.section)
    client.force_login(manager)
    assert client.get(reverse(DASHBOARD), query).status_code == 200
    assert client.get(reverse("analytics_ledger_csv"), query).status_code == 200


def test_search_finds_older_stories_too(client, newsroom, manager):
    story = make_story(newsroom.section, title="去年的高温稿")
    card = story.page_ptr.card
    card.published_at = card.published_at.replace(year=card.published_at.year - 1)
    card.save()
    client.force_login(manager)
    address = reverse("analytics_story", args=[story.pk])
    assert address not in client.get(reverse(DASHBOARD)).content.decode()
    assert address in client.get(reverse(DASHBOARD), {"q": "高温"}).content.decode()


def test_file_is_offered_under_a_chinese_name(client, newsroom, manager):
    client.force_login(manager)
    answer = client.get(reverse("analytics_ledger_csv"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "filename*=utf-8''%E4%BC%A0%E6%92%AD" in answer["Content-Disposition"]


def test_manager_finds_the_week_on_the_home_screen(client, newsroom, manager):
    client.force_login(manager)
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "最近 7 天的传播" in page
    assert "wagtail.org" not in page


def test_editor_screen_of_a_public_story_leads_to_its_ledger(client, newsroom):
    both = grant(grant(make_user(), Role.MANAGER, newsroom.union), Role.EDITOR, newsroom.union)
    story = make_story(newsroom.section)
    client.force_login(both)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()
    assert reverse("analytics_story", args=[story.pk]) in page


def test_charts_carry_no_inline_script_and_have_their_table(client, newsroom, manager):
    story = make_story(newsroom.section)
    reading_count(page_id=story.pk, source="site")
    client.force_login(manager)
    page = client.get(reverse(DASHBOARD)).content.decode()
    assert page.count("看这张图的表格") == 2
    assert '<script id="by-day-option" type="application/json">' in page
    assert "decal" in page
