"""What a disguised text stands for: look-alikes, inserted marks, split characters, sound.

A *view* is the text as one kind of reader takes it, and knows where each of its characters stands
in the folded text (``normalise.fold``). Both the text and the words looked for go through the
same views, so every word finds at least itself. No Django here.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import count, pairwise
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from search.text import sound
from search.text.normalise import fold

DATA = Path(__file__).parent / "data"
WORD = re.compile(r"[^\W_]+")
LATIN = re.compile(r"[a-z]+")
#: 「+微」 says 加微; other plus signs are marks.
PLUSES = "+＋➕✚"
PLUS = re.compile(rf"[{PLUSES}](?=[vwqVWQｖｗｖＶ我微薇威维徽徵卫扣企])")
#: Letters that are said as a syllable: 加v, 傻b; at the end of spelt letters only the first row.
SAID_LAST = {"vx": ("wei", "xin"), "wx": ("wei", "xin"), "v": ("wei",), "w": ("wei",)}
SAID = {**SAID_LAST, "x": ("xin",), "b": ("bi",)}
#: Longer runs of letters are no disguised word.
LONGEST_LATIN = 40
FIRST_CODE = 0xF0000


@dataclass(frozen=True, slots=True)
class View:
    """``text[i]`` stands for ``folded[starts[i]:ends[i]]``."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def _rows(name: str) -> list[list[str]]:
    with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))[1:]


class _Table(dict):
    """For ``str.translate``: what each character becomes, worked out when it is first met."""

    KEPT = 30_000

    def __init__(self, work_out: Callable[[str], str]):
        self._work_out = work_out

    def __missing__(self, code: int) -> str:
        result = self._work_out(chr(code))
        if len(self) < self.KEPT:
            self[code] = result
        return result


# --- What is seen --------------------------------------------------------------------------------


@cache
def lookalikes() -> dict[int, str]:
    """Characters read as another one; only those that folding keeps one for one."""
    return {ord(shown): meant for shown, meant in _rows("lookalikes") if len(fold(shown)[0]) == 1}


def undisguised(text: str) -> str:
    """Return ``text``, as long as before, with look-alikes and a plus that says 加 put right."""
    return PLUS.sub("加", text).translate(_meant)


_meant = _Table(lambda character: lookalikes().get(ord(character), character))


@cache
def _splits() -> tuple[AhoCorasick, list[str]]:
    rows = _rows("splits")
    finder = AhoCorasick([parts for parts, _whole in rows], MatchKind.LeftmostLongest)
    return finder, [whole for _parts, whole in rows]


def seen(text: str) -> View:
    """Return ``text`` with look-alikes read as meant, marks left out, split characters joined."""
    return seen_in(fold(undisguised(text))[0])


def seen_in(folded: str) -> View:
    """``seen`` of a text that is undisguised and folded already."""
    runs = list(WORD.finditer(folded))
    bare = "".join(run[0] for run in runs)
    starts = [place for run in runs for place in range(run.start(), run.end())]
    ends = [place + 1 for place in starts]
    finder, wholes = _splits()
    text: list[str] = []
    begins: list[int] = []
    stops: list[int] = []
    at = 0
    for number, start, end in finder.find_matches_as_indexes(bare):
        text += (bare[at:start], wholes[number])
        begins += starts[at : start + 1]
        stops += ends[at:start]
        stops.append(ends[end - 1])
        at = end
    return View("".join((*text, bare[at:])), begins + starts[at:], stops + ends[at:])


# --- What is heard -------------------------------------------------------------------------------


class _Codes(dict):
    """A private character for each syllable, given out when it is first met."""

    def __missing__(self, syllable: str) -> str:
        return self.setdefault(syllable, chr(FIRST_CODE + next(_numbers)))


def _said_as(character: str) -> str:
    known = sound.is_han(character)
    return _codes[sound.sounds(character)[0]] if known else character


_numbers = count()
_codes = _Codes()
#: Each Chinese character as the code of its first reading.
_heard = _Table(_said_as)


def heard(view: View) -> View:
    """Return ``view`` as read aloud: one private character for each syllable, without its tone.

    Letters that spell syllables become those; other letters and all digits stay.
    """
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for left, right in _spellings(view):
        syllables = spelt(view.text[left:right])
        if not syllables:
            continue
        text.append(view.text[at:left].translate(_heard))
        starts += view.starts[at:left]
        ends += view.ends[at:left]
        for syllable, start, end in syllables:
            text.append(_codes[syllable])
            starts.append(view.starts[left + start])
            ends.append(view.ends[left + end - 1])
        at = right
    text.append(view.text[at:].translate(_heard))
    starts += view.starts[at:]
    ends += view.ends[at:]
    return View("".join(text), starts, ends)


def _spellings(view: View) -> Iterator[tuple[int, int]]:
    """Yield the Latin words of a view; letters that all stand apart (s h a) are one word."""
    for run in LATIN.finditer(view.text):
        cuts = [run.start()]
        cuts += [
            i for i in range(*run.span()) if i > cuts[0] and view.starts[i] != view.ends[i - 1]
        ]
        cuts.append(run.end())
        if len(cuts) == len(run[0]) + 1:
            yield run.span()
        else:
            yield from pairwise(cuts)


@lru_cache(maxsize=4096)
def spelt(letters: str) -> tuple[tuple[str, int, int], ...]:
    """Return ``letters`` as (syllable, start, end), the fewest that spell all of them; or ().

    ``v``, ``vx`` and such may stand for what they are said for.
    """
    if len(letters) > LONGEST_LATIN:
        return ()
    if letters in SAID:
        return _said(letters, 0)
    spelling = _fewest(letters)
    for tail in SAID_LAST:
        body = letters.removesuffix(tail)
        if not spelling and body != letters and (start := _fewest(body)):
            return start + _said(tail, len(body))
    return spelling


def _said(letters: str, start: int) -> tuple[tuple[str, int, int], ...]:
    return tuple((said, start + i, start + i + 1) for i, said in enumerate(SAID[letters]))


def _fewest(letters: str) -> tuple[tuple[str, int, int], ...]:
    best: dict[int, tuple[tuple[str, int, int], ...]] = {0: ()}
    for start in range(len(letters)):
        if start not in best:
            continue
        for end in sound.syllable_ends(letters, start):
            way = (*best[start], (letters[start:end], start, end))
            if end not in best or len(way) < len(best[end]):
                best[end] = way
    return best.get(len(letters), ())
