"""Voices and the topics they make, taken in through the services."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from cms.topics.models import Topic, Voice
from cms.topics.services import voice_take_in, voices_group

WAGES = "wages"
SAYINGS = "老板拖欠工资三个月了，谁来管管我们这些干活的人"

_numbers = count(1)


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
