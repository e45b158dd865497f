"""事项: who makes and sees them, when they are due, how they end; nobody else's, nothing lost."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.members.models import Notice, Role, Union
from cms.topics import selectors
from cms.topics.models import Case, Topic, Voice
from cms.topics.services import (
    case_answer,
    case_change,
    case_close,
    case_open,
    case_reopen,
    due_after,
)
from tests.factories import grant, make_union, make_user
from tests.factories.loop import make_case
from tests.factories.topics import grouped, make_voice, make_voices
from tests.looking import read
from tests.topics.evidence import voices_at

pytestmark = pytest.mark.django_db

CASES = "/admin/concerns/cases/"
OPEN = "/admin/concerns/wages/case/"


@pytest.fixture
def topic(newsroom):
    make_voices(3, union=newsroom.union)
    return grouped()


@pytest.fixture
def stranger(client):
    """In charge of another union."""
    return grant(make_user("别处的主管"), Role.MANAGER, make_union())


# --- Made and seen -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "due"),
    [(date(2026, 11, 23), date(2026, 11, 30)), (date(2026, 11, 27), date(2026, 12, 4)),
     (date(2026, 11, 28), date(2026, 12, 4))],
)  # fmt: skip
def test_an_answer_is_due_in_five_working_days(day, due):
    assert due_after(day) == due


def test_a_manager_makes_a_case_of_a_topic(client, manager, topic, newsroom):
    text = read(client, "/admin/concerns/wages/")
    assert OPEN in text
    form = read(client, OPEN)
    assert "主管" in form or manager.real_name in form
    due = timezone.localdate() + timedelta(days=9)
    data = {"owner": manager.pk, "due_on": due.isoformat(), "note": "先问人社局"}
    response = client.post(OPEN, data)
    case = Case.objects.get()
    assert response.url == f"{CASES}{case.pk}/"
    assert (case.owner, case.due_on, case.union) == (manager, due, newsroom.union)
    text = read(client, response.url)
    assert "先问人社局" in text
    assert "立为事项" in text
    assert f"{CASES}{case.pk}/" in read(client, "/admin/concerns/wages/")


def test_what_was_typed_stays_when_the_date_is_wrong(client, manager, topic):
    data = {"owner": manager.pk, "due_on": "2020-01-01", "note": "别丢了这句话"}
    response = client.post(OPEN, data)
    assert response.status_code == 422
    assert "期限已经过了" in response.content.decode()
    assert "别丢了这句话" in response.content.decode()
    assert not Case.objects.exists()


def test_a_topic_has_one_open_case(manager, topic, newsroom):
    first = make_case(topic, newsroom, manager)
    with pytest.raises(ValidationError, match="已有没办结的事项"):
        make_case(topic, newsroom, manager)
    case_answer(case=first, user=manager, words="已答复")
    assert make_case(topic, newsroom, manager) != first


@pytest.mark.parametrize("state", [Topic.State.HIDDEN, Topic.State.PROPOSED])
def test_only_a_shown_topic_becomes_a_case(manager, topic, newsroom, state):
    topic.state = state
    topic.save()
    with pytest.raises(ValidationError, match="先采用"):
        make_case(topic, newsroom, manager)


def test_the_owner_is_told_once_unless_it_is_oneself(manager, topic, newsroom):
    other = grant(make_user("另一位主管"), Role.MANAGER, newsroom.union)
    case = make_case(topic, newsroom, manager, owner=other)
    case_change(case=case, user=manager, owner=other, due_on=case.due_on, note="备注")
    assert Notice.objects.get().user == other
    assert "由您负责" in Notice.objects.get().text
    assert Notice.objects.get().url == f"{CASES}{case.pk}/"


def test_owners_are_those_in_charge_of_the_union(newsroom, manager):
    county = make_union(parent=newsroom.union)
    below = grant(make_user(), Role.MANAGER, county)
    city = Union.objects.get(pk=newsroom.union.pk)
    assert list(selectors.owners_for(city)) == [manager]
    assert set(selectors.owners_for(county)) == {manager, below}


# --- Reach ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.EDITOR, Role.MODERATOR, Role.FINAL_REVIEWER])
def test_other_roles_see_no_cases(client, newsroom, manager, topic, role):
    case = make_case(topic, newsroom, manager)
    client.force_login(grant(make_user(), role, newsroom.union))
    for address in (CASES, f"{CASES}{case.pk}/", OPEN, "/admin/concerns/wages/brief/"):
        assert client.get(address).status_code == 302
        assert client.post(address, {}).status_code == 302


def test_another_unions_manager_neither_sees_nor_changes_a_case(
    client, newsroom, manager, topic, stranger
):
    case = make_case(topic, newsroom, manager, note="内部的话")
    client.force_login(stranger)
    address = f"{CASES}{case.pk}/"
    assert client.get(address).status_code == 404
    for action in ("change", "answer", "close", "retry"):
        assert client.post(address, {"action": action}).status_code == 404
    text = read(client, CASES) + read(client, "/admin/concerns/wages/")
    assert "内部的话" not in text
    assert address not in text
    assert "正在办" in text
    case.refresh_from_db()
    assert case.is_open


def test_those_above_see_the_cases_of_unions_below(client, newsroom, manager, topic):
    county = make_union(parent=newsroom.union)
    below = grant(make_user(), Role.MANAGER, county)
    case = case_open(topic=topic, user=below, union=county)
    assert f"{CASES}{case.pk}/" in read(client, CASES)


# --- Changed, closed, opened again ---------------------------------------------------------------


def test_every_change_is_in_the_history(client, manager, topic, newsroom):
    case = make_case(topic, newsroom, manager)
    later = case.due_on + timedelta(days=7)
    data = {"action": "change", "owner": manager.pk, "due_on": later.isoformat(), "note": "顺延"}
    client.post(f"{CASES}{case.pk}/", data)
    client.post(f"{CASES}{case.pk}/", {"action": "close", "close-reason": "已另案处理"})
    client.post(f"{CASES}{case.pk}/", {"action": "reopen", "reopen-reason": "又有人问"})
    case.refresh_from_db()
    assert (case.state, case.due_on, case.note) == (Case.State.OPEN, later, "顺延")
    actions = [entry.action for entry in selectors.case_history(case)]
    assert actions == [
        "topics.case_reopen", "topics.case_close", "topics.case_change", "topics.case_open",
    ]  # fmt: skip
    text = read(client, f"{CASES}{case.pk}/")
    for said in ("已另案处理", "又有人问", "顺延", "重新打开", "了结"):
        assert said in text


def test_nothing_changed_is_nothing_logged(manager, topic, newsroom):
    case = make_case(topic, newsroom, manager)
    case_change(case=case, user=manager, owner=manager, due_on=case.due_on, note="")
    assert ModelLogEntry.objects.for_instance(case).count() == 1


@pytest.mark.parametrize("reason", ["", "  \x00 ", "长" * 301])
def test_closing_and_opening_need_a_reason(manager, topic, newsroom, reason):
    case = make_case(topic, newsroom, manager)
    with pytest.raises(ValidationError, match="原因"):
        case_close(case=case, user=manager, reason=reason)
    case_close(case=case, user=manager, reason="办完")
    with pytest.raises(ValidationError, match="原因"):
        case_reopen(case=case, user=manager, reason=reason)


def test_a_case_is_not_opened_again_beside_another(manager, topic, newsroom):
    first = make_case(topic, newsroom, manager)
    case_close(case=first, user=manager, reason="办完")
    make_case(topic, newsroom, manager)
    with pytest.raises(ValidationError, match="另有没办结"):
        case_reopen(case=first, user=manager, reason="又来了")


def test_an_unknown_action_says_so(client, manager, topic, newsroom):
    case = make_case(topic, newsroom, manager)
    response = client.post(f"{CASES}{case.pk}/", {"action": "destroy"}, follow=True)
    assert "没有这个操作" in response.content.decode()


# --- The list ------------------------------------------------------------------------------------


def test_filters_count_what_they_show(client, manager, newsroom):
    make_voices(2, union=newsroom.union)
    make_voices(2, "天天加班到深夜，不给加班费", union=newsroom.union)
    make_voices(2, "工伤认定太慢", union=newsroom.union)
    grouped()
    late, due, done = (
        make_case(Topic.objects.get(slug=slug), newsroom, manager)
        for slug in ("wages", "hours", "injury")
    )
    Case.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=3))
    case_answer(case=done, user=manager, words="已办")
    text = read(client, CASES)
    for said in ("待办 2", "逾期 1", "已答复 1", "全部 3", "逾期 3 天"):
        assert said in text
    assert f"{CASES}{done.pk}/" not in text
    overdue = read(client, f"{CASES}?which=overdue")
    assert f"{CASES}{late.pk}/" in overdue
    assert f"{CASES}{due.pk}/" not in overdue
    assert read(client, f"{CASES}?which=%00&page=x")


def test_the_list_takes_the_same_queries_however_many_cases(client, manager, newsroom):
    counted = set()
    for slug, text in [("wages", "拖欠工资"), ("hours", "强制加班"), ("injury", "工伤认定慢")]:
        make_voices(2, text, union=newsroom.union)
        make_case(grouped(slug), newsroom, manager)
        read(client, CASES)
        with CaptureQueriesContext(connection) as queries:
            read(client, CASES)
        counted.add(len(queries))
    assert len(counted) == 1


# --- Before and after ----------------------------------------------------------------------------


def test_weeks_before_and_after_the_answer(manager, newsroom, client):
    noon = timezone.localtime().replace(hour=12, minute=0)
    for days_ago, people, bad in [(20, 5, 4), (16, 3, 3), (10, 2, 0), (2, 1, 0)]:
        voices = make_voices(people, union=newsroom.union, said_at=noon - timedelta(days=days_ago))
        for voice in voices[:bad]:
            Voice.objects.filter(pk=voice.pk).update(mood=Voice.Mood.BAD)
    moods = dict(Voice.objects.values_list("pk", "mood"))
    topic = grouped()
    for pk, mood in moods.items():  # As the reader of moods gives them.
        Voice.objects.filter(pk=pk).update(mood=mood)
    case = make_case(topic, newsroom, manager)
    case_answer(case=case, user=manager, words="已答复")
    Case.objects.filter(pk=case.pk).update(answered_at=noon - timedelta(days=14))
    case.refresh_from_db()
    weeks = {week.offset: week for week in selectors.weeks(case, None)}
    assert list(weeks) == [-4, -3, -2, -1, 0, 1, 2, 3]
    assert (weeks[-1].people, weeks[-1].unhappy, weeks[-1].share) == (8, 7, 88)
    assert (weeks[0].people, weeks[0].share) == (2, 0)
    assert (weeks[1].people, weeks[-4].share) == (1, None)
    address = f"/admin/concerns/wages/?{weeks[-1].query}"
    assert len(voices_at(client, address)) == weeks[-1].voices == 8
    assert len(voices_at(client, f"{address}&mood=-1")) == 7


def test_a_press_of_care_does_not_make_people_look_content(manager, newsroom):
    make_voice(union=newsroom.union)
    Voice.objects.update(mood=Voice.Mood.BAD)
    for _person in range(9):
        make_voice("拖欠工资", union=newsroom.union, source=Voice.Source.CARE)
    topic = grouped()
    Voice.objects.filter(source=Voice.Source.SITE).update(mood=Voice.Mood.BAD)
    week = selectors.weeks(make_case(topic, newsroom, manager), None)[-1]
    assert (week.people, week.share) == (10, 100)


def test_the_case_page_takes_the_same_queries_however_much_was_said(client, manager, newsroom):
    make_voices(2, union=newsroom.union)
    case = make_case(grouped(), newsroom, manager)
    address = f"{CASES}{case.pk}/"
    counted = set()
    for more in (1, 40):
        make_voices(more, union=newsroom.union)
        grouped()
        read(client, address)
        with CaptureQueriesContext(connection) as queries:
            read(client, address)
        counted.add(len(queries))
    assert len(counted) == 1
