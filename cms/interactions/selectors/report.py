"""What came of moderation in one month of one union.

Small groups (cms.interactions.small): the figures are partitions of the month's texts whose parts
each come from five people at least; months and unions do not overlap, and there is no other filter.
So no two views can be subtracted to learn about fewer.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median, quantiles

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from cms.interactions.models import Appeal, ModerationEvent, ModerationItem
from cms.interactions.small import LEAST, merge_people
from cms.members.models import Role, Union
from cms.members.selectors import unions_for

Action = ModerationEvent.Action
State = ModerationItem.State
REPORT_ROLES = (Role.MANAGER, Role.ADMIN)
DECIDED = (Action.APPROVED, Action.REJECTED)
Parts = list[tuple[tuple[str, ...], int]]


@dataclass(frozen=True)
class Report:
    """One month of one union; a list is empty and a figure None where too few people are behind it.

    `wait` and `slowest` in hours: half and nine tenths of the texts were decided within. `agreed`:
    of the decisions a second person looked at, how many stood, in percent. `held_refused`: of what
    the machine held, how much people refused, in percent.
    """

    union: Union
    month: date
    outcomes: Parts
    sources: Parts
    reasons: Parts
    moderators: Parts
    appeals: Parts
    wait: float | None
    slowest: float | None
    agreed: int | None
    held_refused: int | None

    @property
    def is_empty(self) -> bool:
        return not self.outcomes

    def rows(self):
        """The same as lines of a table: (what, which, figure)."""
        for title, parts in self.tables():
            for labels, number in parts:
                yield title, "、".join(labels), number
        for title, figure in self.figures():
            yield title, "", "" if figure is None else figure

    def tables(self):
        return [
            ("结果", self.outcomes),
            ("来源", self.sources),
            ("不通过的原因", self.reasons),
            ("审核员", self.moderators),
            ("申诉", self.appeals),
        ]

    def figures(self):
        return [
            ("一半在多少小时内审完", self.wait),
            ("九成在多少小时内审完", self.slowest),
            ("第二个人看过的决定，维持的百分比", self.agreed),
            ("机器存疑的内容，人也不通过的百分比", self.held_refused),
        ]


def reported_unions(user) -> QuerySet[Union]:
    return unions_for(user, *REPORT_ROLES).order_by("path")


def first_with_items(user) -> Union | None:
    """The highest union `user` has reports of to which anybody has said anything."""
    items = ModerationItem.objects.filter(union=OuterRef("pk"))
    return reported_unions(user).filter(Exists(items)).first()


def months_back(number: int = 12) -> list[date]:
    """The first days of this month and those before it, the newest first."""
    month = timezone.localdate().replace(day=1)
    months = []
    for _month in range(number):
        months.append(month)
        month = (month - timedelta(days=1)).replace(day=1)
    return months


def report(union: Union, month: date) -> Report:
    """Five queries, whatever there is to tell."""
    items = list(_items(union, month))
    decisions = _decisions(items)
    who = {item.pk: item.author_key or f"item:{item.pk}" for item in items}

    def parted(label_of, chosen=items) -> Parts:
        cells: dict[str, list] = defaultdict(list)
        for item in chosen:
            if label := label_of(item):
                cells[str(label)].append(who[item.pk])
        return merge_people(cells)

    def enough(chosen) -> bool:
        return len({who[item.pk] for item in chosen}) >= LEAST

    decided = [item for item in items if decisions.get(item.pk)]
    seen_twice = [item for item in decided if _second(decisions[item.pk])]
    held = [item for item in decided if item.level == ModerationItem.Level.HOLD]
    appeals = _appeals(items)
    waits = [_hours(item, decisions[item.pk][0]) for item in decided]
    return Report(
        union=union,
        month=month,
        outcomes=parted(lambda item: item.get_state_display()),
        sources=parted(lambda item: item.get_source_display()),
        reasons=parted(
            lambda item: item.get_reason_display() if item.state == State.REJECTED else ""
        ),
        moderators=parted(lambda item: decisions[item.pk][0].by.real_name, decided),
        appeals=parted(lambda item: appeals.get(item.pk)),
        wait=round(median(waits), 1) if enough(decided) else None,
        slowest=round(quantiles(waits, n=10)[-1], 1) if enough(decided) else None,
        agreed=_percent(seen_twice, lambda item: _stood(decisions[item.pk]), enough),
        held_refused=_percent(
            held, lambda item: decisions[item.pk][0].action == Action.REJECTED, enough
        ),
    )


def _items(union: Union, month: date) -> QuerySet[ModerationItem]:
    start = timezone.make_aware(datetime(month.year, month.month, 1))
    after = (month + timedelta(days=31)).replace(day=1)
    end = timezone.make_aware(datetime(after.year, after.month, 1))
    return ModerationItem.objects.filter(union=union, said_at__gte=start, said_at__lt=end)


def _decisions(items) -> dict[int, list[ModerationEvent]]:
    """item → people's decisions on it, in order."""
    found: dict[int, list[ModerationEvent]] = defaultdict(list)
    actions = (*DECIDED, Action.UPHELD, Action.RESTORED)
    events = ModerationEvent.objects.filter(item__in=items, action__in=actions)
    for event in events.exclude(by=None).select_related("by").order_by("item", "number"):
        found[event.item_id].append(event)
    return dict(found)


def _second(decisions: list[ModerationEvent]) -> ModerationEvent | None:
    """The first decision by somebody else than the one before."""
    first = decisions[0]
    return next((event for event in decisions[1:] if event.by_id != first.by_id), None)


def _stood(decisions: list[ModerationEvent]) -> bool:
    second = _second(decisions)
    if second.action in (Action.UPHELD, Action.RESTORED):
        return second.action == Action.UPHELD
    return second.action == decisions[0].action


def _appeals(items) -> dict[int, str]:
    """item → how its latest appeal stands, in words."""
    appeals = Appeal.objects.filter(item__in=items).order_by("made_at")
    return {appeal.item_id: appeal.get_state_display() for appeal in appeals}


def _hours(item: ModerationItem, decision: ModerationEvent) -> float:
    return max((decision.at - item.said_at).total_seconds(), 0) / 3600


def _percent(chosen, holds, enough) -> int | None:
    """Of `chosen` so many hold, in percent rounded to tens: exact ones would tell of single people
    when they are few."""
    if not enough(chosen):
        return None
    return round(10 * sum(map(holds, chosen)) / len(chosen)) * 10
