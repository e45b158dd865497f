"""缺口: what people ask, beside what we have written that still holds."""

from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet, Sum

from cms.members.models import Union
from cms.topics import gaps as rule
from cms.topics.asking import asking
from cms.topics.models.cases import Case
from cms.topics.models.topics import Topic
from cms.topics.selectors.coverage import Story, stories_for
from cms.topics.selectors.scope import SPOKEN, Period, Source, by_topic, heard, people_of

STORIES_SHOWN = 3
GAPS_SHOWN = 60


@dataclass(frozen=True)
class Gap:
    """One topic: who spoke and who asked, in how many voices; empty-handed searches; the valid
    stories about it, newest first; its open case, and whether the reader sees that."""

    topic: Topic
    people: int
    voices: int
    people_asking: int
    voices_asking: int
    empty: int
    stories: list[Story] = field(default_factory=list)
    case: Case | None = None
    case_in_reach: bool = False

    @property
    def age(self) -> int | None:
        """Days since the last valid story; None when there is none."""
        return self.stories[0].age() if self.stories else None

    @property
    def score(self) -> float:
        return rule.gap(self.people_asking, self.age)

    @property
    def latest(self) -> list[Story]:
        return self.stories[:STORIES_SHOWN]

    def sentence(self, period: Period) -> str:
        """近 28 天 84 人说到高温津贴；最近一篇是 400 天前的。"""
        if self.age is None:
            wrote = "还没有一篇有效的稿件"
        elif self.age == 0:
            wrote = "今天刚发过一篇"
        else:
            wrote = f"最近一篇是 {self.age} 天前的"
        return f"{period.said} {self.people} 人说到{self.topic.name}；{wrote}。"


def gaps(
    *,
    period: Period,
    source: str = "",
    unions: QuerySet[Union] | None = None,
    union: Union | None = None,
) -> list[Gap]:
    """The topics of a period, the widest gap first. Five queries, and two more when a
    story has changed. `source`, `unions` and `union` as for `heard`."""
    topics = Topic.objects.filter(state=Topic.State.SHOWN, merged_into=None).in_bulk()
    voices = heard(period=period, source=source, unions=unions, union=union)
    figures = [row for row in _figures(voices) if row["about"] in topics]
    # The shelf is read for those that are shown; nobody asks about the rest.
    figures = [row for row in figures if row["people"] or row["empty"]]
    stories = stories_for(topics[row["about"]] for row in figures)
    cases = {
        case.topic_id: case
        for case in Case.objects.filter(state__in=Case.OPEN_STATES).select_related("owner")
    }
    reach = None if unions is None else set(unions.values_list("pk", flat=True))
    found = [
        Gap(
            topic=topics[row["about"]],
            people=row["people"],
            voices=row["voices"],
            people_asking=row["people_asking"],
            voices_asking=row["voices_asking"],
            empty=row["empty"],
            stories=stories[row["about"]],
            case=cases.get(row["about"]),
            case_in_reach=row["about"] in cases
            and (reach is None or cases[row["about"]].union_id in reach),
        )
        for row in figures
    ]
    found.sort(key=lambda one: (-one.score, -one.people_asking, -one.people, one.topic.pk))
    return found[:GAPS_SHOWN]


def _figures(voices) -> QuerySet:
    asks = SPOKEN & asking()
    return (
        by_topic(voices)
        .values("about")
        .annotate(
            people=people_of(SPOKEN),
            voices=Count("pk", filter=SPOKEN),
            people_asking=people_of(asks),
            voices_asking=Count("pk", filter=asks),
            empty=Sum("weight", filter=Q(source=Source.EMPTY), default=0),
        )
    )
