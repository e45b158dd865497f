"""The board of topics. The number of queries depends neither on the voices nor on the topics."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Q, QuerySet

from cms.members.models import Union
from cms.topics.heat import Weights, heat
from cms.topics.models.cases import Case
from cms.topics.models.topics import Rise, Topic
from cms.topics.selectors.figures import COUNTED, figures, sources_of
from cms.topics.selectors.formula import weights_in_force
from cms.topics.selectors.portraits import Part, portraits
from cms.topics.selectors.scope import Period, by_topic, heard

TOPICS_SHOWN = 50
PROPOSALS_SHOWN = 20
#: From this share of what is said on, three people make a topic look larger than it is.
LOUD_SHARE = 0.5


@dataclass(frozen=True)
class Row:
    """One topic on the board. `voices` and `people` are of those who spoke; searches apart.

    `own_people`: those who said it in words of their own, `copies`: voices that repeat others,
    `cares`: presses of 我也关心. `written`: voices that have a mood, `unhappy` of them bad ones.
    `loudest`: voices of the three who spoke most. `gathered`, `times` and `earlier` (independent
    people of the periods before) are what else the heat is made of (cms.topics.heat).
    """

    topic: Topic
    rank: int
    heat: float
    people: int
    own_people: int
    people_before: int
    voices: int
    copies: int
    cares: int
    searches: int
    empty: int
    sources: dict[str, int]
    written: int
    unhappy: int
    times: int
    gathered: int
    earlier: tuple[int, ...]
    is_new: bool = False
    days: list[int] = field(default_factory=list)
    words: list[tuple[str, int]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    unions: list[Part] = field(default_factory=list)
    industries: list[Part] = field(default_factory=list)
    loudest: int = 0
    rise: Rise | None = None
    case: Case | None = None

    @property
    def change(self) -> int:
        """People more (or fewer) than in the period before."""
        return self.people - self.people_before

    @property
    def change_text(self) -> str:
        return f"{self.change:+d}" if self.change else "0"

    @property
    def searched(self) -> int:
        """How often something about it was searched, found or not."""
        return self.searches + self.empty

    @property
    def busiest(self) -> int:
        return max(self.days, default=0)

    @property
    def unhappy_share(self) -> int:
        """In hundredths."""
        return round(100 * self.unhappy / self.written) if self.written else 0

    @property
    def loudest_share(self) -> int:
        """In hundredths."""
        return round(100 * self.loudest / self.voices) if self.voices else 0

    @property
    def unhappy_text(self) -> str:
        return f"{self.unhappy_share}%"

    @property
    def loudest_text(self) -> str:
        return f"{self.loudest_share}%"

    @property
    def is_loud(self) -> bool:
        """Whether a few make the most of it, where they are not all there are."""
        return self.people > 3 and self.loudest > LOUD_SHARE * self.voices


def board(
    *,
    period: Period,
    source: str = "",
    unions: QuerySet[Union] | None = None,
    union: Union | None = None,
    states: Iterable[str] = (Topic.State.SHOWN, Topic.State.PROPOSED),
    kind: str = "",
    concern: str = "",
    quotable_only: bool = False,
) -> list[Row]:
    """Topics of a period: pinned ones first, then by heat; proposed ones at the end. Twelve
    queries.

    `source`, `unions`, `union` as for `heard`; `quotable_only` takes the sentences from public
    voices alone.
    """
    scope = {"source": source, "unions": unions, "union": union}
    rows = _ranked(ranking(period=period, states=states, kind=kind, concern=concern, **scope))
    topics = [row.topic for row in rows]
    drawn = portraits(
        by_topic(heard(period=period, **scope)),
        topics=topics,
        period=period,
        quotable_only=quotable_only,
    )
    rises = _rises(topics, period)
    cases = {
        case.topic_id: case
        for case in Case.objects.filter(topic__in=topics, state__in=Case.OPEN_STATES)
    }
    return [
        replace(
            row, rise=rises.get(row.topic.pk), case=cases.get(row.topic.pk), **drawn[row.topic.pk]
        )
        for row in rows
    ]


def ranking(
    *,
    period: Period,
    states: Iterable[str] = (Topic.State.SHOWN,),
    kind: str = "",
    concern: str = "",
    weights: Weights | None = None,
    **scope,
) -> list[Row]:
    """All topics that were spoken of or searched, in the order of the board, with their figures
    alone; with the weights in force unless others are tried. Four queries at most."""
    topics = Topic.objects.filter(state__in=states, merged_into=None).select_related("parent")
    if kind:
        topics = topics.filter(kind=kind)
    if concern:
        topics = topics.filter(concern=concern)
    known = topics.in_bulk()
    found = [row for row in figures(period, scope) if row["about"] in known]
    found = [row for row in found if row["voices"] or row["searches"] or row["empty"]]
    has_past = any(row["people_before"] or any(row["earlier"]) for row in found)
    rows = [_row(known[row["about"]], row, has_past) for row in found]
    return reweighed(rows, weights or weights_in_force())


def reweighed(rows: Iterable[Row], weights: Weights) -> list[Row]:
    """The same topics with the heat that these weights give, in the order of the board."""
    warmed = [replace(row, heat=_heat(row, weights)) for row in rows]
    return sorted(warmed, key=_order)


def _ranked(rows: list[Row]) -> list[Row]:
    """The first of each section, numbered."""
    proposed = [row for row in rows if row.topic.state == Topic.State.PROPOSED]
    others = [row for row in rows if row.topic.state != Topic.State.PROPOSED]
    shown = [*others[:TOPICS_SHOWN], *proposed[:PROPOSALS_SHOWN]]
    return [replace(row, rank=rank) for rank, row in enumerate(shown, start=1)]


def _order(row: Row) -> tuple:
    proposed = row.topic.state == Topic.State.PROPOSED
    return (proposed, not row.topic.pinned, -row.heat, -row.people, row.topic.pk)


def _heat(row: Row, weights: Weights) -> float:
    return heat(
        people=row.own_people,
        times=row.times,
        searches=row.searched,
        engagement=row.cares,
        gathered=row.gathered,
        earlier=row.earlier,
        weights=weights,
    )


def _row(topic: Topic, figures: dict, has_past: bool) -> Row:
    """Not yet warm. `is_new` says nothing where nothing at all was said before."""
    independent = figures["independent"]
    before = figures["people_before"] or any(figures["earlier"])
    return Row(
        topic=topic,
        rank=0,
        heat=0.0,
        sources=sources_of(figures),
        times=independent.times,
        gathered=independent.gathered,
        people_before=figures["people_before"],
        earlier=figures["earlier"],
        is_new=has_past and figures["people"] > 0 and not before,
        **{name: figures[name] for name in COUNTED},
    )


def _rises(topics: list[Topic], period: Period) -> dict[int, Rise]:
    """Of each topic the latest rise that was going on in the period."""
    not_over = Q(over_on=None) | Q(over_on__gte=period.first)
    found = Rise.objects.filter(not_over, topic__in=topics, day__lte=period.last)
    return {rise.topic_id: rise for rise in found.order_by("day", "pk")}
