"""The board in the admin: who sees it, what it links to, what may be decided there."""

import re
from html import unescape

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.members.models import Role
from cms.topics.models import Topic, Voice
from tests.factories import grant, make_union, make_user
from tests.factories.topics import SAYINGS, grouped, make_voice, make_voices

pytestmark = pytest.mark.django_db

BOARD = "/admin/concerns/"
TOPIC = f"{BOARD}wages/"


@pytest.fixture
def union(newsroom):
    return newsroom.union


@pytest.fixture
def manager(client, union):
    user = grant(make_user("主管"), Role.MANAGER, union)
    client.force_login(user)
    return user


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def figures(text):
    """The three large figures of a drill-down: people, voices, searches."""
    return [int(number) for number in re.findall(r"<dd>(\d+)</dd></div>", text)]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.MODERATOR, Role.FIRST_REVIEWER])
@pytest.mark.parametrize("address", [BOARD, TOPIC])
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
    assert "0.35 × 人次" in text


def test_every_number_on_the_board_opens_a_list_of_that_number(client, manager, union):
    make_voices(4, union=union)
    make_voices(3, "讨薪一年了，年终奖也扣着", source=Voice.Source.WEIBO, union=union)
    make_voices(2, union=union, days_ago=30)
    grouped()
    text = read(client, BOARD)
    links = {
        unescape(label): unescape(address)
        for address, label in re.findall(r'href="([^"]+)" aria-label="([^"]+)"', text)
        if "欠薪与工资" in label
    }
    assert figures(read(client, links["欠薪与工资，7 人"]))[0] == 7
    assert figures(read(client, links["欠薪与工资，7 条声音"]))[1] == 7
    assert figures(read(client, links["欠薪与工资，上期 2 人"]))[0] == 2
    assert "微博 3" in read(client, links["欠薪与工资，微博 3 条"])
    words = re.findall(r'href="([^"]+word=[^"]+)">(\S+) (\d+)</a>', text)
    assert words
    for address, _word, number in words:
        assert figures(read(client, unescape(address)))[1] == int(number)


def test_a_manager_hears_only_his_unions(client, manager, union):
    make_voices(3, union=union)
    make_voices(5, "别处的话，拖欠工资没人管", union=make_union())
    grouped()
    text = read(client, BOARD) + read(client, TOPIC)
    assert "别处的话" not in text
    assert figures(read(client, TOPIC))[0] == 3


def test_another_unions_filter_is_refused_in_words(client, manager, union):
    make_voices(3, union=union)
    grouped()
    text = read(client, f"{BOARD}?union={make_union().pk}&days=5&source=x")
    assert "您不能看这个工会的声音" in text
    assert "没有这个时间范围" in text
    assert "没有这个来源" in text
    assert "欠薪与工资" in text


@pytest.mark.parametrize(
    "query", ["days=%00", "union='", "page=-3", "word=%F0%9F%99%82", "before=x"]
)
def test_odd_addresses_are_no_error(client, manager, union, query):
    make_voice(union=union)
    grouped()
    read(client, f"{BOARD}?{query}")
    read(client, f"{TOPIC}?{query}")


def test_an_unknown_topic_is_not_found(client, manager):
    assert client.get(f"{BOARD}nothing/").status_code == 404


def test_matched_words_are_marked_in_the_list(client, manager, union):
    make_voice(SAYINGS, union=union)
    grouped()
    assert "<mark>拖欠工资</mark>" in read(client, TOPIC)


def test_the_queries_of_the_screens_do_not_grow_with_voices(
    client, manager, union, django_assert_max_num_queries
):
    for times in (2, 50):
        make_voices(times, union=union)
        grouped()
        for address in (BOARD, TOPIC):
            read(client, address)
            with django_assert_max_num_queries(30):
                read(client, address)


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


def test_decisions_need_the_permission_and_a_post(client, union):
    topic = grouped()
    client.force_login(grant(make_user(), Role.MODERATOR, union))
    assert client.post(f"{TOPIC}act/", {"action": "hide"}).status_code == 302
    topic.refresh_from_db()
    assert topic.state == Topic.State.SHOWN
    client.force_login(grant(make_user(), Role.MANAGER, union))
    assert client.get(f"{TOPIC}act/").status_code == 405
