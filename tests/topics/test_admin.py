"""The board in the admin: who sees it, what it links to, what may be decided there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.members.models import Role
from cms.topics import heat
from cms.topics.models import Progress, Topic, Voice
from search.models import SearchLog
from tests.factories import grant, make_union, make_user
from tests.factories.topics import SAYINGS, grouped, make_voice, make_voices
from tests.looking import read
from tests.topics.evidence import differences, figures

pytestmark = pytest.mark.django_db

BOARD = "/admin/concerns/"
TOPIC = f"{BOARD}wages/"


def people_behind(text):
    """The people that a page of words counts."""
    return int(text.split('data-total="people">')[1].split("<")[0])


@pytest.mark.parametrize("role", [Role.EDITOR, Role.MODERATOR, Role.FIRST_REVIEWER])
@pytest.mark.parametrize(
    "address",
    [
        *(BOARD, TOPIC, f"{TOPIC}history/", f"{TOPIC}merge/", f"{TOPIC}split/"),
        *(f"{BOARD}voices/", f"{BOARD}cloud/", f"{BOARD}network/", f"{BOARD}formula/"),
        f"{BOARD}board.csv",
    ],
)
def test_other_roles_do_not_see_the_board(client, union, role, address):
    grouped()
    client.force_login(grant(make_user(), role, union))
    assert client.get(address).status_code == 302
    assert "职工关切" not in read(client, reverse("wagtailadmin_home"))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMIN])
def test_managers_and_administrators_find_the_board_in_the_menu(client, union, role):
    client.force_login(grant(make_user(), role, union))
    assert "/admin/concerns/" in read(client, reverse("wagtailadmin_home"))
    assert "还没有声音" in read(client, BOARD)


def test_the_board_shows_its_formula_and_weights(client, manager, union):
    make_voice(union=union)
    grouped()
    text = read(client, BOARD)
    assert "热度 = 100" in text
    assert heat.formula() in text


@pytest.fixture
def mixed(union):
    """Voices of many kinds: sources, unions, moods, industries, copies, searches, a loud person."""
    below = make_union("青石县总工会", parent=union)
    for number in range(9):
        make_voice(f"工地{number}号楼拖欠工资，怎么办", union=union, days_ago=number % 6)
    make_voices(
        4, "讨薪一年了，年终奖也扣着，还天天强制加班", source=Voice.Source.WEIBO, union=below
    )
    make_voices(3, "拖欠工资三个月", source=Voice.Source.HOTLINE, union=below, days_ago=9)
    for number in range(6):
        make_voice(f"加班费第{number}次没有发", person="user:loud", union=union)
    for shown, hits in (("欠薪", 3), ("讨薪", 0)):
        SearchLog.objects.create(
            term=shown, shown=shown, day=timezone.localdate(), count=7, hits=hits
        )
    grouped()
    Voice.objects.filter(text__contains="年终奖").update(mood=Voice.Mood.BAD, industry="建筑")
    Voice.objects.filter(text__contains="怎么办", day=timezone.localdate()).update(mood=1)


@pytest.mark.parametrize(
    "address",
    [
        *(BOARD, f"{BOARD}?days=28", f"{BOARD}?source=weibo", f"{BOARD}?kind=lexicon&days=84"),
        *(TOPIC, f"{TOPIC}?before=1", f"{TOPIC}?mood=-1", f"{TOPIC}?source=search"),
        *(
            f"{TOPIC}?loudest=1",
            f"{TOPIC}?own=1&asking=1",
            f"{TOPIC}?word=欠薪&also=hours",
            f"{BOARD}voices/?days=28",
        ),
        *(f"{BOARD}cloud/?days=28", f"{BOARD}network/?days=28", f"{TOPIC}history/"),
    ],
)
def test_every_figure_of_a_page_opens_exactly_what_it_counts(client, manager, mixed, address):
    text = read(client, address)
    assert figures(text)
    assert differences(client, text) == []


def test_free_dates_rule_the_figures_as_well(client, manager, mixed):
    today = timezone.localdate()
    since, until = today - timedelta(days=10), today - timedelta(days=2)
    text = read(client, f"{BOARD}?since={since}&until={until}")
    assert "欠薪与工资" in text
    assert differences(client, text) == []


def test_dates_the_wrong_way_round_or_too_far_apart_are_put_right(client, manager, mixed):
    today = timezone.localdate()
    text = read(client, f"{BOARD}?since={today}&until={today - timedelta(days=3)}")
    assert "欠薪与工资" in text
    assert "最多看 366 天" in read(client, f"{BOARD}?since=2020-01-01&until={today}")
    assert "没有看懂这个日期" in read(client, f"{BOARD}?since=gestern&until={today}")


def test_a_run_going_on_says_how_far_it_is(client, manager):
    Progress.objects.update_or_create(
        pk=1,
        defaults={
            "claimed_from": timezone.localdate(),
            "seen_at": timezone.now(),
            "done": 4,
            "total": 12,
        },
    )
    assert "正在整理：12 天中的第 5 天" in read(client, BOARD)
    Progress.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    assert "正在整理" not in read(client, BOARD)


def test_a_manager_hears_only_his_unions(client, manager, union):
    make_voices(3, union=union)
    make_voices(5, "别处的话，拖欠工资没人管", union=make_union())
    grouped()
    text = read(client, BOARD) + read(client, TOPIC)
    assert "别处的话" not in text
    assert people_behind(read(client, TOPIC)) == 3
    assert people_behind(read(client, f"{BOARD}voices/")) == 3


def test_another_unions_filter_is_refused_in_words(client, manager, union):
    make_voices(3, union=union)
    grouped()
    text = read(client, f"{BOARD}?union={make_union().pk}&days=5&source=x")
    assert "您不能看这个工会的声音" in text
    assert "没有这个时间范围" in text
    assert "没有这个来源" in text
    assert "欠薪与工资" in text


@pytest.mark.parametrize(
    "query",
    [
        *("days=%00", "union='", "page=-3", "word=%F0%9F%99%82", "before=x", "mood=9", "at=x"),
        *("also=nothing", "same=%00", "since=0000-00-00&until=x", "industry=%3Cb%3E", "concern=x"),
    ],
)
def test_odd_addresses_are_no_error(client, manager, union, query):
    make_voice(union=union)
    grouped()
    read(client, f"{BOARD}?{query}")
    read(client, f"{TOPIC}?{query}")
    read(client, f"{BOARD}network/?{query}")


def test_an_unknown_topic_is_not_found(client, manager):
    assert client.get(f"{BOARD}nothing/").status_code == 404


def test_matched_words_are_marked_in_the_list(client, manager, union):
    make_voice(SAYINGS, union=union)
    grouped()
    assert "<mark>拖欠工资</mark>" in read(client, TOPIC)


def test_the_queries_of_the_screens_do_not_grow_with_voices(client, manager, union):
    addresses = (BOARD, TOPIC, f"{TOPIC}history/", f"{BOARD}voices/", f"{BOARD}formula/")
    taken = []
    for times in (2, 60):
        for number in range(times):
            make_voice(f"{number}号工地拖欠工资，强制加班{number}小时，社保断缴", union=union)
        grouped()
        for address in addresses:
            read(client, address)
            with CaptureQueriesContext(connection) as queries:
                read(client, address)
            taken.append(len(queries))
    assert taken[: len(addresses)] == taken[len(addresses) :]
    assert max(taken) <= 42


@pytest.mark.parametrize(
    ("action", "field", "value"),
    [("hide", "state", "hidden"), ("show", "state", "shown"), ("pin", "pinned", True),
     ("unpin", "pinned", False)],
)  # fmt: skip
def test_decisions_are_done_and_logged(client, manager, action, field, value):
    topic = grouped()
    response = client.post(f"{TOPIC}act/", {"action": action})
    assert response.status_code == 302
    topic.refresh_from_db()
    assert getattr(topic, field) == value
    entry = ModelLogEntry.objects.for_instance(topic).get()
    assert entry.user == manager
    assert str(entry.message)


def test_renaming_checks_the_name(client, manager):
    topic = grouped()
    for name, said in [
        ("  ", "请填写话题名称"),
        ("长" * 31, "最多 30 字"),
        ("加班与休假", "请换一个名称"),
    ]:
        response = client.post(f"{TOPIC}act/", {"action": "rename", "name": name}, follow=True)
        assert said in response.content.decode()
    client.post(f"{TOPIC}act/", {"action": "rename", "name": "工资\x00被拖欠"})
    topic.refresh_from_db()
    assert topic.name == "工资 被拖欠"
    assert ModelLogEntry.objects.for_instance(topic).get().data["before"] == "欠薪与工资"


def test_an_unknown_action_says_so(client, manager):
    grouped()
    response = client.post(f"{TOPIC}act/", {"action": "destroy"}, follow=True)
    assert "没有这个操作" in response.content.decode()


def test_what_was_typed_is_kept_when_it_is_refused(client, manager):
    grouped()
    response = client.post(f"{TOPIC}act/", {"action": "rename", "name": "加班与休假"}, follow=True)
    assert 'value="加班与休假"' in response.content.decode()


def test_decisions_need_the_permission_and_a_post(client, union):
    topic = grouped()
    client.force_login(grant(make_user(), Role.MODERATOR, union))
    assert client.post(f"{TOPIC}act/", {"action": "hide"}).status_code == 302
    topic.refresh_from_db()
    assert topic.state == Topic.State.SHOWN
    client.force_login(grant(make_user(), Role.MANAGER, union))
    assert client.get(f"{TOPIC}act/").status_code == 405
