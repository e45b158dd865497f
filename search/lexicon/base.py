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


@dataclass(frozen=True, slots=True)
class Watch:
    """A word that moderation looks for: ``category`` is shown to people, ``level`` says how grave.

    ``level``: "hint" (people are told), "hold" (people decide first), "block" (refused at once).
    """

    term: str
    category: str
    level: str


@dataclass(frozen=True, eq=False)
class Lexicon:
    """All words at one moment. Compared by identity, so it can key a cache of what rests on it.

    ``allow``: contexts in which a watched word is meant well (罢工权 holds 罢工).
    ``apart``: pairs of words that the law keeps apart however people mix them (经济补偿, 赔偿金).
    ``sayings``: what people say, with what laws and documents call it (炒鱿鱼: 解除劳动合同).
    Unlike synonyms they work one way, in search alone, and make no topic.
    """

    entries: Mapping[str, Entry]
    stop_words: frozenset[str]
    version: str = "files"
    watch: Mapping[str, Watch] = field(default_factory=dict)
    allow: frozenset[str] = frozenset()
    apart: frozenset[frozenset[str]] = frozenset()
    sayings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    topics: Mapping[str, tuple[str, ...]] = field(init=False)
    _groups: Mapping[str, tuple[str, ...]] = field(init=False, repr=False)

    def __post_init__(self):
        topics: dict[str, list[str]] = {}
        groups: dict[str, list[str]] = {}
        for entry in self.entries.values():
            if entry.term == entry.canonical:
                topics.setdefault(entry.topic, []).append(entry.term)
            groups.setdefault(entry.canonical, [entry.canonical]).append(entry.term)
        for name, value in {
            "entries": dict(self.entries),
            "watch": dict(self.watch),
            "sayings": dict(self.sayings),
            "topics": {topic: tuple(terms) for topic, terms in topics.items()},
            "_groups": {term: tuple(dict.fromkeys(same)) for term, same in groups.items()},
        }.items():
            object.__setattr__(self, name, MappingProxyType(value))

    def same(self, term: str) -> tuple[str, ...]:
        """Return the other words of ``term``'s meaning, the proper one first; () if it has none."""
        entry = self.entries.get(term)
        group = self._groups[entry.canonical] if entry else ()
        return tuple(
            other for other in group if other != term and frozenset((term, other)) not in self.apart
        )


def build(
    terms: Iterable[tuple[str, str, float]],
    synonyms: Iterable[tuple[str, str]],
    stop_words: Iterable[str],
    version: str,
    *,
    watch: Iterable[tuple[str, str, str]] = (),
    allow: Iterable[str] = (),
    apart: Iterable[tuple[str, str]] = (),
    sayings: Iterable[tuple[str, str]] = (),
) -> Lexicon:
    """Join rows into a lexicon; a synonym takes its own topic if it has one, else its canonical's.

    ``terms``: (term, topic, weight) · ``synonyms``: (variant, canonical term) · ``watch``: (term,
    category, level) · ``apart``: (one term, another term) · ``sayings``: (said, meant,
    words parted by blanks).
    """
    entries = {term: Entry(term, topic, term, weight) for term, topic, weight in terms}
    for variant, canonical in synonyms:
        own = entries.get(variant) or entries[canonical]
        entries[variant] = Entry(variant, own.topic, canonical, own.weight)
    return Lexicon(
        entries,
        frozenset(stop_words),
        version,
        {term: Watch(term, category, level) for term, category, level in watch},
        frozenset(allow),
        frozenset(frozenset(pair) for pair in apart),
        {said: tuple(meant.split()) for said, meant in sayings},
    )


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
        watch=[(row["term"], row["category"], row["level"]) for row in rows("watch")],
        allow=[row["context"] for row in rows("allow")],
        apart=[(row["term"], row["other"]) for row in rows("apart")],
        sayings=[(row["said"], row["meant"]) for row in rows("sayings")],
    )
