"""What a reader gets for what he typed: corrected where that helps, and never without saying so."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from search import vocabulary
from search.registry import Filters, Results, Suggestion, source
from search.text import spell

#: A correction takes the place of what was typed when so many times as many stories hold it.
CLEARLY_MORE = 5
#: Words proposed above the titles while somebody types.
COMPLETIONS = 3
ALL = Filters()


@dataclass(frozen=True, slots=True)
class Answer:
    """``query`` is what was searched; ``instead_of`` what was typed, if that is something else.

    ``meant``: what was perhaps meant, only proposed.
    """

    query: str
    results: Results
    instead_of: str = ""
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Suggested:
    """What is proposed for ``typed``: words to search and titles to open, ``said`` what to mark."""

    words: Sequence[str] = ()
    titles: Sequence[Suggestion] = ()
    said: Sequence[str] = ()


def answer(
    query: str,
    filters: Filters = ALL,
    order: str = "relevance",
    offset: int = 0,
    limit: int = 10,
    *,
    exact: bool = False,
    synonyms: bool = True,
) -> Answer:
    """Search for ``query``, or for what it was meant to be; at most seven queries.

    Letters that spell a word are read as the word. A word of the same sound takes the place of what
    was typed only when no story holds that, or clearly fewer do. ``exact``: never anything else.
    """

    def search(text: str) -> Results:
        return source().search(text, filters, order, offset, limit, synonyms=synonyms)

    guesses = spell.Guesses() if exact else spell.guess(query, vocabulary.words_by_sound)
    likely = guesses.likely
    worth = _worth(likely) if likely else 0.0
    if worth > CLEARLY_MORE and (better := search(likely.text)).everywhere:
        return Answer(likely.text, better, instead_of=query)
    typed = search(query)
    if typed.everywhere:
        return Answer(query, typed, meant=likely.text if 1 < worth <= CLEARLY_MORE else "")
    daring = guesses.daring
    if daring and daring != likely and (better := search(daring.text)).everywhere:
        return Answer(daring.text, better, instead_of=query)
    return Answer(query, typed)


def _worth(correction: spell.Correction) -> float:
    """Return how many times as many stories hold what was meant as hold what was typed.

    Word for word: a search also finds stories that hold some of the words, its numbers tell
    nothing. Letters that spell a word are in no story.
    """
    typed = 0 if correction.sure else source().holding([was for was, _now in correction.changes])
    if not typed:
        return math.inf
    return source().holding([now for _was, now in correction.changes]) / typed


def suggest(typed: str, limit: int = 8) -> Suggested:
    """Return what may be meant by the beginning ``typed``; at most four queries.

    Titles have it anywhere; where few have, those that have the likeliest word in its place.
    """
    words = vocabulary.completions(typed, COMPLETIONS)
    titles = list(source().suggest(typed, limit))
    if not words and not titles:
        words = _meant(typed)
    said = [typed, *words[:1]]
    if words and len(titles) < limit - len(words):
        known = {title.url for title in titles}
        titles += [one for one in source().suggest(words[0], limit) if one.url not in known]
    return Suggested(words, titles[: limit - len(words)], said)


def _meant(typed: str) -> list[str]:
    guesses = spell.guess(typed, vocabulary.words_by_sound)
    meant = guesses.likely or guesses.daring
    return [meant.text] if meant else []
