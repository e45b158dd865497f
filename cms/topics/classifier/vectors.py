"""Texts as vectors of length 1: √count × rarity of each feature."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple


class Vector(NamedTuple):
    """The features of one text that the vocabulary knows: ``ids[k]`` has the value ``values[k]``.

    The length over known and unknown features is 1, so a text of which the model knows little is
    short and stays near the baselines.
    """

    ids: list[int]
    values: list[float]


class Vocabulary:
    """The features a model knows: ``names`` (sorted), in how many of ``texts`` each stands.

    A feature that is not known has the rarity of the rarest that is.
    """

    def __init__(self, names: Sequence[str], frequencies: Sequence[int], texts: int) -> None:
        self.names = list(names)
        self.frequencies = list(frequencies)
        self.texts = texts
        rarities = [self._rarity(frequency) for frequency in self.frequencies]
        self._unknown = (-1, max(rarities, default=1.0))
        self._known = dict(zip(self.names, enumerate(rarities), strict=True))

    def _rarity(self, frequency: int) -> float:
        """BM25's inverse document frequency (Robertson & Spärck Jones 1976, kept positive).

        Rounded, so that logarithms which differ in the last bit give the same model.
        """
        return round(math.log(1 + (self.texts - frequency + 0.5) / (frequency + 0.5)), 6)

    def vector(self, counts: dict[str, float]) -> Vector:
        """Return the vector of a text with these ``features``; empty if none is known."""
        known, unknown, sqrt = self._known, self._unknown, math.sqrt
        ids: list[int] = []
        values: list[float] = []
        squares = 0.0
        for name, count in counts.items():
            number, rarity = known.get(name, unknown)
            value = sqrt(count) * rarity
            squares += value * value
            if number >= 0:
                ids.append(number)
                values.append(value)
        length = sqrt(squares) or 1.0
        return Vector(ids, [value / length for value in values])


def vocabulary_of(bags: Sequence[dict[str, float]], weights: Sequence[float]) -> Vocabulary:
    """Return the vocabulary of texts with these features and weights.

    What only one or two of many texts have says nothing of the next text; a text counts here as
    often as it weighs, so that a correction's own words are kept.
    """
    least = least_seen(len(bags))
    frequencies: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for bag, weight in zip(bags, weights, strict=True):
        for name in bag:
            frequencies[name] += 1
            seen[name] += weight
    names = sorted(name for name, times in seen.items() if times >= least)
    return Vocabulary(names, [frequencies[name] for name in names], len(bags))


def least_seen(texts: int) -> int:
    """In how many of so many texts a feature must stand: 1 of less than 500, up to 3 from 1,000."""
    return min(1 + texts // 500, 3)
