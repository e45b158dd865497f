"""职工关切周报: its numbers are the board's, it is made once, it keeps nobody's words."""

from datetime import datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.members.models import Role
from cms.topics.models import Case, ReportMail, Topic, Voice, WeeklyReport
from cms.topics.selectors.report import report_figures
from cms.topics.selectors.report_words import days_in_words, outside, week_of
from cms.topics.services import (
    case_answer,
    case_open,
    report_make,
    report_make_due,
    voice_withdraw,
    voices_group,
)
from search.models import SearchLog
from tests.factories import grant, make_union, make_user
from tests.factories.reports import last_monday, said_in_week
from tests.factories.topics import SAYINGS
from tests.topics.evidence import differences, figures

pytestmark = pytest.mark.django_db

REPORTS = "/admin/concerns/reports/"
OVERTIME = "车间天天强制加班，周末也不让休息"


def page_of(monday=None) -> str:
    return f"{REPORTS}{monday or last_monday()}/"


@pytest.fixture
def below(union):
    return make_union("青石县总工会", parent=union)


@pytest.fixture
def manager(client, union):
    user = grant(make_user("主管", email="manager@example.org"), Role.MANAGER, union)
    client.force_login(user)
    return user


@pytest.fixture
def week(union, below):
    """Two weeks of voices of many kinds, read and grouped."""
    for number in range(8):
        said_in_week(f"工地{number}号楼拖欠工资，怎么办", union=union, weekday=number % 7)
    for number in range(6):
        said_in_week(OVERTIME, union=below, source=Voice.Source.WEIBO, person=f"user:b{number}")
    for _number in range(2):
        said_in_week("社保断缴半年了", union=below, source=Voice.Source.HOTLINE, is_public=False)
    said_in_week("拖欠工资的事又来了", union=union, person="user:again")
    said_in_week("拖欠工资没有人管吗", union=union, person="user:again")
    for _number in range(5):
        said_in_week("拖欠工资三个月", union=union, weeks_ago=1)
    day = last_monday() + timedelta(days=1)
    for shown, hits in (("欠薪", 3), ("早班车几点", 0)):
        SearchLog.objects.create(term=shown, shown=shown, day=day, count=7, hits=hits)
    voices_group()
    Voice.objects.filter(text=OVERTIME).update(mood=Voice.Mood.BAD)


