"""Voices and the topics they make, taken in through the services."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from cms.topics.models import Topic, Voice
from cms.topics.services import voice_take_in, voices_group

WAGES = "wages"
SAYINGS = "老板拖欠工资三个月了，谁来管管我们这些干活的人"

_numbers = count(1)

#: Two issues, each in the words of several people.
CHARGER = [
    "锦江物流园的充电桩全坏了，电动车没地方充电",
    "物流园充电桩坏了半个月，没人来修",
    "锦江物流园充电桩什么时候能修好",
    "在锦江物流园上班，充电桩又坏了",
    "锦江物流园那排充电桩坏了一半",
    "物流园的充电桩修了又坏，锦江物流园管不管",
]
KITCHEN = [
    "宏远电子食堂的菜又酸了，吃坏肚子",
    "宏远电子食堂饭菜变质，好几个人拉肚子",
    "宏远电子的食堂饭菜是馊的",
    "食堂吃坏肚子，宏远电子没人管",
    "宏远电子食堂换承包商以后饭菜变质",
]


def make_voice(text: str = SAYINGS, *, person: str = "", days_ago: int = 0, **fields) -> Voice:
    """One voice of `person` (a new one by default), said `days_ago` days ago, not yet read."""
    number = next(_numbers)
    return voice_take_in(
        **{
            "origin": f"test:{number}",
            "source": Voice.Source.SITE,
            "text": text,
            "said_at": timezone.now() - timedelta(days=days_ago),
            "author_key": person or f"user:test-{number}",
            "is_public": True,
            **fields,
        }
    )


def make_voices(people: int, text: str = SAYINGS, **fields) -> list[Voice]:
    """The same words from so many different people."""
    return [make_voice(text, **fields) for _person in range(people)]


def grouped(slug: str = WAGES) -> Topic:
    """Everything read and grouped; the topic of `slug`."""
    voices_group()
    return Topic.objects.get(slug=slug)
