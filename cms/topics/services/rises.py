"""Which topics rise: more people speak of them than their own past explains."""

from datetime import date

from django.db import transaction
from django.db.models import Min

from cms.topics.detection import rising
from cms.topics.models import Rise, Topic, Voice
from cms.topics.selectors.scope import OWN_WORDS, Period
from cms.topics.selectors.series import speakers, words_said

#: Days that are looked at and compared with.
DAYS = rising.WINDOW * (1 + rising.GUARD + rising.PAST)


@transaction.atomic
def rises_find(*, today: date) -> int:
    """Note what rises today and what has calmed down. Returns how many new rises there are.

    The test and its false-alarm rate: cms.topics.detection.rising.
    """
    since = Voice.objects.filter(source__in=OWN_WORDS).aggregate(first=Min("day"))["first"]
    if since is None:
        return 0
    spoken = speakers(Period.of(DAYS, today))
    looked = {
        topic: rising.rise(spoken[topic], today, since, topics=len(spoken)) for topic in spoken
    }
    going_on = list(Rise.objects.filter(over_on=None))
    for row in going_on:
        found = looked.pop(row.topic_id, None)
        if found is None or found.calm:
            row.over_on = today
    Rise.objects.bulk_update(going_on, ["over_on"])
    fired = {topic: found for topic, found in looked.items() if found and found.fires}
    new = [_row(topic, fired[topic], today) for topic in _told(fired, today)]
    Rise.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _told(fired: dict[int, rising.Rise], today: date) -> list[int]:
    """Of the topics that fire those that are told: an issue only if people speak of one matter. A
    theme is as wide as the lexicon makes it."""
    issues = Topic.objects.filter(pk__in=fired, kind=Topic.Kind.EMERGENT)
    pks = set(issues.values_list("pk", flat=True))
    said = words_said(pks, Period.of(rising.WINDOW, today))
    return [
        topic
        for topic in sorted(fired)
        if topic not in pks or rising.is_alarm(fired[topic], said[topic])
    ]


def _row(topic: int, found: rising.Rise, today: date) -> Rise:
    return Rise(
        topic_id=topic,
        day=today,
        days=rising.WINDOW,
        people=found.people,
        expected=found.expected,
        probability=found.probability,
        why=found.why,
    )
