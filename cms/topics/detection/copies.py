"""Near-copies: the same text up to digits, marks and small edits, by whomever.

Candidates come from an exact key and from sketches: the `KEPT` smallest hashes of a text's pieces
(A. Broder: On the resemblance and containment of documents, 1997). A candidate is a copy if
enough of its pairs of letters are the same. Only the first of a class is kept and compared, so a
chain of small edits does not wander off.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from zlib import crc32

from cms.topics.detection.horizon import outdated
from search.text.normalise import normalise

#: Letters in a piece, and smallest hashes of a text that are kept.
PIECE, KEPT = 3, 6
#: A copy differs in so many pairs of letters (five words or so), or in a text of some length
#: resembles (Jaccard's, of the pairs) from SAME on; never below LEAST.
DIFFERENT, SAME, LEAST = 16, 0.92, 0.6
#: A text with fewer letters is a copy only if all its letters are the same.
SHORT = 8
#: Hashes that a text must share with a first that it is compared with.
SHARED = 2
#: Firsts compared in full; firsts that one hash leads to, the latest.
COMPARED, CROWDED = 2, 40
#: Letters read.
READ = 600

NO_LETTERS = re.compile(r"[\W_\d〇零一二三四五六七八九十百千万两]+")


def letters(title: str, text: str) -> str:
    """Return what a copy is recognised by: letters alone, no digits in any script."""
    return NO_LETTERS.sub("", normalise(f"{title}\n{text}", READ))


def sketch(plain: str) -> tuple[int, ...]:
    """Return the smallest hashes of the pieces of `plain`, ascending."""
    raw = plain.encode("utf-32-le")
    size = 4 * PIECE
    hashes = {crc32(raw[at : at + size]) for at in range(0, len(raw) - size + 1, 4)}
    return tuple(sorted(hashes)[:KEPT])


def pairs(plain: str) -> frozenset[str]:
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


@dataclass(slots=True)
class First:
    """The first of a class of near-copies; `last` is the day's number of the latest copy."""

    id: str
    plain: str
    last: int
    sketch: tuple[int, ...]


class Copies:
    """The firsts of all classes that are still repeated, in the order in which they came."""

    def __init__(self) -> None:
        self.firsts: dict[str, First] = {}
        self._exact: dict[str, str] = {}
        self._by_hash: dict[int, list[str]] = {}

    def add(self, first: First) -> None:
        self.firsts[first.id] = first
        self._exact[first.plain] = first.id
        for number in first.sketch:
            self._by_hash.setdefault(number, []).append(first.id)

    def original(self, id: str, plain: str, day: int) -> str | None:
        """Return the id of what `plain` is a copy of; keep a text that is new as a first."""
        numbers = sketch(plain)
        found = self._exact.get(plain) or next(self._near(plain, numbers), None)
        if found is None:
            self.add(First(id, plain, day, numbers))
        else:
            self.firsts[found].last = day
        return found

    def _near(self, plain: str, numbers: tuple[int, ...]) -> Iterator[str]:
        if len(plain) < SHORT:
            return
        shared: dict[str, int] = {}
        for number in numbers:
            for id in self._by_hash.get(number, ())[-CROWDED:]:
                shared[id] = shared.get(id, 0) + 1
        ranked = sorted((-count, id) for id, count in shared.items() if count >= SHARED)
        mine = pairs(plain) if ranked else frozenset()
        for _count, id in ranked[:COMPARED]:
            other = self.firsts[id].plain
            if len(other) >= SHORT and _is_copy(mine, pairs(other)):
                yield id

    def forget(self, before: int, most: int) -> None:
        """Drop classes silent since before day `before`, and all but the `most` latest."""
        for first in outdated(self.firsts.values(), before, most, attrgetter("id")):
            self._drop(first)

    def _drop(self, first: First) -> None:
        del self.firsts[first.id], self._exact[first.plain]
        for number in first.sketch:
            self._by_hash[number].remove(first.id)
            if not self._by_hash[number]:
                del self._by_hash[number]


def _is_copy(one: frozenset[str], other: frozenset[str]) -> bool:
    same = len(one & other)
    every = len(one) + len(other) - same
    return same >= LEAST * every and (same >= SAME * every or every - same <= DIFFERENT)
