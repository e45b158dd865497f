"""Where a text speaks of the house's words. No Django here.

What moderation looks for, plain and disguised, is in ``search.text.watch``.
"""

from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from search import lexicon
from search.lexicon import Entry, Lexicon
from search.text.automaton import PerLexicon, glued
from search.text.normalise import fold


@dataclass(frozen=True, slots=True)
class Match:
    """One place: ``text[start:end]`` is ``term``; ``canonical`` is what to count it as.

    ``weight`` is below 1 for words that make no topic alone.
    """

    term: str
    canonical: str
    topic: str
    start: int
    end: int
    weight: float = 1.0


@PerLexicon
def _terms(words: Lexicon) -> tuple[AhoCorasick, list[Entry]]:
    """The automaton over the folded terms, and the entry of each of its patterns."""
    entries: dict[str, Entry] = {}
    for entry in words.entries.values():
        folded, _places = fold(entry.term)
        if folded:
            entries.setdefault(folded, entry)
    return AhoCorasick(list(entries)), list(entries.values())


def find_terms(text: str) -> list[Match]:
    """Return the lexicon's words in ``text`` from left to right; of several, the longest.

    Width, case and traditional forms do not matter. Latin words and numbers match whole only.
    Time grows with the length of the text, not with the number of words.
    """
    automaton, entries = _terms(lexicon.current())
    folded, places = fold(text)
    hits = automaton.find_matches_as_indexes(folded, overlapping=True)
    found: list[Match] = []
    free = 0
    for start, end, number in sorted((start, -end, number) for number, start, end in hits):
        end = -end
        if start < free or glued(folded, start) or glued(folded, end):
            continue
        entry = entries[number]
        found.append(
            Match(
                entry.term,
                entry.canonical,
                entry.topic,
                places[start],
                places[end - 1] + 1,
                entry.weight,
            )
        )
        free = end
    return found
