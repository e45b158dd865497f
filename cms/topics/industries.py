"""Which industries an utterance is about, by its words. No Django here.

`data/industries.tsv`: words that name one, and words that do so only beside others of the text
(`with`): a 司机 drives for somebody, a 站点 is the riders' or the buses'. Rows of the industry
`-` are turns of phrase in which such words mean something else: who 点外卖 delivers nothing.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from search.text.automaton import glued
from search.text.normalise import fold

DATA = Path(__file__).parent / "data" / "industries.tsv"
NONE = "-"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Use:
    """A word speaks of `industry`; with `beside`, only if one of those stands in the text too."""

    industry: str
    beside: tuple[str, ...]


def industries(text: str) -> dict[str, list[Span]]:
    """Industry → places [start, end) of its words in `text`, in the order in which they come up.

    A word beside others may speak of several industries.
    """
    finder, uses = _table()
    folded, places = fold(text)
    found: dict[str, list[Span]] = {}
    for number, start, end in finder.find_matches_as_indexes(folded):
        if glued(folded, start) or glued(folded, end):
            continue
        for use in uses[number]:
            if not use.beside or any(word in folded for word in use.beside):
                found.setdefault(use.industry, []).append((places[start], places[end - 1] + 1))
    return found


def names() -> list[str]:
    """All industries, as the table orders them."""
    return list(dict.fromkeys(row["industry"] for row in _rows() if row["industry"] != NONE))


@cache
def _table() -> tuple[AhoCorasick, list[list[Use]]]:
    uses: dict[str, list[Use]] = {}
    for row in _rows():
        beside = tuple(fold(word)[0] for word in row["with"].split())
        for word in row["words"].split():
            of_word = uses.setdefault(fold(word)[0], [])
            if row["industry"] != NONE:
                of_word.append(Use(row["industry"], beside))
    return AhoCorasick(list(uses), MatchKind.LeftmostLongest), list(uses.values())


def _rows() -> list[dict[str, str]]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))
