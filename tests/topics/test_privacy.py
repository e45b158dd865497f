"""Nobody is named and no few people are told of, on any page, in any file."""

import re

import pytest
from django.core.cache import cache

from cms.interactions.small import LEAST
from cms.topics.models import Topic
from cms.topics.services import concerns_page_set_up, topic_set_state, voices_group
from tests.factories import make_user
from tests.factories.topics import make_voice, make_voices

pytestmark = pytest.mark.django_db

PLANTED = ["王建国", "13912345678", "330102199003078515", "李晓红", "6222021234567890128"]
TEXTS = [
    "我叫王建国，老板拖欠工资三个月，电话13912345678",
    "老板李晓红拖欠工资，身份证330102199003078515都押着",
    "拖欠工资，卡号6222021234567890128一分没到",
    "联系人王建国 13912345678，欠薪没人管",
    "工资被拖欠，找过李晓红经理三次",
    "我是王建国，讨薪讨了半年",
    "宏远电子老板王建国拖欠三月工资",
    "宏远电子三月工资被王建国拖欠，电话13912345678",
    "宏远电子拖欠三月工资，找王建国经理没用",
    "三月工资宏远电子还在拖欠，李晓红说没钱",
    "宏远电子拖欠三月工资到现在，王建国不接电话",
]
DESKS = ["", "cloud/", "network/", "gap/", "wages/", "wages/history/", "voices/", "learning/"]


@pytest.fixture
def planted(newsroom):
    for text in TEXTS:
        make_voice(text, union=newsroom.union)
    voices_group()
    for topic in Topic.objects.filter(kind=Topic.Kind.EMERGENT):
        topic_set_state(topic=topic, state=Topic.State.SHOWN, user=make_user(superuser=True))
    return newsroom


def names_in(text):
    return [secret for secret in PLANTED if secret in text]


@pytest.mark.parametrize("desk", DESKS)
def test_no_desk_shows_a_planted_name_or_number(client, planted, desk):
    client.force_login(make_user(superuser=True))
    response = client.get(f"/admin/concerns/{desk}")
    assert response.status_code == 200
    assert names_in(response.content.decode()) == []


def test_no_desk_shows_them_for_an_issue(client, planted):
    client.force_login(make_user(superuser=True))
    topic = Topic.objects.filter(kind=Topic.Kind.EMERGENT).first()
    assert topic is not None
    text = client.get(f"/admin/concerns/{topic.slug}/").content.decode()
    assert names_in(text) == []
    assert names_in(f"{topic.name}{topic.related}") == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_file_holds_them(client, planted, ending):
    client.force_login(make_user(superuser=True))
    response = client.get(f"/admin/concerns/board.{ending}")
    assert response.status_code == 200
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert names_in(content.decode(errors="ignore")) == []


def test_no_public_page_shows_them(client, planted):
    page = concerns_page_set_up(home=planted.home)
    for address in (page.url, f"{page.url}wages/", "/"):
        assert names_in(client.get(address).content.decode()) == []


def test_public_figures_move_in_steps_that_isolate_nobody(client, newsroom):
    page = concerns_page_set_up(home=newsroom.home)
    seen = set()
    for people in range(1, 13):
        make_voices(1, f"老板拖欠工资，第{people}个月了，谁来管", union=newsroom.union)
        voices_group()
        cache.clear()
        text = client.get(page.url).content.decode()
        seen |= {int(number) for number in re.findall(r'rank-figure">(\d+)<', text)}
        topic = client.get(f"{page.url}wages/").content.decode()
        seen |= {int(number) for number in re.findall(r"有 (\d+) 人", topic)}
    assert seen == {LEAST, 2 * LEAST}
