"""What some utterances have in common, on their own: words are as rare as the dictionary says, so
that it depends on nothing else that was said."""

from collections.abc import Iterable

from cms.topics.detection import features
from cms.topics.detection.features import Vector
from cms.topics.detection.frequencies import Frequencies
from cms.topics.detection.model import Said, Settings


def centre_of(members: Iterable[Said]) -> Vector:
    """Return the sum of the vectors of `members`, of each voice its first."""
    settings, frequencies = Settings(), Frequencies()
    total: Vector = {}
    for one in _first_of_each(members):
        vector = features.vector(features.count(one, settings), frequencies, settings)
        for feature, weight in vector.items():
            total[feature] = total.get(feature, 0) + weight
    return total


def cohesion(members: Iterable[Said]) -> float:
    """Return the mean cosine of each two of `members` (of each voice its first), 0 to 1.

    Whether people speak of one matter or only name the same place. 0 for fewer than two voices.
    """
    first = _first_of_each(members)
    voices = len(first)
    if voices < 2:
        return 0.0
    # |sum of unit vectors|² = n + n (n − 1) · mean cosine
    square = sum(weight * weight for weight in centre_of(first).values()) / features.SCALE**2
    return max(0.0, square - voices) / (voices * (voices - 1))


def _first_of_each(members: Iterable[Said]) -> list[Said]:
    first: dict[str, Said] = {}
    for one in sorted(members, key=lambda one: (one.day, one.title, one.text, one.id)):
        first.setdefault(one.voice, one)
    return list(first.values())
