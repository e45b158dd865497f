"""The few numbers at the top, and the stories read most."""

from collections import Counter
from dataclasses import dataclass
from itertools import chain

from django.core.cache import caches
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from cms.analytics.beacon import Reason
from cms.analytics.periods import Period
from cms.analytics.selectors.ledger import known_sum
from cms.analytics.selectors.series import METRICS, Days, gains, series, tallies
from cms.analytics.services import refusal_key
from cms.matrix.models import Delivery
from cms.news.models import StoryCard

State = Delivery.State
_OUT = (State.PUBLISHED, State.WITHDRAWN, State.TAKEN_DOWN)
_ENDED = (*_OUT, State.FAILED)
REASONS = {
    Reason.DECLINED: _("读者的浏览器要求不被统计"),
    Reason.MACHINE: _("机器访问"),
    Reason.FOREIGN: _("不是从本站页面发出"),
    Reason.UNKNOWN: _("稿件不存在或请求有误"),
    Reason.FLOOD: _("同一地址过于频繁"),
    Reason.REPEATED: _("同一读者 30 分钟内重复打开"),
}


@dataclass(frozen=True)
class Tile:
    """One number, its like in the period before, and the unit ("" or "%")."""

    label: str
    now: int | None
    before: int | None
    unit: str = ""


def summary(cards: QuerySet, period: Period) -> tuple[list[Tile], dict[str, Days]]:
    """The tiles 阅读, 评论, 投票, 已发布稿件, 分发成功率, and the daily series of `period` behind
    the first three: metric → channel → days."""
    both = Period(period.before.since, period.until)
    tiles, daily = [], {}
    for metric, label in METRICS.items():
        found = series(cards, both, metric)
        halves = [
            {slug: days[start:stop] for slug, days in found.items()}
            for start, stop in ((period.days, None), (0, period.days))
        ]
        daily[metric] = halves[0]
        tiles.append(Tile(label, *(known_sum(chain(*half.values())) for half in halves)))
    return [*tiles, _published(cards, period), _delivered(cards, period)], daily


def top_stories(cards: QuerySet, period: Period, limit: int = 10) -> list[tuple[StoryCard, int]]:
    """The stories read most in `period` on the site and all channels together."""
    counted: Counter[int] = Counter()
    for pk, number in (
        tallies(cards, period).values_list("page").annotate(total=Sum("reads")).order_by()
    ):
        counted[pk] += number
    told = gains(cards, period).values_list("delivery__page")
    for pk, number in told.annotate(total=Sum("gain")).order_by():
        counted[pk] += number
    best = [(pk, number) for pk, number in counted.most_common(limit) if number]
    found = cards.in_bulk([pk for pk, _number in best])
    return [(found[pk], number) for pk, number in best]


def refusals_today() -> list[tuple[str, int]]:
    """(why, how many) openings of all stories were not counted as readings today."""
    keys = {refusal_key(reason): label for reason, label in REASONS.items()}
    found = caches["visits"].get_many(keys)
    return [(str(label), found[key]) for key, label in keys.items() if key in found]


def _within(field: str, period: Period) -> Q:
    return Q(**{f"{field}__date__range": (period.since, period.until)})


def _published(cards, period) -> Tile:
    counted = cards.order_by().aggregate(
        now=Count("pk", filter=_within("published_at", period)),
        before=Count("pk", filter=_within("published_at", period.before)),
    )
    return Tile(_("已发布稿件"), **counted)


def _delivered(cards, period) -> Tile:
    """Of the deliveries that have come to an end, how many came out; None while there are none."""
    ended = Delivery.objects.filter(page__in=cards.order_by().values("pk"), state__in=_ENDED)
    counted = ended.aggregate(
        **{
            f"{name}_{when}": Count("pk", filter=_within("created_at", which) & condition)
            for when, which in (("now", period), ("before", period.before))
            for name, condition in (("all", Q()), ("out", Q(state__in=_OUT)))
        }
    )
    shares = {
        when: round(100 * counted[f"out_{when}"] / counted[f"all_{when}"])
        if counted[f"all_{when}"]
        else None
        for when in ("now", "before")
    }
    return Tile(_("分发成功率"), **shares, unit="%")
