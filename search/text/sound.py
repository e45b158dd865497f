"""How Chinese words sound, in the letters people type for them. No Django here.

A *sound* is pinyin without tones, the syllables joined: 工资 is ``gongzi``. A *rough* sound leaves
out what many speakers do not keep apart (zh/z, ch/c, sh/s, n/l, an/ang, in/ing, en/eng); both are
functions of the joined letters, so it does not matter where one syllable ends.
"""

import unicodedata
from functools import cache, lru_cache
from itertools import islice, product

from pypinyin import lazy_pinyin
from pypinyin.constants import PINYIN_DICT

#: What is tried of one character that stands alone (长 is chang and zhang), and of one word.
READINGS, SOUNDS = 2, 4
LONGEST_SYLLABLE = 6

_ROUGH = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("v", "u"))


@lru_cache(maxsize=10_000)
def _readings(character: str) -> tuple[str, ...]:
    """Return how a character may be read, the commonest first; () for what is not Chinese."""
    marked = PINYIN_DICT.get(ord(character), "")
    return tuple(dict.fromkeys(map(letters, filter(None, marked.split(",")))))


@cache
def _syllables() -> frozenset[str]:
    spoken = {letters(reading) for marked in PINYIN_DICT.values() for reading in marked.split(",")}
    voiced = {syllable for syllable in spoken if set(syllable) & set("aeiouv")}
    return frozenset(voiced | {"lue", "nue"})


def letters(text: str) -> str:
    """Return ``text`` without tone marks; ü is written v, as on a keyboard."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFD", text).replace("u\u0308", "v")
    return unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c)))


def is_han(character: str) -> bool:
    return bool(_readings(character))


def sounds(characters: str) -> list[str]:
    """Return up to SOUNDS ways to read Chinese characters that are no known word."""
    parts = (_readings(character)[:READINGS] for character in characters)
    return ["".join(chosen) for chosen in islice(product(*parts), SOUNDS)]


def spelling(word: str) -> list[str]:
    """Return the syllables of a word as it is read (重庆 is chong qing), in lower case letters."""
    return [letters(part.lower()) for part in lazy_pinyin(word)]


def rough(sound: str) -> str:
    """Return what is left of a sound when near ones are not kept apart."""
    for fine, coarse in _ROUGH:
        sound = sound.replace(fine, coarse)
    return sound


def syllable_ends(typed: str, start: int = 0) -> list[int]:
    """Return where a syllable that begins at ``start`` of the letters ``typed`` may end."""
    reach = min(len(typed), start + LONGEST_SYLLABLE)
    return [end for end in range(start + 1, reach + 1) if typed[start:end] in _syllables()]


def is_spelt(typed: str) -> bool:
    """Whether the letters can be read as whole syllables."""
    return 0 in splits(typed)


def splits(typed: str) -> set[int]:
    """Return the places from which the rest of the letters can be read as whole syllables."""
    good = {len(typed)}
    for start in range(len(typed) - 1, -1, -1):
        if any(end in good for end in syllable_ends(typed, start)):
            good.add(start)
    return good
