"""Which topics rise: more people speak of them than their own past explains."""

from datetime import date

from django.db import transaction
from django.db.models import Min

from cms.topics.detection.rising import GUARD, PAST, WINDOW, rise
from cms.topics.models import Rise, Voice
from cms.topics.selectors.scope import OWN_WORDS, Period
from cms.topics.selectors.series import speakers


@transaction.atomic
def rises_find(*, today: date) -> int:
    """Note what rises today and what has calmed down. Returns how many new rises there are.

    The test and its false-alarm rate: cms.topics.detection.rising.
    """
    since = Voice.objects.filter(source__in=OWN_WORDS).aggregate(first=Min("day"))["first"]
    if since is None:
        return 0
    spoken = speakers(Period.of(WINDOW * (1 + GUARD + PAST), today))
    going_on = {row.topic_id: row for row in Rise.objects.filter(over_on=None)}
    new = []
    for topic in sorted(spoken.keys() | going_on.keys()):
        found = rise(spoken[topic], today, since, topics=len(spoken))
        if topic in going_on:
            if found is None or found.calm:
                going_on[topic].over_on = today
        elif found and found.fires:
            new.append(
                Rise(
                    topic_id=topic,
                    day=today,
                    days=WINDOW,
                    people=found.people,
                    expected=found.expected,
                    probability=found.probability,
                    why=found.why,
                )
            )
    Rise.objects.bulk_update(going_on.values(), ["over_on"])
    Rise.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
