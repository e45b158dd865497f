"""How rare a feature is: inverse document frequency over past days, with a prior for the first.

K. Spärck Jones: A Statistical Interpretation of Term Specificity (1972). Before there is a past,
the dictionary's frequencies stand for it. Old texts fade: when `MEMORY` utterances are counted,
every count is halved and what comes to nothing is forgotten (the ageing of counts in
G. Einziger, R. Friedman, B. Manes: TinyLFU, 2017), so the table is bounded and in whole numbers.
"""

import math
from collections.abc import Iterable
from functools import cache

from search.text import segment

#: Utterances counted before all counts are halved.
MEMORY = 30_000
#: The dictionary is worth so many utterances of so many words each.
PRIOR_TEXTS, PRIOR_WORDS = 200, 40


def _share(word: str) -> float:
    """Return the share of all running words that is `word`, as `segment.rarity` knows it."""
    frequency, _tag = segment.dictionary().get(word, (0, ""))
    return (frequency + 1) / _running_words()


@cache
def _running_words() -> float:
    return math.exp(segment.rarity(""))


class Frequencies:
    """In how many past utterances a feature stood."""

    def __init__(self, total: int = 0, counts: dict[str, int] | None = None):
        self.total = total
        self.counts = counts or {}
        self._idf: dict[str, float] = {}

    def idf(self, feature: str) -> float:
        """Return the natural logarithm of (utterances ÷ utterances with it), above 0."""
        found = self._idf.get(feature)
        if found is None:
            share = PRIOR_WORDS * _share(feature)
            seen = self.counts.get(feature, 0) + PRIOR_TEXTS * (share if share < 1.0 else 1.0)
            # Above 0: `seen` is at most the number of texts.
            found = self._idf[feature] = math.log((self.total + PRIOR_TEXTS + 1) / (seen + 0.5))
        return found

    def add(self, texts: Iterable[Iterable[str]]) -> None:
        """Count a day's texts, each as its distinct features."""
        counts = self.counts
        for features in texts:
            self.total += 1
            for feature in features:
                counts[feature] = counts.get(feature, 0) + 1
        if self.total >= MEMORY:
            self.total //= 2
            self.counts = {key: count // 2 for key, count in counts.items() if count > 1}
        self._idf.clear()
