"""Twelve weeks of the demo's voices, week by week: issues stay themselves, decisions hold."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from cms.demo import content
from cms.topics.models import Topic, Voice
from cms.topics.services import (
    topic_merge,
    topic_rename,
    topic_set_state,
    topic_split,
    voice_take_in,
    voices_group,
)
from tests.factories import make_user
from tests.factories.demo_voices import demo_truth, demo_voices

pytestmark = pytest.mark.django_db

WEEKS = 12


@pytest.fixture
def manager():
    return make_user(superuser=True)


@pytest.fixture
def weeks():
    """The demo's records by week, oldest first: (last day of the week, records)."""
    today = timezone.localdate()
    rows = demo_voices(today)
    ends = [today - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    return [
        (end, [row for row in rows if end - timedelta(days=6) <= row["day"] <= end]) for end in ends
    ]


def take_in(rows):
    for row in rows:
        voice_take_in(
            origin=row["id"],
            source=Voice.Source.HOTLINE,
            text=row["text"],
            title=row["title"],
            author_key=row["person"],
            said_at=timezone.make_aware(datetime.combine(row["day"], time(9))),
        )


def group_on(day):
    with time_machine.travel(timezone.make_aware(datetime.combine(day, time(23))), tick=False):
        voices_group()


def members() -> dict[int, set[str]]:
    """By issue the origins of its voices."""
    found: dict[int, set[str]] = {}
    links = Topic.objects.filter(kind=Topic.Kind.EMERGENT, merged_into=None)
    for pk, origin in links.values_list("pk", "links__voice__origin"):
        found.setdefault(pk, set()).add(origin)
    return found


def test_an_issue_is_the_same_from_week_to_week_while_its_voices_are(weeks):
    before: dict[int, set[str]] = {}
    seen = set()
    for end, rows in weeks:
        take_in(rows)
        group_on(end)
        now = members()
        for pk, origins in before.items():
            heir = max(now, key=lambda one: len(now[one] & origins))
            if len(now[heir] & origins) > len(origins) / 2:
                assert heir == pk, f"{Topic.objects.get(pk=pk)} became another"
        before = now
        seen |= now.keys()
    assert len(seen) >= 8


def test_merges_splits_and_names_survive_every_run(weeks, manager):
    decided: dict = {}
    used: set[int] = set()
    for end, rows in weeks:
        take_in(rows)
        group_on(end)
        for check in decided.values():
            check()
        issues = Topic.objects.filter(kind=Topic.Kind.EMERGENT, merged_into=None)
        fresh = list(issues.exclude(pk__in=used).order_by("pk"))
        if "name" not in decided and fresh:
            decided["name"] = rename(fresh.pop(), manager)
        if "merge" not in decided and len(fresh) > 1:
            decided["merge"] = merge(fresh.pop(), fresh.pop(), manager)
        if "split" not in decided and fresh:
            decided["split"] = split(fresh.pop(), manager)
        used |= set(issues.values_list("pk", flat=True))
    assert decided.keys() == {"name", "merge", "split"}


def rename(topic, manager):
    topic_set_state(topic=topic, state=Topic.State.SHOWN, user=manager)
    topic_rename(topic=topic, name="我起的名字", user=manager)

    def check():
        topic.refresh_from_db()
        assert (topic.name, topic.state) == ("我起的名字", Topic.State.SHOWN)
        assert topic.links.exists()

    return check


def merge(topic, into, manager):
    gone = set(topic.links.values_list("voice", flat=True))
    topic_merge(topic=topic, into=into, user=manager)

    def check():
        assert not topic.links.exists()
        assert gone <= set(into.links.values_list("voice", flat=True))

    return check


def split(topic, manager):
    voices = Voice.objects.filter(links__topic=topic).order_by("pk")
    word = next(
        text[at : at + 2]
        for text in [voice.text for voice in voices]
        for at in range(len(text) - 1)
        if 0 < sum(text[at : at + 2] in other.whole for other in voices) < len(voices)
    )
    new = topic_split(topic=topic, words=[word], name="", user=manager)

    def check():
        assert all(word in voice.whole for voice in Voice.objects.filter(links__topic=new))
        assert not any(word in voice.whole for voice in Voice.objects.filter(links__topic=topic))
        assert new.links.exists()

    return check


def test_the_demo_is_read_as_it_was_meant(weeks):
    """Most of what the demo tells of becomes an issue of its own, and a flood never does."""
    for end, rows in weeks:
        take_in(rows)
        group_on(end)
    truth = demo_truth()
    found = members()
    floods = {issue["key"] for issue in content.issues() if issue["course"] == "flood"}
    matters = {matter for matter in truth.values() if matter}
    own = {
        matter: {origin for origin, about in truth.items() if about == matter} for matter in matters
    }
    known = {
        matter
        for matter in matters
        if any(len(own[matter] & group) * 2 > len(group) for group in found.values())
    }
    assert len(known) >= len(matters) / 2
    assert known.isdisjoint(floods)
