"""词云 and 关系网: what is drawn is what the tables tell, and a table stands where nothing can be
drawn."""

import json
import re

import pytest

from cms.members.models import Role
from cms.topics.admin import looks
from cms.topics.selectors import Period, cloud, network
from tests.factories import grant, make_user
from tests.factories.topics import grouped, make_voice, make_voices

pytestmark = pytest.mark.django_db

CLOUD, NETWORK = "/admin/concerns/cloud/", "/admin/concerns/network/"
BOTH = "拖欠工资，还天天强制加班不给加班费"


@pytest.fixture
def manager(client, union):
    client.force_login(grant(make_user("主管"), Role.MANAGER, union))


@pytest.fixture
def with_libraries(monkeypatch, settings, tmp_path):
    folder = tmp_path / "echarts"
    folder.mkdir()
    for name in {name for names in looks.LIBRARIES.values() for name in names}:
        (folder / name.split("/")[1]).touch()
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, tmp_path]


def drawn(text):
    return json.loads(re.search(r'id="concern-drawn"[^>]*>(.*?)</script>', text, re.S)[1])


def test_words_are_sized_by_people_and_one_persons_words_left_out():
    make_voice("食堂食堂食堂，拖欠工资", person="user:1")
    make_voice("拖欠工资真的太久了", person="user:2")
    make_voices(1, "讨薪难，电梯也坏了")
    grouped()
    words = {word.name: word.people for word in cloud(period=Period.of(7))}
    assert words["欠薪"] == 3
    assert "电梯" not in words


def test_topics_are_tied_by_people_who_speak_of_both():
    make_voices(3, BOTH)
    make_voices(2)
    make_voice("社保断缴了，还拖欠工资")
    grouped()
    found = network(period=Period.of(7))
    assert {node.topic.slug: node.people for node in found.nodes}["wages"] == 6
    assert [({tie.one.slug, tie.other.slug}, tie.people) for tie in found.ties] == [
        ({"wages", "hours"}, 3)
    ]


def test_the_drawing_and_its_table_say_the_same(client, manager, union, with_libraries):
    make_voices(3, BOTH, union=union)
    grouped()
    text = client.get(CLOUD).content.decode()
    for word in drawn(text)["words"]:
        assert f'<th scope="row">{word["name"]}</th>' in text
    text = client.get(NETWORK).content.decode()
    data = drawn(text)
    assert data["ties"][0]["value"] == 3
    assert "also=" in data["ties"][0]["url"]
    assert 'role="img"' in text
    assert "数字见下表" in text


@pytest.mark.parametrize("address", [CLOUD, NETWORK])
def test_without_the_library_the_table_stands_open(client, manager, union, address, monkeypatch):
    monkeypatch.setattr(looks, "libraries", lambda *names: [])
    make_voices(3, BOTH, union=union)
    grouped()
    text = client.get(address).content.decode()
    assert 'concern-behind" open' in text
    assert "data-drawing" not in text


@pytest.mark.parametrize("address", [CLOUD, NETWORK])
def test_nothing_said_says_so(client, manager, address):
    assert "换一个时间或来源再看" in client.get(address).content.decode()


def test_the_queries_do_not_grow(django_assert_num_queries):
    for number in range(20):
        make_voice(f"第{number}工地{BOTH}")
    grouped()
    with django_assert_num_queries(1):
        cloud(period=Period.of(7))
    with django_assert_num_queries(3):
        network(period=Period.of(7))
