"""One shape for every text that is indexed, asked or compared. No Django here."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

import opencc

#: Characters of one field that are indexed: longer than any law, short enough to be read at once.
INDEX_LIMIT = 200_000
#: Characters of a query that are looked at.
QUERY_LIMIT = 120

# Soft hyphen, zero-width and bidirectional marks, variation selectors, byte order mark.
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Marks that stand on the character before them: more than three scrawl over other lines.
_MARKS = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
HEAPED = re.compile(f"({_MARKS}{{3}}){_MARKS}+")
BLANKS = re.compile(r"\s+")


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def clean(text: str) -> str:
    """Drop what nobody sees and no database stores: NUL, controls, zero-width, lone surrogates."""
    return CONTROL.sub(" ", INVISIBLE.sub("", text))


def one_line(text: str) -> str:
    """Return ``text`` as a name or a title may stand in a page: cleaned, no heaps of marks, single
    blanks and no line breaks. Nothing else is changed."""
    return BLANKS.sub(" ", HEAPED.sub(r"\1", clean(text))).strip()


def normalise(text: str, limit: int = INDEX_LIMIT) -> str:
    """Return ``text`` cut to ``limit`` characters, half width, lower case, simplified Chinese.

    Blanks are single, none at the ends. Two texts that a reader takes for the same come out equal.
    """
    folded = unicodedata.normalize("NFKC", clean(text[:limit])).lower()
    return BLANKS.sub(" ", _converter().convert(folded)).strip()


class _Folded(dict):
    """What each character (by its number) becomes in ``fold``, worked out once."""

    KEPT = 30_000

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", clean(chr(code))).lower()
        if len(self) < self.KEPT:
            self[code] = folded
        return folded


_folded = _Folded()


def fold(text: str) -> tuple[str, Sequence[int]]:
    """Return ``text`` as ``normalise`` compares it, and each character's place in the original.

    Blanks are kept one for one, so that a match can be shown in the original.
    """
    joined = text.translate(_folded)
    simplified = _converter().convert(joined)
    if len(simplified) != len(joined):  # A phrase rule changed the length: keep the places right.
        simplified = "".join(_converter().convert(character)[:1] or " " for character in joined)
    return simplified, _places(text)


def _places(text: str) -> Sequence[int]:
    odd = [character for character in set(text) if len(_folded[ord(character)]) != 1]
    if not odd:
        return range(len(text))
    places: list[int] = []
    at = 0
    for found in re.finditer(f"[{re.escape(''.join(odd))}]", text):
        places += range(at, found.start())
        places += [found.start()] * len(_folded[ord(found[0])])
        at = found.end()
    places += range(at, len(text))
    return places
