"""The words that say what a text is about. No Django here.

Frequency × rarity × part of speech; words of the title count for more; names in 《》 are taken
whole; words that keep standing side by side become one.
"""

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise

from search import lexicon
from search.text import segment
from search.text.normalise import clean

TITLE_TIMES = 4
#: Characters read: what a long text is about, it says early.
READ = 8_000
#: Two words become one when they stand together this often, and at least in this share of the
#: places where the commoner of the two stands.
TOGETHER = 2
COHESION = 0.5
LONGEST = 10
#: What is left of the parts' own score beside the joined word.
PART_REST = 0.7
#: Rarity is trusted up to here: beyond, a word is rather a slip of the segmenter than rare.
RAREST = 13.0
#: How far the house's own words are lifted.
HOUSE_LIFT = 1.5

NAMED = re.compile(r"《([^《》]{2,20})》")
NUMBER = re.compile(r"[\d.%]+")
#: Numbers that are words.
KEPT_NUMBERS = frozenset({"12351", "12333", "12345", "996"})

# Parts of speech by the first letters of jieba's tag; the longest tag listed wins.
SPEECH = {
    "n": 1.0,
    "nr": 1.6,
    "nrt": 1.6,
    "nrfg": 1.6,
    "ns": 1.2,
    "nt": 1.3,
    "nz": 1.5,
    "ng": 0.3,
    "v": 0.35,
    "vn": 0.8,
    "a": 0.3,
    "an": 0.5,
    "ad": 0.1,
    "j": 1.0,
    "l": 0.7,
    "i": 0.4,
    "b": 0.4,
    "s": 0.4,
    "z": 0.3,
    "x": 1.0,
    "": 1.3,
}
OTHER_SPEECH = 0.1
#: Letters and digits (brands, abbreviations) and words no dictionary has.
LATIN = 1.3


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word of a text and why it was chosen: the product of ``parts`` is the score."""

    word: str
    parts: dict[str, float]

    @property
    def score(self) -> float:
        return math.prod(self.parts.values())


@cache
def _tags() -> dict[str, str]:
    """Part of speech of each dictionary word, read once when keywords are first asked for."""
    with segment.DICTIONARY.open(encoding="utf-8") as lines:
        return {word: tag for word, _freq, tag in (line.split() for line in lines)}


def keywords(title: str, text: str, top: int = 8) -> list[Keyword]:
    """Return the ``top`` keywords, the best first; scores compare within one text only.

    Words come out as written (half width). Small words, single characters, dates and bare numbers
    never do.
    """
    title, text = _readable(title), _readable(text[:READ])
    runs_of_title, runs_of_text = _runs(title), _runs(text)
    words_of_title = set(chain.from_iterable(runs_of_title))
    counts = Counter(chain.from_iterable(runs_of_text))
    counts.update(words_of_title)

    scores = {
        word: _worth(count, word) * (TITLE_TIMES if word in words_of_title else 1)
        for word, count in counts.items()
        if _may_be_keyword(word)
    }
    best = max(scores.values(), default=1.0)
    for name, count in Counter(NAMED.findall(f"{title}\n{text}")).items():
        scores[name] = max(scores.get(name, 0.0), best * min(0.6 + 0.1 * count, 1.0))
    _merge(scores, counts, runs_of_title + runs_of_text)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return [Keyword(word, {"score": round(score, 4)}) for word, score in ranked[:top]]


def _runs(text: str) -> list[list[str]]:
    """Cut ``text`` into words, a list for each stretch between two marks."""
    return [segment.words(run, discover=True) for run in segment.RUN.findall(text)]


def _readable(text: str) -> str:
    return unicodedata.normalize("NFKC", clean(text))


def _may_be_keyword(word: str) -> bool:
    if len(word) < 2 or word.lower() in lexicon.current().stop_words:
        return False
    return word in KEPT_NUMBERS or not NUMBER.match(word)


def _worth(count: float, word: str) -> float:
    worth = math.sqrt(count) * min(segment.rarity(word), RAREST) * _speech(word)
    return worth * HOUSE_LIFT if word in lexicon.current().entries else worth


def _speech(word: str) -> float:
    if word.isascii():
        return LATIN
    if word in lexicon.current().entries:
        return SPEECH["n"]
    tag = _tags().get(word, "")
    return SPEECH.get(tag, OTHER_SPEECH)


def _merge(scores: dict[str, float], counts: Counter, runs: list[list[str]]) -> None:
    """Put what two neighbours are together in place of the two, if it recurs.

    The house's own words are whole already.
    """
    together = Counter(chain.from_iterable(pairwise(run) for run in runs))
    for (left, right), count in together.most_common():
        if count < TOGETHER:
            break
        if count < COHESION * max(counts[left], counts[right]):
            continue
        joined = left + right
        if left not in scores or right not in scores or len(joined) > LONGEST:
            continue
        if not (_joins(left) and _joins(right)):
            continue
        scores[joined] = max(scores[left], scores[right])
        for part in (left, right):
            scores[part] *= PART_REST


def _joins(word: str) -> bool:
    house = word in lexicon.current().entries
    return not house and _tags().get(word, "n")[0] in "nvjbxl"
