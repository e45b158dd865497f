"""What a query asks for: which words must be there, how many of them, and what only ranks."""

from dataclasses import dataclass

from search import lexicon
from search.text import segment
from search.text.normalise import QUERY_LIMIT, normalise

#: A run of up to this many units is one word in its asker's mind: it must stand together.
ONE_WORD = 3
#: Words that may be required; the rarest are kept. Bounds the size of the database's query.
MOST_WORDS = 6
#: From this many units on, a query is a sentence and no longer a list of keywords.
SENTENCE = 9


@dataclass(frozen=True, slots=True)
class Question:
    """``words``: for each word the tokens that together prove it · ``need``: how many words must
    be found · ``rank``: tokens that order what was found."""

    words: tuple[tuple[str, ...], ...]
    need: int
    rank: tuple[str, ...]


def ask(text: str) -> Question | None:
    """Read ``text`` as a question to the index; None when nothing in it can be looked up.

    Keywords must nearly all be found; of a sentence any word will do and the ranking sorts it out:
    with all of its words required, six of seven sentences find nothing.
    """
    normalised = normalise(text, QUERY_LIMIT)
    words: dict[str, tuple[str, ...]] = {}
    dropped = False
    stop_words = lexicon.current().stop_words
    runs = segment.RUN.findall(normalised)
    for run in runs:
        if len(segment.units(run)) <= ONE_WORD and run not in stop_words:
            words[run] = proof(run)
            continue
        for word in _joined(segment.words(run)):
            if word in stop_words:
                dropped = True
            else:
                words[word] = proof(word)
    if not words:  # Nothing but small words: then they are meant.
        words = {run: proof(run) for run in runs}
    if not words:
        return None
    kept = sorted(words, key=_told_by, reverse=True)[:MOST_WORDS]
    sentence = dropped or sum(len(segment.units(run)) for run in runs) >= SENTENCE
    return Question(
        words=tuple(words[word] for word in kept),
        need=_need(len(kept), sentence),
        rank=tuple(segment.query_tokens(normalised)),
    )


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


def proof(text: str) -> tuple[str, ...]:
    """Return the tokens that a text containing ``text`` holds: its pairs, or its only unit."""
    tokens: list[str] = []
    for run in segment.RUN.findall(normalise(text, QUERY_LIMIT)):
        run_units = segment.units(run)
        tokens += segment.pairs(run_units) or run_units
    return tuple(dict.fromkeys(tokens))


def _told_by(word: str) -> float:
    return len(segment.units(word)) * segment.rarity(word)


def _need(count: int, sentence: bool) -> int:
    if sentence:
        return 1
    return count if count <= 2 else (count + 1) // 2
