"""大家搜什么: the figures, who sees them, and that they cost the same however much was searched."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms.members.models import Role
from search import selectors
from search.models import SearchLog
from tests.factories import grant, make_user

pytestmark = pytest.mark.django_db

REPORT = "/admin/reports/searches/"


def searched(term, count, *, days_ago=0, hits=3, source="site"):
    day = timezone.localdate() - timedelta(days=days_ago)
    SearchLog.objects.create(term=term, shown=term, day=day, count=count, hits=hits, source=source)


@pytest.fixture
def week():
    searched("欠薪", 20)
    searched("欠薪", 18, days_ago=9)
    searched("高温津贴", 12, days_ago=2)
    searched("高温津贴", 2, days_ago=8)
    searched("骑手驿站", 4, days_ago=1, hits=0)
    searched("月球旅行", 2, days_ago=3, hits=0, source="wechat")
    searched("旧词", 50, days_ago=10)
    searched("更旧的词", 50, days_ago=40)


@pytest.fixture
def manager(newsroom):
    return grant(make_user("主管"), Role.MANAGER, newsroom.union)


@pytest.mark.usefixtures("week")
def test_what_rises_is_measured_against_its_own_period_before():
    rows = selectors.rising(7)
    assert [(row["term"], row["now"], row["before"]) for row in rows] == [
        ("骑手驿站", 4, 0),
        ("高温津贴", 12, 2),
    ]
    assert [round(row["times"], 2) for row in rows] == [5.0, 4.33]


def test_a_word_searched_once_or_twice_never_rises():
    searched("偶然", selectors.RISING_LEAST - 1)
    searched("常年", 100)
    searched("常年", 99, days_ago=7)
    assert selectors.rising(7) == []


@pytest.mark.usefixtures("week")
def test_terms_days_sources_and_totals_of_the_period():
    assert [row["term"] for row in selectors.terms(7)] == [
        "欠薪",
        "高温津贴",
        "骑手驿站",
        "月球旅行",
    ]
    assert [row["term"] for row in selectors.nothing_found(7)] == ["骑手驿站", "月球旅行"]
    assert selectors.by_source(7) == [("site", 36), ("wechat", 2)]
    days = selectors.by_day(7)
    assert list(days) == sorted(days)
    assert days[timezone.localdate()] == (20, 0)
    assert days[timezone.localdate() - timedelta(days=1)] == (4, 4)
    assert days[timezone.localdate() - timedelta(days=5)] == (0, 0)
    now, before = selectors.totals(7)
    assert now == {"searches": 38, "terms": 4, "empty": 6}
    assert before["searches"] == 70


def test_a_word_that_was_found_once_is_not_among_those_without_result():
    searched("补贴", 5, days_ago=2, hits=0)
    searched("补贴", 1, hits=4)
    assert selectors.nothing_found(7) == []


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize("role", [Role.EDITOR, Role.MANAGER, Role.ADMIN])
def test_editors_managers_and_admins_see_it_in_their_menu(client, newsroom, role):
    client.force_login(grant(make_user(), role, newsroom.union))
    shown = client.get(REPORT, {"days": 7}).content.decode()
    assert "骑手驿站" in shown
    assert "（本期次数＋1）÷（上期次数＋1）" in shown
    assert "更旧的词" not in shown
    assert reverse("analytics_searches") in client.get("/admin/").content.decode()


@pytest.mark.parametrize("role", [Role.FIRST_REVIEWER, Role.MODERATOR])
def test_others_do_not(client, newsroom, role):
    client.force_login(grant(make_user(), role, newsroom.union))
    assert client.get(REPORT).status_code in (302, 403)
    assert reverse("analytics_searches") not in client.get("/admin/").content.decode()


@pytest.mark.usefixtures("week")
def test_who_may_write_is_led_to_his_section_and_a_manager_is_not(client, newsroom, manager):
    place = reverse("wagtailadmin_pages:add_subpage", args=[newsroom.section.pk])
    client.force_login(newsroom.editor)
    assert place in client.get(REPORT).content.decode()
    client.force_login(manager)
    assert "写一篇" not in client.get(REPORT).content.decode()


def test_it_costs_the_same_with_one_word_and_with_a_hundred(client, manager):
    client.force_login(manager)
    searched("欠薪", 5)
    client.get(REPORT)
    with CaptureQueriesContext(connection) as one:
        client.get(REPORT)
    for number in range(100):
        searched(f"词{number}", number + 3, days_ago=number % 14, hits=number % 2)
    with CaptureQueriesContext(connection) as hundred:
        client.get(REPORT)
    assert len(hundred) == len(one)


def test_an_empty_log_is_said_kindly(client, manager):
    client.force_login(manager)
    for days in ("7", "30", "90", "", "-1", "9" * 40, "\x00"):
        response = client.get(REPORT, {"days": days})
        assert response.status_code == 200
        assert "还没有人搜索" in response.content.decode()


def test_the_files_hold_every_term_and_no_formula(client, manager):
    searched("=1+1", 3)
    for number in range(30):
        searched(f"词{number}", 2)
    client.force_login(manager)
    csv = b"".join(client.get(REPORT, {"export": "csv", "days": 30}).streaming_content)
    text = csv.decode("utf-8-sig")
    assert csv.startswith(b"\xef\xbb\xbf")
    assert text.splitlines()[0] == "搜索词,本期次数,上期次数,上升倍数,最多找到几条,最后一次"
    assert len(text.splitlines()) == 32
    assert "\n'=1+1,3,0,4.0,3," in text.replace("\r", "")
    xlsx = b"".join(client.get(REPORT, {"export": "xlsx", "days": 30}).streaming_content)
    rows = list(openpyxl.load_workbook(BytesIO(xlsx)).active.rows)
    assert len(rows) == 32
    first = [cell.value for cell in rows[1]]
    assert first[:5] == ["=1+1", 3, 0, 4, 3]
    assert (rows[1][0].data_type, first[5]) == ("s", timezone.localdate())
