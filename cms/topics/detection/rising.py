"""Whether more people speak of an issue than its past explains: a test with a stated error.

Counts of distinct independent people in whole weeks are Poisson with an unknown rate, the rate has
a Gamma distribution that each past week sharpens; what the next weeks bring is then negative
binomial (A. Gelman et al.: Bayesian Data Analysis, 3rd ed. 2013, 2.6; as a scan for outbreaks:
D. Neill, A. Moore, G. Cooper: A Bayesian Spatial Scan Statistic, 2005). The probability of as many
people as came, or more, is the evidence.

* Weekdays: windows and past are whole weeks, so each weekday stands in both equally often.
* The weeks right before a window are left out of its past, because a rise begins there
  (the guard band of EARS: L. Hutwagner et al., 2003).
* Crowds come in clumps: past blocks that vary more than Poisson's widen the distribution.
* Looking daily, through `WINDOWS`: each look has `PER_TOPIC` ÷ (7 · windows) (Bonferroni), so a
  topic without a rise gives a false alarm in at most `PER_TOPIC` of its weeks. Looking at many
  topics: no more than `BUDGET` false alarms a week are expected of all of them.
* One rise is one alarm: the next is due only after the topic has calmed down (`CALM`).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

#: Lengths in days of what is looked at: whole weeks.
WINDOWS = (7, 14)
#: Share of its weeks in which a topic that does not rise may give an alarm.
PER_TOPIC = 0.05
#: False alarms a week that all topics together may give.
BUDGET = 1.0
#: Fewer people are no rise, whatever came before (and are shown to nobody).
LEAST = 3
#: Days of the past that are compared, and days left out between it and the window.
PAST, GUARD = 84, 14
#: What is known without a past: PRIOR_PEOPLE in PRIOR_WEEKS.
PRIOR_PEOPLE, PRIOR_WEEKS = 0.25, 2.0
#: The prior of the clumping, worth so many blocks that vary as Poisson's do.
PRIOR_BLOCKS = 8
#: A rise is over when what came is at least as probable as this.
CALM = 0.05


@dataclass(frozen=True, slots=True)
class Rise:
    """`people` distinct people in the last `window` days, where `expected` were; `weeks` of past.

    `probability` of so many or more if nothing had changed; `level`: below it is an alarm.
    """

    window: int
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
        past = f"按此前 {self.weeks} 周预计" if self.weeks else "此前没有可比的记录，按一般话题预计"
        return (
            f"近 {self.window} 天 {self.people} 人，{past} {self.expected:.1f} 人；"
            f"若没有变化，出现这么多人的概率{_in_words(self.probability)}。"
        )


def _in_words(probability: float) -> str:
    for bound, words in ((1e-4, "不到万分之一"), (1e-3, "不到千分之一"), (1e-2, "不到百分之一")):
        if probability < bound:
            return words
    return f"约为百分之{max(1, round(100 * probability))}"


def level(topics: int) -> float:
    """Return below which probability one look is an alarm when `topics` are watched."""
    return min(PER_TOPIC, BUDGET / max(1, topics)) / (7 * len(WINDOWS))


def blocks(
    spoken: Mapping[date, Iterable[str]], today: date, since: date, window: int
) -> list[int]:
    """Return how many distinct people spoke in each whole block of `window` days, the latest first.

    `since`: the first day on which anything was listened to (not: on which the topic began).
    """
    number = min((today - since).days + 1, window + GUARD + PAST) // window
    people: list[set[str]] = [set() for _block in range(number)]
    for day, voices in spoken.items():
        back = (today - day).days // window
        if 0 <= back < number:
            people[back].update(voices)
    return [len(those) for those in people]


def look(counts: Sequence[int], window: int, topics: int = 1) -> Rise | None:
    """Test the latest of `counts` (see `blocks`) against those before; None without a window."""
    if not counts:
        return None
    weeks = window / 7
    past = counts[1 + GUARD // window :]
    clumping = _clumping(past)
    shape = PRIOR_PEOPLE + sum(past)
    exposure = PRIOR_WEEKS + weeks * len(past)
    # Clumps of c people each: as many clumps as people ÷ c, and these are Poisson.
    probability = _tail(counts[0] / clumping, shape / clumping, exposure / (exposure + weeks))
    return Rise(
        window=window,
        people=counts[0],
        expected=round(shape / exposure * weeks, 2),
        weeks=round(weeks * len(past)),
        probability=probability,
        level=level(topics),
    )


def rise(
    spoken: Mapping[date, Iterable[str]], today: date, since: date, topics: int = 1
) -> Rise | None:
    """Look through all windows; of what is found, the least probable."""
    found = [look(blocks(spoken, today, since, window), window, topics) for window in WINDOWS]
    return min((one for one in found if one), key=lambda one: one.probability, default=None)


def _clumping(past: Sequence[int]) -> float:
    """Variance ÷ mean of past blocks, 1 or more, drawn towards 1 while they are few."""
    mean = sum(past) / len(past) if past else 0.0
    if len(past) < 2 or not mean:
        return 1.0
    variance = sum((count - mean) ** 2 for count in past) / (len(past) - 1)
    ratio = variance / mean
    return max(1.0, (PRIOR_BLOCKS + len(past) * ratio) / (PRIOR_BLOCKS + len(past)))


def _tail(least: float, shape: float, kept: float) -> float:
    """P(X ≥ ceil(least)) of the negative binomial with r = `shape`, p = `kept`."""
    term = below = 0.0
    for count in range(math.ceil(least)):
        log = (
            math.lgamma(shape + count)
            - math.lgamma(shape)
            - math.lgamma(count + 1)
            + shape * math.log(kept)
            + count * math.log1p(-kept)
        )
        term = math.exp(log)
        below += term
    return max(0.0, 1.0 - below)
