"""The heat of a topic: one formula, its weights in one place, shown on the page that uses it.

domain.md §7: messages .35, distinct users .25, engagement .25, burst .15, each saturating, so that
no single figure can carry a topic. Two readings keep one loud person from passing for many:
a person counts once a day, and a burst is a burst of people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

#: How many earlier windows of the same length a burst is measured against.
EARLIER_WINDOWS = 3


@dataclass(frozen=True)
class Part:
    """`half` is the figure at which a part gives half of its weight."""

    name: str
    meaning: str
    weight: float
    half: int

    def value(self, figure: float) -> float:
        return self.weight * figure / (figure + self.half)


TIMES = Part("人次", "每人每天最多算一次", 0.35, 20)
PEOPLE = Part("人数", "不同的人，同一人发多少条都算一人", 0.25, 10)
SEARCHES = Part("搜索", "搜索相关词语的次数", 0.25, 100)
BURST = Part("突增", "人数比前三个同长周期的均值多出的倍数", 0.15, 3)
PARTS = (TIMES, PEOPLE, SEARCHES, BURST)


def burst(people: int, earlier: Sequence[int]) -> float:
    """(U − mean) / √(mean + 1), never below 0; `earlier` are the people of earlier windows."""
    mean = sum(earlier) / len(earlier)
    return max(0.0, (people - mean) / sqrt(mean + 1))


def heat(*, times: int, people: int, searches: int, earlier: Sequence[int]) -> float:
    """From 0 to 100, one decimal."""
    score = (
        TIMES.value(times)
        + PEOPLE.value(people)
        + SEARCHES.value(searches)
        + BURST.value(burst(people, earlier))
    )
    return round(100 * score, 1)


def formula() -> str:
    """The formula in words, made from the weights in force."""
    terms = " + ".join(
        f"{part.weight:.2f} × {part.name}÷({part.name}+{part.half})" for part in PARTS
    )
    return f"热度 = 100 × ( {terms} )"
