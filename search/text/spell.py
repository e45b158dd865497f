"""What somebody meant who typed by sound: pinyin, half pinyin, a word of the same sound.

No Django here. The words to choose from come from a ``look_up``; nothing else is ever proposed, and
a word that it knows is never changed.

The text is read as the cheapest row of pieces. A piece stays as it is (cheap if it is a word, dear
if it is none) or gives way to a word that sounds the same (dearer the further it is off).
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from search import lexicon
from search.text import segment
from search.text.normalise import QUERY_LIMIT, normalise
from search.text.sound import is_han, is_spelt, letters, rough, sounds, splits, syllable_ends

#: Characters that are read; the rest of a longer text stays as it is.
READ = 40
#: Syllables of the longest word that is looked for.
LONGEST_WORD = 8
#: Characters of a query in which two may be a slip. In a sentence two strange characters are rather
#: a name, and for any two there is a word that sounds like them.
SHORT = 6
#: Letters that may stand for the syllables they begin (gzbt).
FEWEST_INITIALS, MOST_INITIALS = 3, 8

# What a piece costs. They only matter beside each other; the comments say what each decides.
KNOWN = 1.0  # A row of two known words costs more than one word that sounds like both together.
GENERAL = 1.2  # In the dictionary, but not on this site: left alone.
STRANGE = 1.5  # One character or syllable that is no word: two of them are dearer than a change.
CHANGE = 1.6  # More than KNOWN: a known word is never changed.
SPELT = 1.2  # Letters that spell a word: nobody means the letters.
BEGUN = 1.4  # Letters that begin the syllables of a word.
ROUGHLY = 0.4  # The sound is only nearly the same.
EACH = 0.1  # For each character that differs.
COMMON = 0.02  # Times the logarithm of the number of documents: of like words the commoner.


@dataclass(frozen=True, slots=True)
class Word:
    """One word that a search can find, in how many documents, and how it sounds."""

    text: str
    documents: int
    sound: str
    initials: str


#: Given rough sounds and initials, the words that have one of them.
LookUp = Callable[[set[str], set[str]], Iterable[Word]]


@dataclass(frozen=True, slots=True)
class Correction:
    """``text`` as it was probably meant; ``changes``: (as typed, as meant).

    ``sure``: only letters that spell a word were read as that word.
    """

    text: str
    changes: tuple[tuple[str, str], ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class Guesses:
    """``likely``: slips, and letters that spell words · ``daring``: a word that sounds like the
    whole but need not have a character in common; for what finds nothing.
    """

    likely: Correction | None = None
    daring: Correction | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    was: str
    now: str
    spelt: bool = False


#: Where a part ends, what it costs, and the part.
_Offer = tuple[int, float, _Part]


@dataclass(slots=True)
class _Known:
    by_key: dict[str, list[Word]] = field(default_factory=dict)
    by_initials: dict[str, list[Word]] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)


def guess(text: str, look_up: LookUp) -> Guesses:
    """Return what ``text`` was meant to say, from one call of ``look_up``; never raises."""
    typed = letters(normalise(text, QUERY_LIMIT))
    read, rest = typed[:READ], typed[READ:]
    pieces = _pieces(read)
    begun = _initials(read)
    if not pieces and not begun:
        return Guesses()
    known = _known(
        look_up({rough(key) for piece in pieces for key in piece.keys}, set(begun.values()))
    )
    short = sum(map(is_han, typed)) <= SHORT
    likely = _correction(_cheapest(read, pieces, begun, known, short=short), rest)
    return Guesses(likely, _daring(typed, pieces, known) if short else None)


def keys_of(text: str) -> list[str]:
    """Return the sounds of a text of characters and letters as one word, or [] if it has none.

    The letters may break off within a syllable.
    """
    found = [""]
    for character in letters(normalise(text, READ)):
        if is_han(character):
            heard = sounds(character)
            found = [key + one for key in found for one in heard][: len(found) + 3]
        elif character.isascii() and character.isalpha():
            found = [key + character for key in found]
        elif character not in " '":
            return []
    return [key for key in found if key]


# --- Reading the text ---------------------------------------------------------------------------


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _run(text: str, start: int) -> str:
    """Return the letters that stand from ``start`` on, or nothing."""
    end = start
    while end < len(text) and _is_letter(text[end]):
        end += 1
    return text[start:end]


def _steps(text: str) -> list[list[int]]:
    """For each place the ends of the characters or syllables that may begin there."""
    steps: list[list[int]] = [[] for _character in text]
    at = 0
    while at < len(text):
        run = _run(text, at)
        if is_han(text[at]):
            steps[at] = [at + 1]
        good = splits(run)
        for place in good - {len(run)} if 0 in good else ():
            steps[at + place] = [at + end for end in syllable_ends(run, place) if end in good]
        at += len(run) or 1
    return steps


def _next(text: str, at: int) -> int:
    """Skip the blank or apostrophe beside a syllable; one between two characters parts words."""
    skips = 0 < at < len(text) - 1 and text[at] in " '"
    return at + 1 if skips and (_is_letter(text[at - 1]) or _is_letter(text[at + 1])) else at


def _pieces(text: str) -> list[_Piece]:
    """Return every part that could be one word, with its possible sounds."""
    steps = _steps(text)
    pieces = []
    for start in range(len(text)):
        places: dict[int, set[str]] = {start: {""}}
        ends: dict[int, set[str]] = {}
        for _count in range(LONGEST_WORD):
            further: dict[int, set[str]] = {}
            for place, keys in places.items():
                begin = _next(text, place) if place > start else place
                for end in steps[begin] if begin < len(text) else ():
                    part = text[begin:end]
                    heard = sounds(part)[0] if is_han(part[0]) else part
                    more = {key + heard for key in keys}
                    further.setdefault(end, set()).update(more)
                    ends.setdefault(end, set()).update(more)
            places = further
        pieces += [
            _Piece(start, end, text[start:end], tuple(sorted(keys))) for end, keys in ends.items()
        ]
    return pieces


def _initials(text: str) -> dict[int, str]:
    """Return, by their place, rows of letters that may be the first of each syllable."""
    found, at = {}, 0
    while at < len(text):
        run = _run(text, at)
        if FEWEST_INITIALS <= len(run) <= MOST_INITIALS and not is_spelt(run):
            found[at] = run
        at += len(run) or 1
    return found


def _known(words: Iterable[Word]) -> _Known:
    known = _Known()
    for word in words:
        known.by_key.setdefault(rough(word.sound), []).append(word)
        known.by_initials.setdefault(word.initials, []).append(word)
        known.texts.add(word.text)
    return known


# --- Choosing -----------------------------------------------------------------------------------


def _correction(parts: Iterable[_Part], rest: str) -> Correction | None:
    changed = [part for part in parts if part.was != part.now]
    if not changed:
        return None
    return Correction(
        text=_joined(parts) + rest,
        changes=tuple((part.was, part.now) for part in changed),
        sure=all(part.spelt for part in changed),
    )


def _daring(typed: str, pieces: list[_Piece], known: _Known) -> Correction | None:
    whole = next((piece for piece in pieces if piece.text == typed), None)
    if whole is None or _is_known(typed, known) or not all(map(is_han, typed)):
        return None
    words = [
        word
        for key in whole.keys
        for word in known.by_key.get(rough(key), ())
        if word.sound == key and len(word.text) == len(typed)
    ]
    if not words:
        return None
    word = max(words, key=lambda word: (word.documents, word.text))
    return Correction(word.text, ((typed, word.text),), sure=False)


def _joined(parts: Iterable[_Part]) -> str:
    """Join what was meant; letters that stayed letters keep their distance from new words."""
    text, end_is_new = "", False
    for part in parts:
        new = part.was != part.now
        if text and (new or end_is_new) and _meet(text[-1], part.now[0]):
            text += " "
        text += part.now
        end_is_new = new
    return text


def _meet(left: str, right: str) -> bool:
    return " " not in (left, right) and _is_letter(left) != _is_letter(right)


def _cheapest(text, pieces, begun, known, *, short) -> tuple[_Part, ...]:
    """Return the parts of the cheapest reading of the whole text."""
    general = {word for word in segment.words(text) if len(word) > 1 and is_han(word[0])}
    by_start: dict[int, list[_Piece]] = {}
    for piece in pieces:
        by_start.setdefault(piece.start, []).append(piece)
    best: list[tuple[float, tuple[_Part, ...]] | None] = [(0.0, ()), *[None] * len(text)]
    for at in range(len(text)):
        if best[at] is None:
            continue
        spent, parts = best[at]
        offers = [_as_it_is(text, at, known), *_abbreviated(text, at, begun, known)]
        for piece in by_start.get(at, ()):
            offers += _offers(piece, general, known, short)
        for end, cost, part in offers:
            if best[end] is None or spent + cost < best[end][0] - 1e-9:
                best[end] = spent + cost, (*parts, part)
    return best[-1][1]


def _offers(piece: _Piece, general: set[str], known: _Known, short: bool) -> list[_Offer]:
    """Return what may be made of one piece; of a known word nothing but itself."""
    same = _Part(piece.text, piece.text)
    if _is_known(piece.text, known):
        return [(piece.end, KNOWN, same)]
    offers = [(piece.end, GENERAL, same)] if piece.text in general else []
    if found := _nearest(piece, known, short):
        word, cost = found
        offers.append(
            (piece.end, cost, _Part(piece.text, word.text, _keeps(piece.text, word.text)))
        )
    return offers


def _abbreviated(text: str, at: int, begun: dict[int, str], known: _Known) -> list[_Offer]:
    run = begun.get(at, "")
    words = () if _is_known(run, known) else known.by_initials.get(run, ())
    if not words:
        return []
    word = max(words, key=lambda word: (word.documents, word.text))
    return [(at + len(run), BEGUN, _Part(run, word.text))]


def _as_it_is(text: str, at: int, known: _Known) -> _Offer:
    """Return how far what stands at ``at`` goes when nothing is made of it, and its cost."""
    run = _run(text, at)
    if not run:
        small = text[at] in lexicon.current().stop_words
        length, cost = 1, KNOWN if small else STRANGE if is_han(text[at]) else 0.0
    elif _is_known(run, known):
        length, cost = len(run), KNOWN
    else:
        good = splits(run)
        ends = [end for end in syllable_ends(run) if 0 in good and end in good]
        length, cost = max(ends, default=len(run)), STRANGE
    part = text[at : at + length]
    return at + length, cost, _Part(part, part)


def _is_known(text: str, known: _Known) -> bool:
    words = lexicon.current()
    return text in known.texts or text in words.entries or text in words.stop_words


def _nearest(piece: _Piece, known: _Known, short: bool) -> tuple[Word, float] | None:
    """Return the word that is the likeliest to be meant by ``piece``, and what it costs."""
    best = None
    for key in {rough(key): None for key in piece.keys}:
        for word in known.by_key.get(key, ()):
            cost = _distance(piece, word, short)
            if cost is not None and (best is None or (cost, word.text) < (best[1], best[0].text)):
                best = word, cost
    return best


def _distance(piece: _Piece, word: Word, short: bool) -> float | None:
    """Return what it costs to take ``piece`` for ``word``; None if it cannot be meant."""
    typed = piece.text.replace(" ", "").replace("'", "")
    exactly = word.sound in piece.keys
    cost = (0.0 if exactly else ROUGHLY) - COMMON * math.log1p(word.documents)
    if any(map(_is_letter, typed)):
        return SPELT + cost if _keeps(typed, word.text) and not word.text.isascii() else None
    if len(typed) != len(word.text) or not _may_be_slip(typed, word.text, short):
        return None
    kept = sum(one == other for one, other in zip(typed, word.text, strict=True))
    enough = kept >= 1 if exactly else len(typed) > 2 and kept >= len(typed) / 2
    return CHANGE + cost + EACH * (len(typed) - kept) if enough else None


def _may_be_slip(typed: str, word: str, short: bool) -> bool:
    """Whether up to three characters may be ``word`` with a slip in it, and not parts of others."""
    if len(typed) > 3:
        return True
    if word in lexicon.current().entries:
        return short or len(typed) == 3
    return short and not lexicon.current().stop_words.intersection(typed)


def _keeps(typed: str, word: str) -> bool:
    """Whether the characters among the letters stand in ``word`` in the same order."""
    rest = iter(word)
    return all(character in rest for character in typed if is_han(character))
