"""Texts as vectors of length 1: √count × telling of each feature."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from cms.topics.classifier.examples import Row

#: What `telling` is counted in; rounded, so that logarithms which differ in the last bit give the
#: same model everywhere.
TELLING_STEP = 1 / 1000
#: Texts that each label is taken to have with any feature before one is counted.
SMOOTHING = 0.5
#: A feature that is equally frequent in all labels still tells a little.
LEAST_SHARPNESS = 0.05


class Vector(NamedTuple):
    """The features of one text that the vocabulary knows: ``ids[k]`` has the value ``values[k]``.

    The length over known and unknown features is 1, so a text of which the model knows little is
    short and stays near the baselines.
    """

    ids: list[int]
    values: list[float]


class Vocabulary:
    """The features a model knows: ``names`` and how much each tells, in whole TELLING_STEPs.

    A feature that is not known is taken to tell as much as the mean of those that are.
    """

    def __init__(self, names: Sequence[str], telling: Sequence[int]) -> None:
        self.names = list(names)
        self.telling = list(telling)
        self._unknown = (-1, sum(self.telling) // len(self.telling) if self.telling else 1)
        self._known = dict(zip(self.names, enumerate(self.telling), strict=True))

    def vector(self, counts: dict[str, float]) -> Vector:
        """Return the vector of a text with these ``features``; empty if none is known."""
        known, unknown, sqrt = self._known, self._unknown, math.sqrt
        ids: list[int] = []
        values: list[float] = []
        squares = 0.0
        for name, count in counts.items():
            number, telling = known.get(name, unknown)
            value = sqrt(count) * telling
            squares += value * value
            if number >= 0:
                ids.append(number)
                values.append(value)
        length = sqrt(squares) or 1.0
        return Vector(ids, [value / length for value in values])


def vocabulary_of(bags: Sequence[dict[str, float]], rows: Sequence[Row]) -> Vocabulary:
    """Return the vocabulary of ``rows`` with these features.

    What only one or two of many texts have says nothing of the next text; a text counts here as
    often as it weighs, so that a correction's own words are kept.
    """
    least = least_seen(len(rows))
    texts: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    size: Counter[str] = Counter()
    seen_in: dict[str, Counter[str]] = {label: Counter() for row in rows for label in row.labels}
    for bag, row in zip(bags, rows, strict=True):
        texts.update(bag.keys())
        weighted = dict.fromkeys(bag, row.weight)
        seen.update(weighted)
        for label in row.labels:
            size[label] += row.weight
            seen_in[label].update(weighted)
    names = sorted(name for name, times in seen.items() if times >= least)
    #: What a weighted text of a label counts, as if all labels had the same number of texts.
    fair = {label: len(rows) / len(size) / size[label] for label in sorted(size)}
    telling = [
        rarity(texts[name], len(rows))
        * math.sqrt(sharpness([seen_in[label][name] * fair[label] for label in fair]))
        for name in names
    ]
    return Vocabulary(names, [max(1, round(one / TELLING_STEP)) for one in telling])


def least_seen(texts: int) -> int:
    """In how many of so many texts a feature must stand: 1 of less than 500, up to 3 from 1,000."""
    return min(1 + texts // 500, 3)


def rarity(frequency: int, texts: int) -> float:
    """BM25's inverse document frequency (Robertson & Spärck Jones 1976, kept positive)."""
    return math.log(1 + (texts - frequency + 0.5) / (frequency + 0.5))


def sharpness(counts: Sequence[float]) -> float:
    """Return 1 − normalised entropy of a feature over the labels, from about 0 to about 1.

    ``counts`` are its texts in each label. 1: in one label only; 0: in all alike. The entropy
    weight of Dumais (1991), over labels instead of texts, with additive smoothing.
    """
    if len(counts) < 2:
        return 1.0
    smoothed = [count + SMOOTHING for count in counts]
    total = math.fsum(smoothed)
    entropy = -math.fsum(count / total * math.log(count / total) for count in smoothed)
    return max(0.0, 1 - entropy / math.log(len(counts))) + LEAST_SHARPNESS