def read(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


# --- The figures ---------------------------------------------------------------------------------


def test_every_number_of_the_report_opens_exactly_what_it_counts(client, manager, week):
    report_make(monday=last_monday())
    text = read(client, page_of())
    assert "全站" in text
    assert {figure.kind for figure in figures(text)} >= {"people", "voices", "unhappy", "empty"}
    assert differences(client, text) == []


def test_who_is_in_charge_of_a_part_reads_and_opens_that_part(client, week, below, manager):
    report_make(monday=last_monday())
    client.force_login(grant(make_user(), Role.MANAGER, below))
    text = read(client, page_of())
    assert "只算您能看的工会" in text
    assert "加班与休假" in text
    assert "怎么办" not in text
    assert differences(client, text) == []


def test_one_union_of_many_can_be_asked_for_and_no_other(client, manager, week, below):
    text = read(client, f"{page_of()}?union={below.pk}")
    assert "青石县总工会" in text
    assert "怎么办" not in text
    assert differences(client, text) == []
    for other in (make_union().pk, 10**8, "9" * 40, "x"):
        read(client, f"{page_of()}?union={other}", status=404)


def test_three_sentences_say_how_many_what_and_what_came_of_it(week):
    told = [outside(sentence) for sentence in report_figures(monday=last_monday())["summary"]]
    assert told == [
        "本周 17 人说了 18 句话，比上周多 12 人。",
        "说得最多的是“欠薪与工资”（9 人）；新冒出来的是“加班与休假”（6 人）。",
        "没有新的答复，也没有逾期的事。",
    ]


def test_few_people_are_not_counted_out_in_the_sentences(union):
    said_in_week(union=union)
    voices_group()
    told = [outside(sentence) for sentence in report_figures(monday=last_monday())["summary"]]
    assert told[:2] == [
        "本周不到 5 人说了几句话，上周没有人说话。",
        "没有一件事有 5 个人以上说到。",
    ]


def test_a_week_is_named_with_the_month_and_year_where_they_change(week):
    assert days_in_words(week_of(last_monday().replace(2026, 11, 16))) == "2026年11月16日—22日"
    assert days_in_words(week_of(last_monday().replace(2026, 11, 30))) == "2026年11月30日—12月6日"
    assert (
        days_in_words(week_of(last_monday().replace(2026, 12, 28))) == "2026年12月28日—2027年1月3日"
    )


def noon(day):
    return timezone.make_aware(datetime.combine(day, time(12)))


def test_answers_delays_and_what_became_of_answers_are_told(client, manager, union, week):
    monday = last_monday()
    wages, hours = Topic.objects.get(slug="wages"), Topic.objects.get(slug="hours")
    late = case_open(topic=hours, user=manager, union=union, owner=manager)
    due = {"due_on": monday + timedelta(days=2), "opened_at": noon(monday - timedelta(days=30))}
    Case.objects.filter(pk=late.pk).update(**due)
    answered = case_open(topic=wages, user=manager, union=union)
    case_answer(case=answered, user=manager, words="已经发函督促")
    answered_at = noon(monday - timedelta(days=1))
    Case.objects.filter(pk=answered.pk).update(opened_at=answered_at, answered_at=answered_at)
    found = report_figures(monday=monday)
    assert [(case["name"], case["days"]) for case in found["overdue"]] == [("加班与休假", 5)]
    # Before the answer: the five of Wednesday; it came on Sunday.
    after = found["calming"][0]
    assert (after["before"]["n"], after["now"]["n"]) == (5, 9)
    text = read(client, page_of())
    assert "逾期 5 天" in text
    assert "答复前一周" in text
    assert differences(client, text) == []
    before = report_figures(monday=monday - timedelta(days=7))
    assert outside(before["summary"][2]) == "1 件事有了答复，没有逾期。"
    assert before["answered"][0]["answer"] == "已经发函督促"


def test_cases_of_other_unions_are_not_told(client, manager, union, below, week):
    case = case_open(topic=Topic.objects.get(slug="hours"), user=manager, union=union)
    Case.objects.filter(pk=case.pk).update(
        due_on=last_monday(), opened_at=noon(last_monday() - timedelta(days=9))
    )
    assert "逾期 7 天" in read(client, page_of())
    client.force_login(grant(make_user(), Role.MANAGER, below))
    assert "逾期 7 天" not in read(client, page_of())


def test_the_number_of_queries_does_not_grow_with_what_was_said(union, week):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            report_figures(monday=last_monday())
        return len(caught)

    before = queries()
    for number in range(12):
        said_in_week(f"第{number}个人的社保断缴了半年", union=union)
        said_in_week(f"第{number}个驿站没有热水", union=union)
    voices_group()
    assert queries() == before


# --- Made ----------------------------------------------------------------------------------------


def test_the_clock_makes_a_report_once(week):
    first = report_make_due()
    figures_then, made_then = first.figures, first.made_at
    said_in_week()
    again = report_make_due()
    assert again.pk == first.pk
    assert (again.figures, again.made_at) == (figures_then, made_then)
    assert WeeklyReport.objects.count() == 1


def test_a_week_that_goes_on_has_no_report_yet(client, manager, week):
    monday = last_monday() + timedelta(days=7)
    with pytest.raises(ValidationError, match="还没有过完"):
        report_make(monday=monday)
    assert "还没过完" in read(client, page_of(monday))


def test_a_report_is_made_again_by_hand_and_written_down(client, manager, week):
    made = report_make(monday=last_monday())
    said_in_week(union=make_union())
    response = client.post(f"{page_of()}make/", follow=True)
    assert "已按现在的声音生成" in response.content.decode()
    report = WeeklyReport.objects.get()
    assert report.made_at > made.made_at
    assert report.figures["voices"]["n"] == made.figures["voices"]["n"] + 1
    assert ModelLogEntry.objects.filter(action="topics.report_remake", user=manager).exists()


def test_what_was_sent_is_made_again_only_when_that_is_wanted(client, manager, week):
    made = report_make(monday=last_monday())
    WeeklyReport.objects.update(sent_at=timezone.now())
    text = client.post(f"{page_of()}make/", follow=True).content.decode()
    assert "已经发出" in text
    assert WeeklyReport.objects.get().made_at == made.made_at
    client.post(f"{page_of()}make/", {"confirmed": "1"})
    assert WeeklyReport.objects.get().made_at > made.made_at


# --- The page ------------------------------------------------------------------------------------


def test_the_sent_report_stays_and_says_what_was_withdrawn_since(client, manager, week, union):
    report = report_make(monday=last_monday())
    WeeklyReport.objects.update(sent_at=timezone.now())
    quoted = Voice.objects.get(pk=report.figures["topics"][0]["quote"])
    sentence = quoted.text
    assert sentence in read(client, page_of())
    voice_withdraw(origin=quoted.origin)
    said_in_week("补到的一句：拖欠工资", union=union)
    text = read(client, page_of())
    assert sentence not in text
    assert "原话已撤回" in text
    assert "发出后有 2 条声音撤回或补到，现在的数字可能不同" in text
    assert f'data-count="{report.figures["voices"]["n"]}"' in text


def test_what_is_kept_of_a_week_holds_nobodys_words(week):
    kept = str(report_make(monday=last_monday()).figures)
    assert SAYINGS not in kept
    assert "怎么办" not in kept
    assert OVERTIME not in kept


def test_a_week_without_voices_says_what_to_do(client, manager):
    report_make(monday=last_monday())
    text = read(client, page_of())
    assert "本周没有声音" in text
    assert "导进来" in text


def test_on_paper_few_people_are_not_counted_out(client, manager, union):
    for _number in range(3):
        said_in_week("社保断缴半年了", union=union)
    voices_group()
    text = read(client, page_of())
    assert 'class="weekly-out" aria-hidden="true">&lt;5</span>' in text
    assert "data-print" in text
    assert "css/concerns-report.css" in text


@pytest.mark.parametrize("given", ["2026-11-17", "20261116", "2026-W47-1", "2999-01-06", "x"])
def test_an_address_that_is_no_monday_has_no_report(client, manager, given):
    read(client, f"{REPORTS}{given}/", status=404)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.MODERATOR, Role.FINAL_REVIEWER])
