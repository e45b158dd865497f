"""Rises: told once, with the reason, of what is one matter, until it has calmed down."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cms.topics.models import Rise, Topic
from cms.topics.services import topic_merge, topics_seed, voices_group
from cms.topics.services.rises import rises_find
from tests.factories import make_user
from tests.factories.topics import make_voice
from tests.topics.test_issues import CHARGER, KITCHEN, issue

pytestmark = pytest.mark.django_db

#: What was said before anything rose: listening had begun.
LONG_AGO = 80


def say(texts, prefix):
    for number, text in enumerate(texts):
        make_voice(text, person=f"user:{prefix}{number}", days_ago=number % 6)


@pytest.fixture
def listened():
    for days_ago in range(20, LONG_AGO, 6):
        make_voice(f"今天第{days_ago}天，天气不错，随便说说", days_ago=days_ago)


def test_an_issue_that_rises_is_told_with_its_reason(listened):
    say(CHARGER, "c")
    voices_group()
    rise = Rise.objects.get(topic=issue())
    assert rise.people == len(CHARGER)
    assert f"近 {rise.days} 天 {len(CHARGER)} 人" in rise.why


def test_one_rise_is_told_once_and_again_only_after_it_has_calmed_down(listened):
    say(CHARGER, "c")
    voices_group()
    topic = issue()
    make_voice("锦江物流园充电桩还是坏的")
    voices_group()
    assert Rise.objects.filter(topic=topic).count() == 1
    later = timezone.now() + timedelta(days=40)
    with time_machine.travel(later):
        rises_find(today=timezone.localdate())
    assert Rise.objects.get(topic=topic).over_on == timezone.localdate(later)


def test_an_issue_that_is_no_one_matter_is_not_told(listened):
    """Two matters that a manager put together rise no more as one."""
    user = make_user(superuser=True)
    say(CHARGER[:4], "c")
    say(KITCHEN[:4], "k")
    say(["入会申请交了没人理", "托管班名额不够"], "m")
    topics_seed()
    voices_group()
    topic_merge(topic=issue("食堂"), into=issue("充电桩"), user=user)
    Rise.objects.all().delete()
    rises_find(today=timezone.localdate())
    assert not Rise.objects.filter(topic__kind=Topic.Kind.EMERGENT).exists()


def test_nothing_said_is_no_rise():
    assert rises_find(today=timezone.localdate()) == 0
