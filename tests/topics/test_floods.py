"""One person, one voice: whoever shouts, alone or with 20 accounts, moves no top ten."""

import pytest
from django.utils import timezone

from cms.topics import public
from cms.topics.models import Topic
from cms.topics.selectors import Period, board
from cms.topics.services import voices_group
from tests.factories.topics import make_voice

pytestmark = pytest.mark.django_db

#: Twelve themes, each with the people who speak of it in words of their own.
THEMES = [
    ("老板拖欠工资", 16),
    ("天天强制加班", 15),
    ("单位不交社保", 14),
    ("工伤认定办不下来", 13),
    ("高温津贴没有发", 12),
    ("怀孕就被调岗，产假不批", 11),
    ("入会申请没人理", 10),
    ("外卖骑手被平台罚款", 9),
    ("驿站晚上锁门", 8),
    ("想学技能，补贴怎么领", 7),
    ("劳动合同不给签", 6),
    ("托管班名额不够", 5),
]
ATTACKED = "心理咨询热线打不通，心理健康没人管"
#: Endings that make each voice another one's words.
ENDINGS = [
    *("，找谁说理", "，我们车间都这样", "，问了三次没有下文", "，家里等米下锅", "，主管说再等等"),
    *("，上个月就反映过", "，同事也是", "，打电话没人接", "，领导不表态", "，急死人了"),
    *("，盼着有人管", "，已经两个月", "，说好的没兑现", "，写了材料没回音", "，去了两趟都白跑"),
    "，大家都在等",
]


@pytest.fixture
def settled():
    """What was said before the flood; returns the top ten."""
    for text, people in THEMES:
        for number in range(people):
            make_voice(
                f"{text}{ENDINGS[number]}",
                person=f"user:{number}",
                days_ago=number % 6,
            )
    return top_ten()


def top_ten():
    voices_group()
    rows = board(period=Period.of(7), kind=Topic.Kind.LEXICON)
    return [row.topic.slug for row in rows[:10]]


def test_200_posts_of_one_account_leave_the_top_ten_alone(settled):
    for number in range(200):
        make_voice(
            f"{ATTACKED}{ENDINGS[number % len(ENDINGS)]}，第{number}次",
            person="user:loud",
            days_ago=number % 7,
        )
    assert top_ten() == settled


def test_200_near_copies_from_20_accounts_leave_the_top_ten_alone(settled):
    for number in range(200):
        make_voice(
            f"{ATTACKED}{'!' * (number % 5)}{number if number % 2 else ''}",
            person=f"user:bot-{number % 20}",
            days_ago=number % 7,
        )
    assert top_ten() == settled


@pytest.mark.parametrize("accounts", [1, 20])
def test_a_flood_of_an_issue_leaves_the_issues_alone(accounts):
    """The same among issues, where the flood would found one of its own."""
    matters = ["锦江物流园充电桩坏了", "宏远电子食堂饭菜变质", "云鼎火锅店押金不退"]
    for matter, people in zip(matters, (9, 7, 5), strict=True):
        for number in range(people):
            make_voice(f"{matter}{ENDINGS[number]}", person=f"user:{number}", days_ago=number % 5)
    voices_group()
    before = issues()
    for number in range(200):
        make_voice(
            f"四天工作制赶快实行{'。' * (number % 3)}{number}",
            person=f"user:bot-{number % accounts}",
            days_ago=number % 7,
        )
    voices_group()
    assert len(before) >= 3
    assert issues()[: len(before)] == before


def issues():
    rows = board(period=Period.of(7), kind=Topic.Kind.EMERGENT)
    return [row.topic.pk for row in rows]


def test_a_flood_does_not_change_the_order_readers_see(settled):
    before = [row.topic.slug for row in public.public_rows()]
    for number in range(200):
        make_voice(ATTACKED, person=f"user:bot-{number % 20}", said_at=timezone.now())
    voices_group()
    assert [row.topic.slug for row in public.public_rows()][: len(before)] == before
