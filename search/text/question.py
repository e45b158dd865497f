"""What a query asks for: which words must be there, how many of them, and what each token weighs.

Everything a backend needs to know of a query is a ``Question``; no backend reads the text itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from search import lexicon
from search.text import segment
from search.text.match import find_terms
from search.text.normalise import QUERY_LIMIT, normalise

#: A run of up to this many units is one word in its asker's mind: it must stand together.
ONE_WORD = 3
#: Words that may be required, and other words tried for each. Bounds the database's query.
MOST_WORDS = 6
MOST_SYNONYMS = 8
#: Tokens that order what was found; the tokens of whole words are kept first.
MOST_TOKENS = 90
#: From this many units on, a query is a sentence and no longer a list of keywords.
SENTENCE = 9

# What a token weighs in the ranking, by what it is.
ASKED = 1.0
SMALL_WORD = 0.4
LONG_WORD = 0.1
OTHER_WORD = 0.5


@dataclass(frozen=True, slots=True)
class Word:
    """A word asked for. ``proofs``: for it and for each of its synonyms, the tokens that a text
    with that word holds."""

    text: str
    proofs: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """``words`` of which ``need`` must be found, or, for a sentence, any of ``hints``.

    ``weights``: what each token adds to the rank of a text that holds it.
    """

    words: tuple[Word, ...]
    need: int
    hints: tuple[str, ...] = ()
    weights: dict[str, float] = field(default_factory=dict, hash=False)


def ask(text: str, *, synonyms: bool = True) -> Question | None:
    """Read ``text`` as a question to the index; None when nothing in it can be looked up.

    Keywords must nearly all be found; of a sentence any word will do and the ranking sorts it out:
    with all of its words required, six of seven sentences find nothing.
    """
    normalised = normalise(text, QUERY_LIMIT)
    runs = segment.RUN.findall(normalised)
    if not runs:
        return None
    asked, small = _words(runs)
    others = _other_words(normalised) if synonyms else {}
    weights = _weights(runs, small, others)
    long = sum(len(segment.units(run)) for run in runs) >= SENTENCE
    if asked and (small or long):
        return Question((), 1, _hints(asked, others), weights)
    # Nothing but small words: then they are meant.
    kept = sorted(asked or runs, key=lambda word: -len(segment.units(word)))[:MOST_WORDS]
    words = tuple(Word(word, _proofs(word, others)) for word in kept)
    # What must stand together is not ranked by its single characters, unless it is one.
    telling = {token: weight for token, weight in weights.items() if len(token) > 1}
    return Question(words, _need(len(words)), (), telling or weights)


def synonyms_used(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return what ``ask`` also looks for: (word as asked, other words of its meaning)."""
    found = _other_words(normalise(text, QUERY_LIMIT))
    return [(word, others) for word, others in found.items() if others]


def proof(text: str) -> tuple[str, ...]:
    """Return the tokens that a text containing ``text`` holds: its pairs, or its only unit."""
    tokens: list[str] = []
    for run in segment.RUN.findall(normalise(text, QUERY_LIMIT)):
        run_units = segment.units(run)
        tokens += segment.pairs(run_units) or run_units
    return tuple(dict.fromkeys(tokens))


def _words(runs: list[str]) -> tuple[list[str], list[str]]:
    """Return the words that are asked for, and the small words among them."""
    stop_words = lexicon.current().stop_words
    asked: list[str] = []
    small: list[str] = []
    for run in runs:
        if len(segment.units(run)) <= ONE_WORD and run not in stop_words:
            asked.append(run)
            continue
        for word in _joined(segment.words(run)):
            (small if word in stop_words else asked).append(word)
    return list(dict.fromkeys(asked)), list(dict.fromkeys(small))


def _joined(words: list[str]) -> list[str]:
    """Join neighbouring words of one unit: the dictionary lacks what they are together (a name)."""
    joined: list[str] = []
    open_end = False
    for word in words:
        lone = len(segment.units(word)) == 1 and word not in lexicon.current().stop_words
        if lone and open_end:
            joined[-1] += word
        else:
            joined.append(word)
        open_end = lone
    return joined


def _other_words(normalised: str) -> dict[str, tuple[str, ...]]:
    """Return what else each word of the query is called: synonyms, and what a saying means."""
    words = lexicon.current()
    found = {match.term: words.same(match.term) for match in find_terms(normalised)}
    said = [saying for saying in words.sayings if saying in normalised]
    for saying in said:
        if not any(saying != other and saying in other for other in said):
            found[saying] = (*words.sayings[saying], *found.get(saying, ()))
    return {
        term: tuple(word for word in dict.fromkeys(others) if word not in normalised)[
            :MOST_SYNONYMS
        ]
        for term, others in found.items()
    }


def _proofs(word: str, others: dict[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The word itself; and with each of the house's words in it put in its other words."""
    said = [word]
    for term, same in others.items():
        if term in word:
            said += [word.replace(term, other) for other in same]
    return tuple(dict.fromkeys(proof(each) for each in said))


def _hints(asked: list[str], others: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The tokens of which a text must hold one to answer a sentence."""
    words = [*asked, *(word for same in others.values() for word in same)]
    return tuple(dict.fromkeys(token for word in words for token in proof(word)))


def _need(count: int) -> int:
    return count if count <= 2 else (count + 1) // 2


def _weights(
    runs: list[str], small: Iterable[str], others: dict[str, tuple[str, ...]]
) -> dict[str, float]:
    weights: dict[str, float] = {}
    small = frozenset(small)
    for run in runs:
        cut = segment.words(run)
        for word in segment.long_words(cut):
            _raise(weights, word, LONG_WORD)
        for token, weight in _in_a_row(cut, small):
            _raise(weights, token, weight)
    for same in others.values():
        for word in same:
            for token in proof(word):
                _raise(weights, token, OTHER_WORD)
    if len(weights) > MOST_TOKENS:
        kept = sorted(weights.items(), key=lambda item: (-item[1], -len(item[0])))
        weights = dict(kept[:MOST_TOKENS])
    return weights


def _in_a_row(cut: list[str], small: frozenset[str]) -> Iterable[tuple[str, float]]:
    """Yield the units and pairs of a run with their weights: what touches a small word has less."""
    weighed = [
        (unit, SMALL_WORD if word in small else ASKED)
        for word in cut
        for unit in segment.units(word)
    ]
    yield from weighed
    for (left, weight), (right, other) in pairwise(weighed):
        yield left + right, min(weight, other)


def _raise(weights: dict[str, float], token: str, weight: float) -> None:
    weights[token] = max(weights.get(token, 0.0), weight)
