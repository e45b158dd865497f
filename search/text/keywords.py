"""The words that say what a text is about, and why each was chosen. No Django here.

A candidate's score is the product of its parts (``PARTS``), each a plain rule that a reader can
follow. Nothing was trained and nothing depends on other texts: the same text under the same lexicon
always gives the same words.
"""

import math
import re
import unicodedata
from dataclasses import dataclass

from search import lexicon
from search.text import segment
from search.text.normalise import clean
from search.text.phrases import Candidate, Passage

#: What a score is made of, in the order of ``Keyword.parts``.
PARTS = ("frequency", "rarity", "speech", "title", "position", "length", "unity", "marks", "house")

#: Characters read: what a long text is about, it says early.
READ = 8_000
#: Where to look or write to is no matter of the text.
ADDRESS = re.compile(r"https?://[!-~]+|www\.[!-~]+|[\w.+-]{1,64}@[\w.-]+", re.ASCII)
#: A place inside a longer phrase that recurs is hardly a place of the word's own.
INSIDE = 0.8
#: Rarity is trusted up to here; words that no dictionary has, and phrases, are as rare.
RAREST = 13.0
#: Words of the title count this much more; and so much more again if the text takes them up.
IN_TITLE, TAKEN_UP = 3.0, 1.3
#: Where a word of the text counts half: so many characters after the beginning.
HALF_WAY = 50
#: By characters: two say less than three; from six on it is rather a clause than a word.
LENGTHS = {2: 0.4, 6: 0.7, 7: 0.7}
LONG = 0.5
#: A phrase said only once; each word of a phrase after the second.
SAID_ONCE, EACH_MORE = 0.4, 0.7
#: What stands in 《》; and what is neither word nor phrase without them.
MARKED, ONLY_MARKED = 5.0, 1.5
#: How far a word of the house of full weight is lifted.
HOUSE_LIFT = 0.7

#: What a kind of word is worth as a keyword.
SPEECH = {
    "person": 1.5,
    "place": 1.5,
    "house": 1.0,
    "noun": 1.0,
    "latin": 1.0,
    "unknown": 0.7,
    "morpheme": 0.7,
    "deed": 0.5,
    "verb": 0.5,
    "adjective": 0.5,
    "other": 0.25,
}
#: What closes a phrase well; others make it half as good.
CLOSING = frozenset({"noun", "house", "deed", "place", "morpheme", "latin"})
OTHER_CLOSING = 0.5


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word of a text and why it was chosen: its score is the product of its ``parts``."""

    word: str
    parts: dict[str, float]

    @property
    def score(self) -> float:
        return math.prod(self.parts.values())


def keywords(title: str, text: str, top: int = 8) -> list[Keyword]:
    """Return the ``top`` keywords, the best first; scores compare within one text only.

    Words come out as written (half width). Small words, single characters, dates and bare numbers
    never do. Without a title (a comment) the beginning of the text stands for it.
    """
    passage = Passage(_readable(title), _readable(text))
    found = [
        Keyword(word, _parts(word, candidate, passage))
        for word, candidate in passage.candidates.items()
    ]
    found.sort(key=lambda one: (-one.score, one.word))
    return _distinct(found, passage, top)


def _distinct(ranked: list[Keyword], passage: Passage, top: int) -> list[Keyword]:
    """Leave out what is said more than once and never outside a better keyword."""
    chosen: list[Keyword] = []
    for keyword in ranked:
        if len(chosen) >= top:
            break
        times = passage.text.count(keyword.word)
        if times == 1 or not any(
            keyword.word in better.word and passage.text.count(better.word) >= times
            for better in chosen
        ):
            chosen.append(keyword)
    return chosen


def _readable(text: str) -> str:
    whole = unicodedata.normalize("NFKC", clean(text[:READ]))[:READ]
    return ADDRESS.sub(" ", whole).strip()


def _parts(word: str, candidate: Candidate, passage: Passage) -> dict[str, float]:
    return {
        "frequency": _frequency(candidate),
        "rarity": _rarity(word, candidate),
        "speech": _speech(candidate),
        "title": _title(candidate, passage),
        "position": _position(candidate, passage),
        "length": _length(word),
        "unity": _unity(candidate, passage),
        "marks": _marks(word, candidate, passage),
        "house": _house(word),
    }


def _frequency(candidate: Candidate) -> float:
    times = len(candidate.starts)
    return times - INSIDE * min(candidate.inside, times)


def _rarity(word: str, candidate: Candidate) -> float:
    return min(segment.rarity(word), RAREST) if len(candidate.words) == 1 else RAREST


def _speech(candidate: Candidate) -> float:
    if len(candidate.kinds) == 1:
        return SPEECH[candidate.kinds[0]]
    closed = not candidate.kinds or candidate.kinds[-1] in CLOSING
    return 1.0 if closed else OTHER_CLOSING


def _title(candidate: Candidate, passage: Passage) -> float:
    if candidate.starts[0] >= passage.head:
        return 1.0
    return IN_TITLE * TAKEN_UP if candidate.starts[-1] > passage.head else IN_TITLE


def _position(candidate: Candidate, passage: Passage) -> float:
    start = candidate.starts[0]
    if start < passage.head:
        return 1 - start / passage.head / 2
    return HALF_WAY / (HALF_WAY + start - passage.head)


def _length(word: str) -> float:
    return LENGTHS.get(len(word), 1.0 if len(word) < 8 else LONG)


def _unity(candidate: Candidate, passage: Passage) -> float:
    """How firmly a phrase holds together, and how freely the words around it change."""
    if len(candidate.words) < 2:
        return 1.0
    counts = [passage.counts[word] for word in candidate.words]
    times = len(candidate.starts)
    together = min(times / math.sqrt(min(counts) * max(counts)), 1.0)
    unity = math.sqrt(together * candidate.freedom) * EACH_MORE ** (len(candidate.words) - 2)
    return unity * SAID_ONCE if times == 1 else unity


def _marks(word: str, candidate: Candidate, passage: Passage) -> float:
    if word not in passage.named:
        return 1.0
    return MARKED if candidate.words else ONLY_MARKED


def _house(word: str) -> float:
    entry = lexicon.current().entries.get(word)
    return 1 + HOUSE_LIFT * entry.weight if entry else 1.0
