"""Who spoke of each topic on which day, and in which words: what rises are found from."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from cms.topics.detection import Said
from cms.topics.models.topics import Topic
from cms.topics.models.voices import VoiceTopic
from cms.topics.selectors.scope import OWN_WORDS, Period


def speakers(period: Period) -> dict[int, dict[date, set[str]]]:
    """By topic and day the people (keys) who spoke of it in words of their own: near-copies of
    what somebody said before do not count. Topics that are hidden or merged are left out. One
    query."""
    rows = (
        _independent(period)
        .filter(topic__merged_into=None)
        .exclude(topic__state=Topic.State.HIDDEN)
        .values_list("topic", "voice__day", "voice__person_key")
        .distinct()
    )
    spoken: dict[int, dict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    for topic, day, person in rows.iterator():
        spoken[topic][day].add(person)
    return spoken


def words_said(topics: Iterable[int], period: Period) -> dict[int, list[Said]]:
    """By topic what was said of it in words of people's own. One query."""
    said: dict[int, list[Said]] = defaultdict(list)
    for topic, origin, day, person, text, title in (
        _independent(period)
        .filter(topic__in=topics)
        .values_list(
            "topic",
            "voice__origin",
            "voice__day",
            "voice__person_key",
            "voice__text",
            "voice__title",
        )
    ):
        said[topic].append(Said(origin, day, person, text, title))
    return said


def _independent(period: Period) -> QuerySet[VoiceTopic]:
    return VoiceTopic.objects.filter(
        voice__day__range=(period.first, period.last),
        voice__source__in=OWN_WORDS,
        voice__copy_of="",
    ).order_by()
