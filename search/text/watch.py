"""Where a text says what moderation looks for, in plain words or disguised. No Django here.

A candidate is a watched word in one of the views of ``search.text.disguise``. It counts when the
text is more likely meant so than read as it stands: the words that stand there, by how rare they
are, against the watched word and what its disguise costs. 「增加威信」 is read as it stands;
「加威信聊」 is not. The further a disguise goes from the word, the more it costs.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from ahocorasick_rs import AhoCorasick

from search import lexicon
from search.lexicon import Lexicon, Watch
from search.text import segment
from search.text.automaton import PerLexicon, glued
from search.text.contacts import contacts_in
from search.text.disguise import PLUSES, WORD, View, heard, lookalikes, seen, seen_in, undisguised
from search.text.hit import Hit, Way
from search.text.normalise import fold

WAYS = list(Way)
DISGUISED = frozenset({Way.SPLIT, Way.LOOKALIKE, Way.PINYIN, Way.SOUND})
#: What a watched word is taken to cost (see ``segment.rarity``), and each disguised character.
TERM_COST = 11.0
COSTS = {
    Way.PLAIN: 0.0,
    Way.FORM: 0.0,
    Way.INSERTED: 1.0,
    Way.SPLIT: 2.0,
    Way.LOOKALIKE: 2.0,
    Way.PINYIN: 2.0,
    Way.SOUND: 5.0,
}
#: Two characters sound like many things: one must stand as it is, the other costs more.
SHORT_SOUND = 4.0
#: What a mark costs that may stand for a character (❤, ➕) when it stands for none.
MARK_COST = 8.0
#: Characters that may stand in one gap of a word, and those that part sentences.
LONGEST_GAP = 6
PARTING = re.compile(r"[，。！？；、：…,!?;:\n\r]")
SENTENCE_END = re.compile(r"[。！？!?；;\n]")
#: How far, within one sentence, an open context (「警惕…」, 「…被抓」) reaches and the words of a
#: term (「贷款…秒放」) may stand apart.
REACH = 30
OPEN = "…"
#: Where a word may stand, and as what: the characters of a view.
_Place = tuple[int, int]
_Candidate = tuple[View, range]
#: What is done by saying it: no context that speaks of such deeds makes it well meant.
DONE_BY_SAYING = {"辱骂", "引流"}


@dataclass(frozen=True, slots=True, eq=False)
class _Word:
    """One text that is looked for, a whole term or a part of one: folded, as seen, as heard."""

    folded: str
    seen: View
    heard: View

    def meant(self, cells: int) -> list[str]:
        """What each of the characters of the view that has so many ``cells`` stands for."""
        view = self.seen if len(self.seen.text) == cells else self.heard
        return [self.folded[start:end] for start, end in zip(view.starts, view.ends, strict=True)]


class _Finder:
    """One automaton over the texts of many words; several words may have one text."""

    def __init__(self, words: Iterable[tuple[str, _Word]]):
        found: dict[str, list[_Word]] = {}
        for text, word in words:
            found.setdefault(text, []).append(word)
        self._automaton = AhoCorasick(list(found))
        self._words = list(found.values())

    def find(self, text: str) -> Iterator[tuple[_Word, int, int]]:
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for word in self._words[number]:
                yield word, start, end


class _Watched:
    """What of a lexicon is looked for, ready for each view of a text.

    A term 「贷款…秒放」 has two words; they count when they follow each other in one sentence. A
    single character is looked for as it stands only.
    """

    def __init__(self, lexicon: Lexicon):
        words: dict[str, _Word] = {}
        self.terms: list[tuple[Watch, list[_Word]]] = []
        for watch in lexicon.watch.values():
            own = [_word(part, words) for part in watch.term.split(OPEN) if seen(part).text]
            if own:
                self.terms.append((watch, own))
        #: The first word of a term → the numbers of such terms: most texts hold none of them.
        self.begun_by: dict[_Word, list[int]] = defaultdict(list)
        for number, (_watch, own) in enumerate(self.terms):
            self.begun_by[own[0]].append(number)
        longer = [word for word in words.values() if len(word.seen.text) > 1]
        self.plain = _Finder(words.items())
        self.seen = _Finder((word.seen.text, word) for word in longer)
        self.heard = _Finder(
            (word.heard.text, word)
            for word in longer
            if len(word.heard.text) > 1 and not word.folded.isascii()
        )
        self.around = _contexts(term for term in lexicon.allow if OPEN not in term)
        self.before = _contexts(term for term in lexicon.allow if term.endswith(OPEN))
        self.behind = _contexts(term for term in lexicon.allow if term.startswith(OPEN))


def _word(text: str, words: dict[str, _Word]) -> _Word:
    folded = fold(text)[0]
    if folded not in words:
        view = seen(text)
        words[folded] = _Word(folded, view, heard(view))
    return words[folded]


def _contexts(terms: Iterable[str]) -> AhoCorasick:
    folded = [fold(term.strip(OPEN))[0] for term in terms]
    return AhoCorasick([text for text in folded if text])


_watched = PerLexicon(_Watched)


def find_watched(text: str, words: Lexicon | None = None) -> list[Hit]:
    """Return what moderation looks for in ``text``, from left to right; no two overlap.

    Of overlapping ones the longest counts, of two readings of one place the least disguised. A
    word within one of the lexicon's allowed contexts is no hit. ``words``: another lexicon than
    the one in force, to see what it would find.
    """
    reading = _Reading(text, _watched(words or lexicon.current()))
    contacts = contacts_in(text, reading.undisguised, reading.places)
    return _apart([*reading.hits(), *contacts])


def _apart(hits: list[Hit]) -> list[Hit]:
    """Leave of overlapping hits the gravest, then the longest written in one piece."""

    def rank(hit: Hit):
        length = hit.end - hit.start
        return (hit.level != "block", OPEN in hit.term, -length, WAYS.index(hit.way), hit.start)

    kept: list[Hit] = []
    for hit in sorted(hits, key=rank):
        at = bisect_right(kept, hit.start, key=lambda other: other.start)
        if (at and kept[at - 1].end > hit.start) or (at < len(kept) and kept[at].start < hit.end):
            continue
        kept.insert(at, hit)
    return kept


class _Reading:
    """One text being read for one lexicon. Places are those of the folded text."""

    def __init__(self, text: str, watched: _Watched):
        self.text, self.watched = text, watched
        self.folded, self.places = fold(text)
        # Look-alikes are put right one for one: its places are those of the text as it stands.
        self.undisguised, _places = fold(undisguised(text))
        self._cuts: dict[int, list[int]] = {}

    def hits(self) -> Iterator[Hit]:
        """Yield every watched word that is meant, also overlapping ones."""
        seen_at: dict[_Word, dict[_Place, list[_Candidate]]] = defaultdict(dict)
        for word, view, cells in self._candidates():
            place = view.starts[cells.start], view.ends[cells.stop - 1]
            seen_at[word].setdefault(place, []).append((view, cells))
        places = {word: sorted(found) for word, found in seen_at.items()}
        ways: dict[tuple[_Word, _Place], Way | None] = {}
        for watch, words in self._begun(places):
            if not all(word in places for word in words):
                continue
            for row in _rows([places[word] for word in words], self._together):
                start, end = row[0][0], row[-1][1]
                if self._allowed(watch, start, end):
                    continue
                for key in zip(words, row, strict=True):
                    if key not in ways:
                        ways[key] = self._way(key[0], key[1], seen_at[key[0]][key[1]])
                found = [ways[key] for key in zip(words, row, strict=True)]
                if None not in found:
                    yield self._hit(watch, start, end, max(found, key=WAYS.index))

    def _begun(self, words: Iterable[_Word]) -> Iterator[tuple[Watch, list[_Word]]]:
        """Yield the terms that begin with one of ``words``, in the order of the lexicon."""
        begun_by = self.watched.begun_by
        for number in sorted(n for word in words for n in begun_by.get(word, ())):
            yield self.watched.terms[number]

    def _way(self, word: _Word, place: _Place, candidates: list[_Candidate]) -> Way | None:
        """Return how ``word`` is written at ``place``, in the plainest view that is meant so."""
        for view, cells in candidates:
            ways = self._ways(word, view, cells)
            if ways and self._is_meant(*place, ways):
                written = self.text[slice(*self._original(*place))]
                as_it_is = Way.PLAIN if written == word.folded else Way.FORM
                return max(*ways, as_it_is, key=WAYS.index)
        return None

    def _candidates(self) -> Iterator[tuple[_Word, View, range]]:
        plain = View(self.folded, range(len(self.folded)), range(1, len(self.folded) + 1))
        as_seen = seen_in(self.undisguised)
        as_heard = heard(as_seen)
        for finder, view in (
            (self.watched.plain, plain),
            (self.watched.seen, as_seen),
            (self.watched.heard, as_heard),
        ):
            for word, start, end in finder.find(view.text):
                yield word, view, range(start, end)

    def _hit(self, watch: Watch, start: int, end: int, way: Way) -> Hit:
        level = "hold" if watch.level == "block" and way in DISGUISED else watch.level
        return Hit(watch.term, watch.category, level, way, *self._original(start, end))

    def _original(self, start: int, end: int) -> tuple[int, int]:
        return self.places[start], self.places[end - 1] + 1

    # --- How it is written ----------------------------------------------------------------------

    def _ways(self, word: _Word, view: View, cells: range) -> list[Way]:
        """Return the way of each character and each gap; [] when it cannot be this word."""
        start, end = view.starts[cells.start], view.ends[cells.stop - 1]
        if glued(self.folded, start) or glued(self.folded, end):
            return []
        gaps = [self.folded[view.ends[i] : view.starts[i + 1]] for i in cells[:-1]]
        if view.text is self.folded:
            return [Way.PLAIN] * len(cells)
        if not _may_part(gaps):
            return []
        ways = [
            self._sign(self.folded[view.starts[i] : view.ends[i]], view.starts[i], meant)
            for i, meant in zip(cells, word.meant(len(cells)), strict=True)
        ]
        return ways + [Way.INSERTED for gap in gaps if gap]

    def _sign(self, piece: str, at: int, meant: str) -> Way:
        """How one character is written."""
        if piece == meant:
            return Way.PLAIN
        if piece[0].isascii() and piece[0].isalpha():
            return Way.PINYIN
        if len(piece) > 1:
            return Way.SPLIT
        return Way.LOOKALIKE if self.undisguised[at] == meant else Way.SOUND

    # --- Whether it is meant --------------------------------------------------------------------

    def _is_meant(self, start: int, end: int, ways: list[Way]) -> bool:
        """Whether the place is more likely this word, so disguised, than what stands there."""
        left, right = self._word_start(start), self._word_end(end)
        if set(ways) == {Way.PLAIN} and right == end and self._word_start(end - 1) <= start:
            return True  # Words as they stand, or the head of a longer one (大骗子).
        characters = [way for way in ways if way != Way.INSERTED]
        short = len(characters) == 2 and Way.SOUND in characters
        if short and Way.PLAIN not in characters:
            return False
        as_it_stands = self._cost(left, right)
        rest = self._cost(left, start) + self._cost(end, right)
        disguise = sum(COSTS[way] for way in ways) + (SHORT_SOUND if short else 0)
        return rest + TERM_COST + disguise <= as_it_stands

    def _cost(self, start: int, end: int) -> float:
        """How unlikely the words are that stand there; marks that stand for a character too."""
        runs = WORD.findall(self.folded, start, end)
        marks = WORD.sub("", self.folded[start:end])
        return sum(segment.rarity(word) for run in runs for word in segment.words(run)) + sum(
            MARK_COST for mark in marks if ord(mark) in lookalikes() or mark in PLUSES
        )

    def _word_start(self, at: int) -> int:
        cuts = self._cuts_round(at)
        return cuts[bisect_right(cuts, at) - 1]

    def _word_end(self, at: int) -> int:
        cuts = self._cuts_round(at - 1)
        return cuts[bisect_left(cuts, at)]

    def _cuts_round(self, at: int) -> list[int]:
        """Return where the words of the run round ``at`` begin, and where the last one ends."""
        starts, ends = self._runs
        number = bisect_right(starts, at) - 1
        start, end = (starts[number], ends[number]) if number >= 0 else (0, 0)
        if at >= end:  # A mark that stands for a character, such as a heart.
            return [at, at + 1]
        if number not in self._cuts:
            words = segment.words(self.folded[start:end])
            self._cuts[number] = list(accumulate(map(len, words), initial=start))
        return self._cuts[number]

    @cached_property
    def _runs(self) -> tuple[list[int], list[int]]:
        spans = [run.span() for run in WORD.finditer(self.folded)]
        return [start for start, _end in spans], [end for _start, end in spans]

    # --- Where it is meant well -----------------------------------------------------------------

    def _allowed(self, watch: Watch, start: int, end: int) -> bool:
        starts, reach = self._contexts
        if (number := bisect_right(starts, start)) and reach[number - 1] >= end:
            return True
        if watch.category in DONE_BY_SAYING:
            return False
        before, behind = self._cues
        if (number := bisect_right(before, start)) and self._together(before[number - 1], start):
            return True
        number = bisect_left(behind, start)
        return number < len(behind) and self._together(end, behind[number])

    def _together(self, start: int, end: int) -> bool:
        """Whether two things that end and begin here stand close together in one sentence."""
        return end - start <= REACH and not SENTENCE_END.search(self.folded, start, end)

    @cached_property
    def _contexts(self) -> tuple[list[int], list[int]]:
        """Where allowed contexts begin, and how far those that begin up to there reach."""
        hits = self.watched.around.find_matches_as_indexes(self.folded, overlapping=True)
        spans = sorted((start, end) for _number, start, end in hits)
        return [start for start, _end in spans], list(accumulate((e for _s, e in spans), max))

    @cached_property
    def _cues(self) -> tuple[list[int], list[int]]:
        """Where open contexts before a word end, and where those behind one begin."""
        before = self.watched.before.find_matches_as_indexes(self.folded, overlapping=True)
        behind = self.watched.behind.find_matches_as_indexes(self.folded, overlapping=True)
        return sorted(end for *_, end in before), sorted(start for _, start, _ in behind)


def _rows(
    words: list[list[_Place]], together: Callable[[int, int], bool]
) -> Iterator[list[_Place]]:
    """Yield the rows of places in which the words of a term follow each other closely."""
    for first in words[0]:
        row = [first]
        for places in words[1:]:
            at = bisect_left(places, (row[-1][1],))
            if at == len(places) or not together(row[-1][1], places[at][0]):
                break
            row.append(places[at])
        else:
            yield row


def _may_part(gaps: list[str]) -> bool:
    """Whether marks between the characters of a word may be a disguise, not two sentences.

    Sentence marks only when every gap is filled with the same.
    """
    if any(len(gap) > LONGEST_GAP for gap in gaps):
        return False
    if not any(PARTING.search(gap) for gap in gaps):
        return True
    return len(gaps) > 1 and len(set(gaps)) == 1
