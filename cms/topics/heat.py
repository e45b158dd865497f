"""The heat of a topic: one formula, its parts in one place, shown on the page that uses it.

Each part saturates, figure ÷ (figure + half), so that no single figure can carry a topic. Every
figure is one of *independent* people: of near-copies only the first two speakers count, and one
person counts once a day in a topic and on `INSISTENCE` days at most. So neither 200 posts of one
account nor 200 near-copies from 20 accounts move a topic. People within two weeks weigh more than
as many within a year, and words on one matter more than words that only name the same place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import sqrt

#: How many earlier windows of the same length a burst is measured against.
EARLIER_WINDOWS = 3
#: Days within which people are said to have gathered.
GATHERING = 14
#: Days of one person that count in a topic, at most; and that count among the gathered, his first.
INSISTENCE, COMING_BACK = 8, 2


@dataclass(frozen=True)
class Weights:
    """What each part is worth; their proportions matter. An editor may set them."""

    times: float = 0.25
    gathered: float = 0.5
    engagement: float = 0.05
    cohesion: float = 0.1
    searches: float = 0.05
    burst: float = 0.05

    def share(self, key: str) -> float:
        """The share of one part, 1 for all of them; without any weight all are worth the same."""
        values = {one.name: max(0.0, getattr(self, one.name)) for one in fields(self)}
        total = sum(values.values())
        return values[key] / total if total else 1 / len(values)


WEIGHTS = Weights()


@dataclass(frozen=True)
class Part:
    """`half`: the figure at which a part gives half of its weight, 0 for one that is a share
    itself; `key`: its name in Weights."""

    key: str
    name: str
    meaning: str
    half: float

    @property
    def weight(self) -> float:
        """The part's share as shipped."""
        return WEIGHTS.share(self.key)

    @property
    def written(self) -> str:
        return f"{self.name}÷({self.name}+{self.half})" if self.half else self.name

    def value(self, figure: float, weights: Weights = WEIGHTS) -> float:
        part = figure / (figure + self.half) if self.half else figure
        return weights.share(self.key) * part


TIMES = Part(
    "times",
    "人次",
    f"每人每天最多算一次，每人最多算 {INSISTENCE} 次，雷同的话只算最早的两个人",
    10,
)
GATHERED = Part(
    "gathered",
    "聚集",
    f"连续 {GATHERING} 天里最多的人次，每人只算最早 {COMING_BACK} 天，雷同的话只算最早的两个人",
    5,
)
ENGAGEMENT = Part("engagement", "回应", "别人对这些话的赞同和反对，“我也关心”", 100)
COHESION = Part(
    "cohesion",
    "一致",
    "这些话彼此有多像，0 到 1；范围固定的关切主题不算这一项",
    0,
)
SEARCHES = Part("searches", "搜索", "搜索相关词语的次数", 100)
BURST = Part("burst", "突增", "人数比前三个同长周期的均值多出的倍数", 3)
PARTS = (TIMES, GATHERED, ENGAGEMENT, COHESION, SEARCHES, BURST)


def burst(people: int, earlier: Sequence[int]) -> float:
    """(U − mean) / √(mean + 1), never below 0; `earlier` are the people of earlier windows.

    Without earlier windows nothing can have risen.
    """
    if not earlier:
        return 0.0
    mean = sum(earlier) / len(earlier)
    return max(0.0, (people - mean) / sqrt(mean + 1))


def gathered(days: Sequence[int]) -> int:
    """Return the most within `GATHERING` days; `days`: the numbers (date.toordinal) of the first
    `COMING_BACK` days on which each independent person spoke, ascending."""
    most = first = 0
    for last, day in enumerate(days):
        while day - days[first] >= GATHERING:
            first += 1
        most = max(most, last - first + 1)
    return most


def heat(
    *,
    times: int,
    gathered: int,
    engagement: int = 0,
    cohesion: float = 0.0,
    searches: int = 0,
    people: int = 0,
    earlier: Sequence[int] = (),
    weights: Weights = WEIGHTS,
) -> float:
    """From 0 to 100, one decimal. `people` of this period and of those `earlier` make the burst."""
    figures = (
        (TIMES, times),
        (GATHERED, gathered),
        (ENGAGEMENT, engagement),
        (COHESION, cohesion),
        (SEARCHES, searches),
        (BURST, burst(people, earlier)),
    )
    return round(100 * sum(part.value(figure, weights) for part, figure in figures), 1)


def formula(weights: Weights = WEIGHTS) -> str:
    """The formula in words, made from the weights in force."""
    terms = " + ".join(f"{weights.share(part.key):.2f} × {part.written}" for part in PARTS)
    return f"热度 = 100 × ( {terms} )"
