"""The heat of a topic: one formula, its parts in one place, shown on the page that uses it.

Each part saturates, figure ÷ (figure + half), so that no single figure can carry a topic. People
weigh most, and every figure is one of *independent* people: of near-copies only the first speaker
counts, and one person counts once a day in a topic and on `INSISTENCE` days at most. So neither
200 posts of one account nor 200 near-copies from 20 accounts move a topic.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import sqrt

#: How many earlier windows of the same length a burst is measured against.
EARLIER_WINDOWS = 3
#: Days within which people are said to have gathered.
GATHERING = 28
#: Days of one person that count in a topic, at most.
INSISTENCE = 8


@dataclass(frozen=True)
class Weights:
    """What each part is worth; their proportions matter. An editor may set them."""

    gathered: float = 0.5
    people: float = 0.2
    times: float = 0.1
    engagement: float = 0.1
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
    """`half`: the figure at which a part gives half of its weight; `key`: its name in Weights."""

    key: str
    name: str
    meaning: str
    half: float

    @property
    def weight(self) -> float:
        """The part's share as shipped."""
        return WEIGHTS.share(self.key)

    def value(self, figure: float, weights: Weights = WEIGHTS) -> float:
        return weights.share(self.key) * figure / (figure + self.half)


GATHERED = Part(
    "gathered",
    "聚集",
    f"任意连续 {GATHERING} 天里最多有多少个不同的人说起，雷同的话只算最早的人",
    5,
)
PEOPLE = Part("people", "人数", "不同的人，同一人发多少条都算一人，雷同的话只算最早的人", 10)
TIMES = Part("times", "人次", f"每人每天最多算一次，每人最多算 {INSISTENCE} 次", 10)
ENGAGEMENT = Part("engagement", "回应", "别人对这些话的赞同和反对", 100)
SEARCHES = Part("searches", "搜索", "搜索相关词语的次数", 100)
BURST = Part("burst", "突增", "人数比前三个同长周期的均值多出的倍数", 3)
PARTS = (GATHERED, PEOPLE, TIMES, ENGAGEMENT, SEARCHES, BURST)


def burst(people: int, earlier: Sequence[int]) -> float:
    """(U − mean) / √(mean + 1), never below 0; `earlier` are the people of earlier windows.

    Without earlier windows nothing can have risen.
    """
    if not earlier:
        return 0.0
    mean = sum(earlier) / len(earlier)
    return max(0.0, (people - mean) / sqrt(mean + 1))


def gathered(days: Sequence[int]) -> int:
    """Return the most people within `GATHERING` days; `days`: the number of the day on which each
    independent person first spoke (date.toordinal), ascending."""
    most = first = 0
    for last, day in enumerate(days):
        while day - days[first] >= GATHERING:
            first += 1
        most = max(most, last - first + 1)
    return most


def heat(
    *,
    people: int,
    times: int,
    searches: int = 0,
    engagement: int = 0,
    gathered: int | None = None,
    earlier: Sequence[int] = (),
    weights: Weights = WEIGHTS,
) -> float:
    """From 0 to 100, one decimal. `gathered` is `people` if not given: a period of 28 days."""
    figures = (
        (GATHERED, people if gathered is None else gathered),
        (PEOPLE, people),
        (TIMES, times),
        (ENGAGEMENT, engagement),
        (SEARCHES, searches),
        (BURST, burst(people, earlier)),
    )
    return round(100 * sum(part.value(figure, weights) for part, figure in figures), 1)


def formula(weights: Weights = WEIGHTS) -> str:
    """The formula in words, made from the weights in force."""
    terms = " + ".join(
        f"{weights.share(part.key):.2f} × {part.name}÷({part.name}+{part.half})" for part in PARTS
    )
    return f"热度 = 100 × ( {terms} )"
