"""How likely characters are a surname and a given name: logarithms of odds. No Django here.

Given names are counted in the segmenter's dictionary, which marks some forty thousand full names;
how often a character stands elsewhere is counted there too.
"""

import math
from collections import Counter
from functools import cache

from cms.interactions.name_words import COMPOUND, GIVEN_WORDS, PLAIN_WORDS, SHARES
from search import lexicon
from search.text import segment

COMPOUND_ODDS = 5.0
#: Log of how many people have one, two characters after the surname.
LENGTHS = {1: math.log(0.17), 2: math.log(0.83)}
#: Uses that a word needs to be one, where the dictionary marks it as a name as well.
LEAST_USED = 5
#: … and those that make a word a common one.
COMMON = 100
#: Surnames with at least this share make names of two characters that the dictionary knows.
MOST = 0.02
#: A given name that is an ordinary word loses this much; one that often is a name gains.
ORDINARY, USUAL = -3.0, 2.0


@cache
def _elsewhere() -> tuple[Counter, int]:
    """How often each character stands in words that are no names."""
    counts: Counter[str] = Counter()
    for word, (uses, tag) in segment.dictionary().items():
        if not tag.startswith("nr"):
            for character in word:
                counts[character] += uses
    return counts, sum(counts.values())


def _elsewhere_share(character: str) -> float:
    counts, total = _elsewhere()
    return (counts[character] + 50) / total


@cache
def _given() -> dict[str, float]:
    counts: Counter[str] = Counter()
    for word, (_uses, tag) in segment.dictionary().items():
        if tag == "nr" and len(word) == 3 and word[0] in SHARES:
            counts.update(word[1:])
    total = sum(counts.values())
    return {
        character: math.log((count + 0.5) / total / _elsewhere_share(character))
        for character, count in counts.items()
    }


@cache
def surname_odds(surname: str) -> float:
    """Log-odds of ``surname``, one that is in the lists, to be one rather than anything else."""
    if len(surname) == 2:
        return COMPOUND_ODDS
    return math.log(SHARES[surname] / _elsewhere_share(surname))


def given_odds(given: str) -> float:
    """Log-odds of one or two characters to be a given name."""
    odds = LENGTHS[len(given)] + sum(_given().get(character, -4.0) for character in given)
    if given in GIVEN_WORDS:
        return max(odds, 0) + USUAL
    if len(given) == 2 and is_word(given):
        does = segment.dictionary().get(given, (0, ""))[1].startswith("v")
        odds += ORDINARY if does or is_common(given) else ORDINARY / 3
    return odds


def is_word(text: str) -> bool:
    """Whether ``text`` is a word of the language or of the house, not a name."""
    if text in PLAIN_WORDS or text in lexicon.current().entries:
        return True
    if len(text) < 2 or text in COMPOUND:
        return False
    uses, tag = segment.dictionary().get(text, (0, "nr"))
    if tag.startswith("nr"):  # Of two characters and much used, it is mostly no name at all.
        return uses >= COMMON and len(text) == 2 and SHARES.get(text[0], 0) < MOST
    return uses >= (LEAST_USED if len(text) < 4 else 1)


def is_common(text: str) -> bool:
    """Whether ``text`` is a word that people use often."""
    uses, _tag = segment.dictionary().get(text, (0, ""))
    return text in PLAIN_WORDS or (uses >= COMMON and is_word(text))


def is_marked(text: str) -> bool:
    """Whether the dictionary marks ``text`` as a person's name."""
    return segment.dictionary().get(text, (0, ""))[1] in ("nr", "nrfg")