def test_other_roles_read_no_report(client, union, role):
    client.force_login(grant(make_user(), role, union))
    for address in (REPORTS, page_of(), f"{REPORTS}readers/"):
        assert client.get(address).status_code == 302
    assert client.post(f"{page_of()}make/").status_code == 302
    assert not WeeklyReport.objects.exists()


def test_who_is_in_charge_of_a_part_makes_no_report_for_all(client, below, week):
    client.force_login(grant(make_user(), Role.MANAGER, below))
    assert client.post(f"{page_of()}make/").status_code == 302
    assert not WeeklyReport.objects.exists()
    assert "生成这一期" not in read(client, page_of())


def test_voices_beyond_the_house_keep_the_kept_figures_from_its_manager(client, manager, week):
    """Somebody brought in a record of another union: its manager hears it, this one does not."""
    said_in_week("外面工会的人说拖欠工资", union=make_union())
    voices_group()
    report = report_make(monday=last_monday())
    text = read(client, page_of())
    assert report.figures["voices"]["n"] == 19
    assert "只算您能看的工会" in text
    assert differences(client, text) == []


def test_the_list_names_the_weeks_and_what_became_of_them(client, manager, union, week):
    report_make(monday=last_monday())
    text = read(client, REPORTS)
    assert "生成，没有发出" in text
    assert "没有生成，打开就按现在的声音算" in text
    with CaptureQueriesContext(connection) as few:
        read(client, REPORTS)
    said_in_week(union=union, weeks_ago=9)
    for weeks in range(1, 6):
        monday = last_monday() - timedelta(days=7 * weeks)
        report = report_make(monday=monday)
        ReportMail.objects.create(report=report, user=manager, sent_at=timezone.now())
    with CaptureQueriesContext(connection) as many:
        read(client, REPORTS)
    assert len(many) == len(few)
