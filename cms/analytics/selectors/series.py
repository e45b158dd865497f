"""Figures per day and channel.

Platforms tell counters that grow; a day's gain is the counter less the newest one before it. Gains
are worked out when read, so that a day which the platform re-states corrects the next day as well.
A counter that falls gives no negative day. A day without any figure is None, never zero.
"""

from collections import Counter, defaultdict
from collections.abc import Callable

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils.translation import gettext_lazy as _

from cms.analytics.models import ReadTally
from cms.analytics.periods import Period
from cms.analytics.selectors.scope import SITE, channel_labels, polls_of, text_keys
from cms.interactions.models import UnionComment
from cms.interactions.selectors import votes_by_day
from cms.matrix.models import Reply, StatSnapshot

METRICS = {"reads": _("阅读"), "comments": _("评论"), "votes": _("投票")}
Days = dict[str, list[int | None]]


def series(cards: QuerySet, period: Period, metric: str = "reads") -> Days:
    """channel → one figure for each day of `period`, for the stories `cards`.

    The site is always there; a channel is when it has any figure in the period. Comments of a
    channel are those received from it, on the day they were written.
    """
    counted = _COUNTERS[metric](cards, period)
    place = {day: number for number, day in enumerate(period.each_day())}
    nothing = None if metric == "reads" else 0
    found: Days = {}
    for slug in channel_labels():
        if slug != SITE and slug not in counted:
            continue
        found[slug] = [0 if slug == SITE else nothing] * period.days
        for day, number in counted.get(slug, {}).items():
            found[slug][place[day]] = number
    return found


def by_source(page_id: int) -> list[tuple[str, int]]:
    """(来源, readings) on the site of one story, the most first."""
    rows = ReadTally.objects.filter(page=page_id).values_list("source")
    counted = rows.annotate(total=Sum("reads")).order_by("-total", "source")
    return [(str(ReadTally.Source(source).label), number) for source, number in counted]


def gains(cards: QuerySet, period: Period, field: str = "reads") -> QuerySet[StatSnapshot]:
    """The snapshots of `period` that tell `field`, each with its `gain` since the one before."""
    told = StatSnapshot.objects.filter(**{f"{field}__isnull": False})
    before = told.filter(delivery=OuterRef("delivery"), day__lt=OuterRef("day"))
    newest_before = Subquery(before.order_by("-day").values(field)[:1])
    return told.filter(
        delivery__page__in=cards.order_by().values("pk"), day__range=(period.since, period.until)
    ).annotate(gain=Greatest(F(field) - Coalesce(newest_before, Value(0)), Value(0)))


def tallies(cards: QuerySet, period: Period) -> QuerySet[ReadTally]:
    return ReadTally.objects.filter(
        page__in=cards.order_by().values("pk"), day__range=(period.since, period.until)
    )


def _reads(cards, period):
    read = tallies(cards, period).values_list("day").annotate(total=Sum("reads")).order_by()
    told = gains(cards, period).values_list("delivery__account__channel", "day")
    counted = _by_channel(told.annotate(total=Sum("gain")).order_by())
    return {**counted, SITE: dict(read)}


def _comments(cards, period):
    said = UnionComment.norel_objects.filter(
        is_public=True, is_removed=False, object_pk__in=text_keys(cards)
    )
    on_site = _daily(said, "submit_date", period).values_list("day")
    received = Reply.objects.filter(
        kind=Reply.Kind.COMMENT, delivery__page__in=cards.order_by().values("pk")
    )
    elsewhere = _daily(received, "posted_at", period).values_list("account__channel", "day")
    counted = _by_channel(elsewhere.annotate(total=Count("pk")).order_by())
    return {**counted, SITE: dict(on_site.annotate(total=Count("pk")).order_by())}


def _votes(cards, period):
    """As far as they are told: cms.interactions.small lets no figure be about a few people."""
    counted: dict[str, Counter] = defaultdict(Counter)
    for by_source in votes_by_day(set().union(*polls_of(cards).values())).values():
        for source, days in by_source.items():
            counted[source].update(
                {day: n for day, n in days.items() if period.since <= day <= period.until}
            )
    return {source: dict(days) for source, days in counted.items() if days}


def _daily(rows: QuerySet, moment: str, period: Period) -> QuerySet:
    return rows.annotate(day=TruncDate(moment)).filter(day__range=(period.since, period.until))


def _by_channel(rows) -> dict[str, dict]:
    counted: dict[str, dict] = defaultdict(dict)
    for channel, day, number in rows:
        counted[channel][day] = number
    return dict(counted)


_COUNTERS: dict[str, Callable] = {"reads": _reads, "comments": _comments, "votes": _votes}
