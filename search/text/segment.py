"""Chinese text into words and index tokens. The only place that knows jieba. No Django here.

What is indexed does not depend on how a sentence was cut: every character and every pair of
neighbours is a token, so any part of a text can be found; dictionary words of three and more
characters are added because a whole word says more than its pairs.
"""

import logging
import math
import re
import threading
import warnings
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from search import lexicon
from search.text.normalise import INDEX_LIMIT, QUERY_LIMIT, normalise

with warnings.catch_warnings():
    # jieba's patterns are not raw strings, and it asks setuptools for its own files.
    warnings.simplefilter("ignore")
    import jieba

jieba.setLogLevel(logging.ERROR)
logging.getLogger("jieba").propagate = False

DICTIONARY = Path(jieba.__file__).with_name("dict.txt")
#: Frequency given to the house's own words: high enough that none is ever cut.
HOUSE_FREQUENCY = 20_000

# Han (with its extensions and 〇々), kana: each character is a unit. Anything else: a run is.
_HAN = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
UNIT = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
RUN = re.compile(r"[^\W_]+")

_lock = threading.Lock()
_cache_dir: Path | None = None
_tokenizer: jieba.Tokenizer | None = None
_words_from: lexicon.Lexicon | None = None


def configure(cache_dir: Path) -> None:
    """Say where jieba may keep its compiled dictionary; call before the first use."""
    global _cache_dir
    _cache_dir = Path(cache_dir)


def tokenizer() -> jieba.Tokenizer:
    """Return this process's tokenizer, loaded once (1-3 s) and holding the current house words."""
    global _tokenizer, _words_from
    words = lexicon.current()
    if _words_from is words:
        return _tokenizer
    with _lock:
        if _tokenizer is None:
            _tokenizer = _load()
        if _words_from is not words:
            _adopt(_tokenizer, words)
            _words_from = words
    return _tokenizer


def _load() -> jieba.Tokenizer:
    loaded = jieba.Tokenizer(str(DICTIONARY))
    if _cache_dir:
        _cache_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        loaded.tmp_dir = str(_cache_dir)
        loaded.initialize()
    else:  # Nowhere private to write: load straight from the dictionary.
        loaded.FREQ, loaded.total = loaded.gen_pfdict(DICTIONARY.open("rb"))
        loaded.initialized = True
    return loaded


def _adopt(target: jieba.Tokenizer, words: lexicon.Lexicon) -> None:
    gone = set(_words_from.entries) - set(words.entries) if _words_from else ()
    for term in gone:
        target.FREQ[term] = 0
    for term in words.entries:
        if target.FREQ.get(term, 0) < HOUSE_FREQUENCY:
            target.add_word(term, HOUSE_FREQUENCY)
    rarity.cache_clear()


def words(text: str, *, discover: bool = False) -> list[str]:
    """Cut ``text`` into the one most likely row of words; marks and blanks are left out.

    ``discover`` also joins characters into words that no dictionary has (names); the result then
    depends on the sentence, so it is for reading a text, never for matching one.
    """
    return [word for word in tokenizer().cut(text, HMM=discover) if RUN.search(word)]


def units(run: str) -> list[str]:
    """Split a run of letters into units: Chinese characters, whole Latin words and numbers."""
    return UNIT.findall(run)


def pairs(run_units: list[str]) -> list[str]:
    """Return each two neighbouring units joined: what proves that they stand together."""
    return [a + b for a, b in pairwise(run_units)]


def _long_words(run: str, *, full: bool) -> list[str]:
    cut = tokenizer().cut(run, cut_all=True) if full else tokenizer().cut(run, HMM=False)
    return [word for word in cut if len(word) > 2 and len(units(word)) > 2]


def index_tokens(text: str) -> list[str]:
    """Return the tokens under which ``text`` is found: units, neighbouring pairs, long words."""
    return _tokens(normalise(text, INDEX_LIMIT), full=True)


def query_tokens(text: str) -> list[str]:
    """Return the tokens a query is ranked by, each once; of the kinds of ``index_tokens``."""
    return list(dict.fromkeys(_tokens(normalise(text, QUERY_LIMIT), full=False)))


def _tokens(normalised: str, *, full: bool) -> list[str]:
    tokens: list[str] = []
    for run in RUN.findall(normalised):
        run_units = units(run)
        tokens += run_units
        tokens += pairs(run_units)
        tokens += _long_words(run, full=full)
    return tokens


@lru_cache(maxsize=50_000)
def rarity(token: str) -> float:
    """Return how much a token tells, from 0 (everywhere) to about 18 (in no dictionary)."""
    source = tokenizer()
    return math.log(source.total / (source.FREQ.get(token, 0) + 1))
