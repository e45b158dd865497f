"""The lexicon as an immutable value, and its reader for the files in ``data/``. No Django here."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of the house: ``canonical`` is the word itself unless it is a synonym.

    ``weight`` is below 1 for words too general to make a topic alone (domain.md §5).
    """

    term: str
    topic: str
    canonical: str
    weight: float = 1.0


@dataclass(frozen=True, eq=False)
class Lexicon:
    """All words at one moment. Compared by identity, so it can key a cache of what rests on it."""

    entries: Mapping[str, Entry]
    stop_words: frozenset[str]
    version: str = "files"
    topics: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self):
        topics: dict[str, list[str]] = {}
        for entry in self.entries.values():
            if entry.term == entry.canonical:
                topics.setdefault(entry.topic, []).append(entry.term)
        frozen = {topic: tuple(terms) for topic, terms in topics.items()}
        object.__setattr__(self, "entries", MappingProxyType(dict(self.entries)))
        object.__setattr__(self, "topics", MappingProxyType(frozen))


def build(
    terms: Iterable[tuple[str, str, float]],
    synonyms: Iterable[tuple[str, str]],
    stop_words: Iterable[str],
    version: str,
) -> Lexicon:
    """Join rows into a lexicon; a synonym takes its own topic if it has one, else its canonical's.

    ``terms``: (term, topic, weight) · ``synonyms``: (variant, canonical term).
    """
    entries = {term: Entry(term, topic, term, weight) for term, topic, weight in terms}
    for variant, canonical in synonyms:
        own = entries.get(variant) or entries[canonical]
        entries[variant] = Entry(variant, own.topic, canonical, own.weight)
    return Lexicon(entries, frozenset(stop_words), version)


def rows(name: str) -> list[dict[str, str]]:
    """Read one tab-separated file of ``data/`` with a header line."""
    with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@cache
def from_files() -> Lexicon:
    """The lexicon as shipped."""
    return build(
        [(row["term"], row["topic"], float(row["weight"])) for row in rows("terms")],
        [(row["variant"], row["canonical"]) for row in rows("synonyms")],
        [row["word"] for row in rows("stopwords")],
        version="files",
    )
