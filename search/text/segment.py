"""Chinese text into words and index tokens. The only place that knows a segmenter. No Django here.

What is indexed hardly depends on how a sentence was cut: every character and every pair of
neighbours is a token, so any part of a text can be found; dictionary words of three and more
characters are added because a whole word says more than its pairs.

Words are cut by rjieba, jieba's algorithm and dictionary in Rust (about fifteen times as fast);
where there is no build of it, by jieba itself. Index and query always use the same one.
"""

import logging
import math
import re
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import chain, pairwise
from pathlib import Path

from search import lexicon
from search.text.normalise import INDEX_LIMIT, normalise

try:
    import rjieba
except ImportError:  # No wheel for this machine: jieba cuts the same words, only slower.
    rjieba = None

#: jieba's dictionary: a word, its frequency and its part of speech on each line.
DICTIONARY = Path(find_spec("jieba").origin).with_name("dict.txt")
#: Frequency given to the house's own words: high enough that none is ever cut.
HOUSE_FREQUENCY = 20_000

# Han (with its extensions and 〇々), kana: each character is a unit. Anything else: a run is.
_HAN = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
UNIT = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
RUN = re.compile(r"[^\W_]+")

_lock = threading.Lock()
_cache_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class Cutter:
    """Two ways to cut a text: ``cut(text, discover)`` into one row, ``every(text)`` into all."""

    cut: Callable[[str, bool], list[str]]
    every: Callable[[str], list[str]]


def configure(cache_dir: Path) -> None:
    """Say where jieba may keep its compiled dictionary; call before the first use."""
    global _cache_dir
    _cache_dir = Path(cache_dir)


def cutter(words: lexicon.Lexicon | None = None) -> Cutter:
    """Return the cutter that knows ``words`` (the lexicon in force), made once for each lexicon."""
    words = words or lexicon.current()
    with _lock:
        return _cutter(words)


@lru_cache(maxsize=2)
def _cutter(words: lexicon.Lexicon) -> Cutter:
    return _rust(words) if rjieba else _python(words)


def _rust(words: lexicon.Lexicon) -> Cutter:
    made = rjieba.Jieba()
    for term in words.entries:
        made.add_word(term, HOUSE_FREQUENCY, None)
    return Cutter(cut=made.cut, every=made.cut_all)


def _python(words: lexicon.Lexicon) -> Cutter:
    with warnings.catch_warnings():
        # jieba's patterns are not raw strings, and it asks setuptools for its own files.
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(logging.ERROR)
    logging.getLogger("jieba").propagate = False
    made = jieba.Tokenizer(str(DICTIONARY))
    if _cache_dir:
        _cache_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        made.tmp_dir = str(_cache_dir)
        made.initialize()
    else:  # Nowhere private to write: load straight from the dictionary.
        with DICTIONARY.open("rb") as lines:
            made.FREQ, made.total = made.gen_pfdict(lines)
        made.initialized = True
    for term in words.entries:
        made.add_word(term, HOUSE_FREQUENCY)
    return Cutter(
        cut=lambda text, discover: list(made.cut(text, HMM=discover)),
        every=lambda text: list(made.cut(text, cut_all=True)),
    )


def words(text: str, *, discover: bool = False) -> list[str]:
    """Cut ``text`` into the one most likely row of words; marks and blanks are left out.

    ``discover`` also joins characters into words that no dictionary has (names); the result then
    depends on the sentence, so it is for reading a text, never for matching one.
    """
    cut = cutter().cut(text, discover)
    return [word for word in cut if word.isalnum() or RUN.search(word)]


def cut_with(words: lexicon.Lexicon, text: str) -> list[str]:
    """Cut ``text`` as it would be cut with another lexicon; marks stay, blanks too."""
    return cutter(words).cut(text, False)


def units(run: str) -> list[str]:
    """Split a run of letters into units: Chinese characters, whole Latin words and numbers."""
    return UNIT.findall(run)


def pairs(run_units: list[str]) -> list[str]:
    """Return each two neighbouring units joined: what proves that they stand together."""
    return [a + b for a, b in pairwise(run_units)]


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a text is found by: ``runs`` of units between marks, pairs within runs, long words."""

    runs: list[list[str]]
    pairs: list[str]
    long: list[str]

    @property
    def units(self) -> list[str]:
        return list(chain.from_iterable(self.runs))

    @property
    def every(self) -> list[str]:
        return [*self.units, *self.pairs, *self.long]


def tokens(text: str, limit: int = INDEX_LIMIT) -> Tokens:
    """Return the index tokens of ``text``; its long words in every way it can be cut."""
    found = RUN.findall(normalise(text, limit))
    runs = [units(run) for run in found]
    every = cutter().every
    return Tokens(
        runs=runs,
        pairs=[pair for run in runs for pair in pairs(run)],
        long=[word for run in found for word in long_words(every(run))],
    )


def index_tokens(text: str) -> list[str]:
    """Return the tokens under which ``text`` is found, one after another."""
    return tokens(text).every


def long_words(cut: list[str]) -> list[str]:
    """Return those words of ``cut`` that their pairs do not say already: three units and more."""
    return [word for word in cut if len(word) > 2 and len(units(word)) > 2]


@cache
def dictionary() -> dict[str, tuple[int, str]]:
    """Return jieba's words as {word: (frequency, part of speech)}; about 60 MB, read once."""
    with DICTIONARY.open(encoding="utf-8") as lines:
        return {word: (int(freq), tag) for word, freq, tag in (line.split() for line in lines)}


@cache
def _total() -> int:
    return sum(frequency for frequency, _tag in dictionary().values())


@lru_cache(maxsize=50_000)
def rarity(word: str) -> float:
    """Return how much a word tells, from 0 (everywhere) to about 18 (in no dictionary)."""
    frequency, _tag = dictionary().get(word, (0, ""))
    return math.log(_total() / (frequency + 1))
