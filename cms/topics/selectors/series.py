"""Who spoke of each topic on which day: what rises are found from, and weeks compared by."""

from collections import defaultdict
from datetime import date

from cms.topics.models.topics import Topic
from cms.topics.models.voices import VoiceTopic
from cms.topics.selectors.scope import OWN_WORDS, Period


def speakers(period: Period) -> dict[int, dict[date, set[str]]]:
    """By topic and day the people (keys) who spoke of it in words of their own: near-copies of
    what somebody said before do not count. Topics that are hidden or merged are left out. One
    query."""
    rows = (
        VoiceTopic.objects.filter(
            voice__day__range=(period.first, period.last),
            voice__source__in=OWN_WORDS,
            voice__copy_of="",
            topic__merged_into=None,
        )
        .exclude(topic__state=Topic.State.HIDDEN)
        .order_by()
        .values_list("topic", "voice__day", "voice__person_key")
        .distinct()
    )
    spoken: dict[int, dict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    for topic, day, person in rows.iterator():
        spoken[topic][day].add(person)
    return spoken
