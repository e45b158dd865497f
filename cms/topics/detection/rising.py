"""Whether more people speak of an issue than its past explains: a test with a stated error.

Counts of distinct independent people in fortnights are Poisson with an unknown rate, the rate has
a Gamma distribution that each past fortnight sharpens; what the next one brings is then negative
binomial (A. Gelman et al.: Bayesian Data Analysis, 3rd ed. 2013, 2.6; for outbreaks: D. Neill,
A. Moore, G. Cooper: A Bayesian Spatial Scan Statistic, 2005). The probability of as many people as
came, or more, is the evidence.

* Weekdays: window and past are whole weeks, so each weekday stands in both equally often.
* The fortnight right before the window is left out of the past, because a rise begins there (the
  guard band of EARS: L. Hutwagner et al., 2003), as long as enough past is left.
* People come in clumps: where past fortnights vary more than Poisson's, or too few are known, the
  variance is raised to match (quasi-Poisson; A. Noufaily et al., 2013, do so for Farrington's).
* Looking daily: each look has `PER_TOPIC` ÷ 7 (Bonferroni), so a topic that does not rise gives a
  false alarm in at most `PER_TOPIC` of its weeks. Looking at many topics: of all of them no more
  than `BUDGET` false alarms a week are expected.
* One rise is one alarm: the next is due only after the topic has calmed down (`CALM`).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cms.topics.detection.centre import cohesion
from cms.topics.detection.model import Said

#: Days that are looked at, and that each piece of the past has: whole weeks.
WINDOW = 14
#: Share of its weeks in which a topic that does not rise may give an alarm.
PER_TOPIC = 0.05
#: False alarms a week that all topics together may give.
BUDGET = 1.0
#: Fewer people are no rise, whatever came before.
LEAST = 4
#: Windows of the past that are compared; windows left out before them, if so many remain.
PAST, GUARD, ENOUGH = 6, 1, 2
#: What is known without a past: next to nothing. People, and windows in which they came.
PRIOR_PEOPLE, PRIOR_WINDOWS = 0.25, 0.025
#: Variance ÷ mean that is expected, worth so many windows.
PRIOR_CLUMPING, PRIOR_VARIANCES = 1.2, 4
#: Mean cosine of what they said (`centre.cohesion`) from which on it is one matter; below, people
#: only name the same place or the same kind of thing, and nobody is alarmed.
COHERENT = 0.25
#: A rise is over when what came is at least as probable as this.
CALM = 0.05


@dataclass(frozen=True, slots=True)
class Rise:
    """`people` distinct people in the last `WINDOW` days, where `expected` were; `weeks` of past.

    `probability` of so many or more if nothing had changed; `level`: below it is an alarm.
    """

    people: int
    expected: float
    weeks: int
    probability: float
    level: float

    @property
    def fires(self) -> bool:
        return self.people >= LEAST and self.probability < self.level

    @property
    def calm(self) -> bool:
        return self.people < LEAST or self.probability >= CALM

    @property
    def why(self) -> str:
        """One sentence for a media manager."""
        return (
            f"近 {WINDOW} 天 {self.people} 人，按此前 {self.weeks} 周预计 {self.expected:.1f} 人；"
            f"若没有变化，出现这么多人的概率{_in_words(self.probability)}。"
        )


def is_alarm(found: Rise, said: Iterable[Said]) -> bool:
    """Whether a rise is told: it fires, and what was `said` in the window is one matter."""
    return found.fires and cohesion(said) >= COHERENT


def _in_words(probability: float) -> str:
    for bound, words in ((1e-4, "不到万分之一"), (1e-3, "不到千分之一"), (1e-2, "不到百分之一")):
        if probability < bound:
            return words
    return f"约为百分之{max(1, round(100 * probability))}"


def level(topics: int) -> float:
    """Return below which probability one look is an alarm when `topics` are watched."""
    return min(PER_TOPIC, BUDGET / max(1, topics)) / 7


def windows(spoken: Mapping[date, Iterable[str]], today: date, since: date) -> list[int]:
    """Return how many distinct people spoke in each window, the latest (it ends today) first.

    `since`: the first day on which anything was listened to (not: on which the topic began).
    """
    number = min(((today - since).days + 1) // WINDOW, 1 + GUARD + PAST)
    people: list[set[str]] = [set() for _window in range(number)]
    for day, voices in spoken.items():
        back = (today - day).days // WINDOW
        if 0 <= back < number:
            people[back].update(voices)
    return [len(those) for those in people]


def look(counts: Sequence[int], topics: int = 1) -> Rise | None:
    """Test the latest of `counts` (see `windows`) against those before; None without a past."""
    past = counts[1 + GUARD :] if len(counts) > GUARD + ENOUGH else counts[1:]
    if not past:
        return None
    exposure = PRIOR_WINDOWS + len(past)
    expected = (PRIOR_PEOPLE + sum(past)) / exposure
    return Rise(
        people=counts[0],
        expected=round(expected, 2),
        weeks=len(past) * WINDOW // 7,
        probability=_tail(counts[0], expected, _clumping(past) + 1 / exposure),
        level=level(topics),
    )


def rise(
    spoken: Mapping[date, Iterable[str]], today: date, since: date, topics: int = 1
) -> Rise | None:
    """Test who spoke on which day, near-copies left out; `topics`: how many are watched."""
    return look(windows(spoken, today, since), topics)


def _clumping(past: Sequence[int]) -> float:
    """Variance ÷ mean of past windows, 1 or more, drawn towards what is expected."""
    known, squares = PRIOR_VARIANCES, PRIOR_VARIANCES * PRIOR_CLUMPING
    mean = sum(past) / len(past)
    if mean:
        known += len(past) - 1
        squares += sum((count - mean) ** 2 for count in past) / mean
    return max(1.0, squares / known)


def _tail(least: int, mean: float, ratio: float) -> float:
    """P(X ≥ least) of the negative binomial of that mean and variance ÷ mean (> 1)."""
    shape, kept = mean / (ratio - 1), 1 / ratio
    below = 0.0
    for count in range(least):
        below += math.exp(
            math.lgamma(shape + count)
            - math.lgamma(shape)
            - math.lgamma(count + 1)
            + shape * math.log(kept)
            + count * math.log1p(-kept)
        )
    return max(0.0, 1.0 - below)
