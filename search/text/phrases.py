"""What of a text could be a keyword: its words, phrases of neighbouring words, names in 《》.

Nothing is weighed here, that is done in ``keywords``. No Django here.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from search import lexicon
from search.text import segment
from search.text.newwords import SMALL, SURNAMES

#: Up to here a text is short: a phrase need not recur in it, nor stand in the title.
SHORT = 600
#: Words in a phrase, and characters of one, at most.
MOST_WORDS, LONGEST = 4, 12

#: One of these between two words leaves them neighbours: 亚当·斯密, Wi-Fi.
JOINERS = frozenset("·•・-‐")
NAMED = re.compile(r"《(?=[^》]*\w)([^《》\n]{2,20})》")
NUMBER = re.compile(
    r"[\d.零〇一二三四五六七八九十百千万亿两几第]+(?:[年月日号点时分秒岁元块名次个天%]|万|亿)*"
)
#: Said, not meant: 太好了, 是不是啊, 哈哈哈.
SPOKEN = re.compile(r"..+[了吗呢啊呀啦]|(.)\1\1+")
#: Numbers that are words.
KEPT_NUMBERS = frozenset({"12351", "12333", "12345", "996"})

# What a word is, by jieba's tag.
KINDS = {
    **dict.fromkeys(("n", "nz", "l", "j", "s"), "noun"),
    **dict.fromkeys(("nr", "nrt", "nrfg"), "person"),
    **dict.fromkeys(("ns", "nt"), "place"),
    **dict.fromkeys(("g", "ng", "zg"), "morpheme"),
    **dict.fromkeys(("a", "b"), "adjective"),
    "v": "verb",
    "vn": "deed",
    "x": "unknown",
}
#: Tags, by their first letter, of words that only hold a sentence together: adverbs, pronouns,
#: prepositions, measures, particles …
FUNCTION = frozenset("cdefhkmopqruy")
#: Kinds that may be part of a phrase.
JOINING = frozenset(KINDS.values()) | {"house", "latin"}
#: Kinds of words that the segmenter may have cut otherwise elsewhere in the text.
UNSURE = frozenset({"unknown", "person"})
#: Digits that close a name (歼20, 创造101), unless they count something.
CLOSING_DIGITS = re.compile(
    r"\d{1,4}(?![\d.%℃年月日号时点分秒元块万亿千百余多岁个名位人家次天届期度级条项、:~-])"
)


@dataclass(slots=True)
class Candidate:
    """``starts``: places in the text. ``words``: what it is made of, () if cut out by 《》.

    ``inside``: how many of its places lie in one longer phrase that recurs. ``freedom``: the share
    of its places with neighbours of their own, before × after, in 0 … 1.
    """

    starts: list[int]
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    freedom: float = 1.0
    inside: int = 0


class Word(NamedTuple):
    start: int
    end: int
    text: str
    kind: str


def kind_of(word: str) -> str:
    """Return a value of ``KINDS``, or "house", "latin", "number", "small" or "other"."""
    words = lexicon.current()
    if word in words.entries:
        return "house"
    if word.lower() in words.stop_words or SPOKEN.fullmatch(word):
        return "small"
    if NUMBER.fullmatch(word):
        return "number"
    if word.isascii():
        return "latin"
    _frequency, tag = segment.dictionary().get(word, (0, ""))
    if tag:
        return KINDS.get(tag) or ("small" if tag[0] in FUNCTION else "other")
    if len(word) in (2, 3) and word[0] in SURNAMES:
        return "person"
    return "unknown" if SMALL.isdisjoint((word[0], word[-1])) else "small"


class Passage:
    """A text cut into words, with the candidates in it. ``head``: length of the title before it."""

    def __init__(self, title: str, text: str):
        self.head = len(title)
        self.text = f"{title}\n{text}"
        self.brief = len(text) <= SHORT
        self.words = list(self._cut())
        self.counts = Counter(word.text for word in self.words)
        self.named = Counter(NAMED.findall(self.text))

    def _cut(self) -> Iterator[Word]:
        kinds: dict[str, str] = {}
        for run in segment.RUN.finditer(self.text):
            place = run.start()
            for word in segment.words(run.group(), discover=True):
                start = self.text.index(word, place)
                place = start + len(word)
                if word not in kinds:
                    kinds[word] = kind_of(word)
                yield Word(start, place, word, kinds[word])

    @cached_property
    def candidates(self) -> dict[str, Candidate]:
        """All that may be a keyword, as written."""
        found = self._phrases()
        for candidate in list(found.values()):
            if len(candidate.words) > 1 and len(candidate.starts) > 1:
                _mark_inside(found, candidate.words, len(candidate.starts))
        for name, times in self.named.items():
            _mark_inside(found, name, times)
            if name not in found:
                found[name] = Candidate(self._places(name))
        return found

    def _phrases(self) -> dict[str, Candidate]:
        places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for first in range(len(self.words)):
            for last in self._reach(first):
                phrase = self.text[self.words[first].start : self.words[last].end]
                places[phrase].append((first, last))
        return {
            phrase: self._candidate(phrase, where)
            for phrase, where in places.items()
            if self._may_be(phrase, where)
        }

    def _reach(self, first: int) -> Iterator[int]:
        """The places of the words with which a candidate that begins with ``first`` may end."""
        words = self.words
        yield first
        if words[first].kind not in JOINING:
            return
        for last in range(first + 1, min(first + MOST_WORDS, len(words))):
            word, gap = words[last], self.text[words[last - 1].end : words[last].start]
            near = not gap or gap in JOINERS or (gap == " " and self._latin(last - 1, last))
            if not near or word.end - words[first].start > LONGEST:
                return
            if word.kind == "number":
                if CLOSING_DIGITS.match(self.text, word.start):
                    yield last
                return
            if word.kind not in JOINING:
                return
            yield last

    def _latin(self, *places: int) -> bool:
        return all(self.words[place].kind == "latin" for place in places)

    def _may_be(self, phrase: str, where: list[tuple[int, int]]) -> bool:
        """A phrase recurs, or stands in a title or a short text and is no piece of a sentence."""
        first, last = where[0]
        parts = self.words[first : last + 1]
        if first == last:
            known = parts[0].kind not in ("small", "number") or phrase in KEPT_NUMBERS
            return known and len(phrase) > 1
        if len(where) > 1:
            return True
        whole = any(len(part.text) > 1 for part in parts)
        told = parts[-1].kind == "adjective" or any(part.kind == "verb" for part in parts)
        return whole and not told and (self.brief or parts[0].start < self.head)

    def _candidate(self, phrase: str, where: list[tuple[int, int]]) -> Candidate:
        first, last = where[0]
        parts = self.words[first : last + 1]
        sure = first == last and parts[0].kind not in UNSURE
        starts = [self.words[place].start for place, _last in where]
        return Candidate(
            starts=starts if sure else self._places(phrase),
            words=tuple(part.text for part in parts),
            kinds=tuple(part.kind for part in parts),
            freedom=self._freedom(where) if last > first else 1.0,
        )

    def _places(self, phrase: str) -> list[int]:
        places, place = [], self.text.find(phrase)
        while place >= 0:
            places.append(place)
            place = self.text.find(phrase, place + len(phrase))
        return places

    def _freedom(self, where: list[tuple[int, int]]) -> float:
        before = {self._neighbour(first, -1) for first, _last in where}
        after = {self._neighbour(last, 1) for _first, last in where}
        return len(before) * len(after) / len(where) ** 2

    def _neighbour(self, place: int, step: int) -> str | int:
        """The word before or after a place; the place itself where a mark or the edge is."""
        other = place + step
        if not 0 <= other < len(self.words):
            return place
        left, right = sorted((self.words[place], self.words[other]), key=lambda word: word.start)
        return self.words[other].text if left.end == right.start else place


def _mark_inside(found: dict[str, Candidate], units: Sequence[str], times: int) -> None:
    """Note in whatever is part of a phrase of ``units`` that ``times`` of its places are there."""
    size = len(units)
    for first in range(size):
        for last in range(first + 1, size + 1):
            part = found.get("".join(units[first:last]))
            if part and last - first < size:
                part.inside = max(part.inside, times)
