"""Where a text speaks of the house's words. No Django here."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from search import lexicon
from search.lexicon import Entry, Lexicon
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


@lru_cache(maxsize=2)
def _by_first(words: Lexicon) -> dict[str, list[tuple[str, Entry]]]:
    """For each first character the words that begin with it, the longest first."""
    found: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
    for entry in words.entries.values():
        folded, _places = fold(entry.term)
        if folded:
            found[folded[0]].append((folded, entry))
    for candidates in found.values():
        candidates.sort(key=lambda candidate: -len(candidate[0]))
    return dict(found)


def find_terms(text: str) -> list[Match]:
    """Return the lexicon's words in ``text`` from left to right; of several, the longest.

    Width, case and traditional forms do not matter. Latin words and numbers match whole only.
    """
    by_first = _by_first(lexicon.current())
    folded, places = fold(text)
    found: list[Match] = []
    at = 0
    while at < len(folded):
        hit = next(
            (
                (term, entry)
                for term, entry in by_first.get(folded[at], ())
                if folded.startswith(term, at) and _stands_alone(folded, at, at + len(term))
            ),
            None,
        )
        if hit is None:
            at += 1
            continue
        term, entry = hit
        end = at + len(term)
        found.append(
            Match(
                entry.term,
                entry.canonical,
                entry.topic,
                places[at],
                places[end - 1] + 1,
                entry.weight,
            )
        )
        at = end
    return found


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (_glued(text, start) or _glued(text, end))


def _glued(text: str, at: int) -> bool:
    """Whether a Latin word or a number runs across ``at``."""
    around = text[at - 1 : at + 1] if at else ""
    return len(around) == 2 and around.isascii() and around.isalnum()
