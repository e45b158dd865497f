"""Where a text names a person. No Django here.

There is no list of all people, so each place that could be a name is weighed: how often the
surname is one and its character anything else, how often the next characters stand in given names
and how often elsewhere, and what stands around: an introduction (我叫), a relation (包工头…), a
title (…经理), another name (…、…). The sum is a logarithm of odds; above zero it is hidden. A word
of the dictionary or of the house's lexicon is never cut into.

Rule: 个人信息保护法 arts. 6 and 51; a quotation needs what was said, not who was named in it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from cms.interactions import name_evidence as evidence
from cms.interactions import name_words as words
from cms.interactions.name_odds import (
    given_odds,
    is_common,
    is_marked,
    is_word,
    surname_odds,
)
from search.text import segment
from search.text.normalise import fold

Span = tuple[int, int]

HAN = re.compile("[\u4e00-\u9fff]+")
#: Characters between two names of a list.
LONGEST_JOINT = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A folded text with the bounds of the word around each character."""

    text: str
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, folded: str) -> "Line":
        starts: list[int] = []
        ends: list[int] = []
        for token in segment.cutter().cut(folded, False):
            at = len(starts)
            starts += [at] * len(token)
            ends += [at + len(token)] * len(token)
        return cls(folded, starts, ends)

    def word_at(self, at: int) -> Span:
        return self.starts[at], self.ends[at]

    def cuts_a_word(self, start: int, end: int) -> bool:
        """Whether a word, not a name, reaches over either end of start..end, or is all of it."""
        for at in (start, end - 1):
            left, right = self.word_at(at)
            if (left < start or right > end or (left, right) == (start, end)) and is_word(
                self.text[left:right]
            ):
                return True
        return False

    def begins_a_word(self, start: int, at: int, end: int) -> bool:
        """Whether the surname start..at is the first part of a common word within start..end."""
        right = self.ends[start]
        return at < right < end and is_common(self.text[start:right])


@dataclass(frozen=True, slots=True)
class Candidate:
    start: int
    end: int
    odds: float


def name_spans(text: str) -> list[Span]:
    """Where people are named in ``text``: [(start, end)] from left to right, none overlapping.

    Of 张经理 and 姓张 the surname alone, of 老王 both characters, of @小北 what follows the @.
    """
    folded, places = fold(text)
    if not evidence.SURNAME.search(folded) and "@" not in folded and "阿" not in folded:
        return []
    line = Line.of(folded)
    found = [*_mentions(line), *_addressed(line), *_familiar(line), *_full_names(line)]
    found += _again(line, found)
    public = _public(line)
    kept = [span for span in found if not any(_meet(span, one) for one in public)]
    return _joined((places[start], places[end - 1] + 1) for start, end in kept)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _joined(spans) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


# --- Parts of names ------------------------------------------------------------------------------


def _mentions(line: Line) -> Iterator[Span]:
    for match in evidence.MENTION.finditer(line.text):
        if not evidence.NOBODY.search(match[1]):
            yield match.span(1)


def _addressed(line: Line) -> Iterator[Span]:
    """Surnames before a title, and surnames that are told: 姓张的."""
    for match in evidence.SAID_SURNAME.finditer(line.text):
        if not is_word(line.text[slice(*line.word_at(match.start()))]):
            yield match.span(1)
    for match in evidence.ZENG.finditer(line.text):
        yield match.start(), match.start() + 1
    for match in evidence.SURNAME.finditer(line.text):
        start, end = match.span()
        title = evidence.TITLE.match(line.text, end)
        if title and _is_address(line, start, title):
            yield start, end


def _is_address(line: Line, start: int, title: re.Match) -> bool:
    at = title.start()
    surname = line.text[start:at]
    left, right = line.word_at(start)
    around = line.text[left:right]
    if surname in words.PARTICLES or is_word(surname + title[0]):
        return False
    if left < start and is_word(around):
        return False
    if not evidence.SURE_TITLE.match(line.text, at) and not evidence.BOSS.match(line.text, start):
        if right > at and is_word(around):
            return False
        if line.cuts_a_word(*title.span()) and not is_word(title[0]):
            return False
    return (
        evidence.PRIOR
        + surname_odds(surname)
        + evidence.ADDRESSED
        + evidence.weight_before(line.text, start) / 2
        > 0
    )


def _familiar(line: Line) -> Iterator[Span]:
    """老王, 小李, 阿强."""
    for match in evidence.FAMILIAR_NAME.finditer(line.text):
        start, end = match.span()
        if match[0] in words.NOT_FAMILIAR:
            continue
        if line.word_at(start) != (start, end) and line.cuts_a_word(start, end):
            continue
        if match[1]:
            odds = surname_odds(match[1])
        else:
            odds = 0 if is_word(match[0]) else given_odds(match[2]) + evidence.NICKNAMED
        if evidence.PRIOR + odds + evidence.FAMILIAR > 0:
            yield start, end


# --- Full names ----------------------------------------------------------------------------------


def _full_names(line: Line) -> Iterator[Span]:
    surnames = evidence.SURNAME.finditer(line.text)
    candidates = [one for surname in surnames for one in _readings(line, surname)]
    listed = _listed(line, candidates)
    weighed = ((one.odds + (evidence.LISTED if one in listed else 0), one) for one in candidates)
    taken: set[int] = set()
    for odds, one in sorted(weighed, key=lambda pair: -pair[0]):
        if odds <= 0:
            return
        if taken.isdisjoint(range(one.start, one.end)):
            taken.update(range(one.start, one.end))
            yield one.start, one.end


def _readings(line: Line, surname: re.Match) -> Iterator[Candidate]:
    """The names that may begin with ``surname``, each with its odds."""
    text = line.text
    start, at = surname.span()
    if evidence.TITLE.match(text, at) or evidence.NO_SURNAME.search(
        text, max(start - 1, 0), at + 1
    ):
        return
    for end in range(at + 1, min(at + 2, len(text)) + 1):
        given = text[at:end]
        if not HAN.fullmatch(given) or not evidence.NEVER.isdisjoint(given):
            return
        if evidence.ANYBODY.match(text, start) and end == start + 2:
            odds = evidence.ANYBODY_AT_ALL if text[start] in "钱吴郑" else evidence.ANYBODY_SURE
        elif line.cuts_a_word(start, end) or evidence.PLACE.match(text, end):
            continue
        else:
            odds = surname_odds(surname[0]) + given_odds(given)
        odds += evidence.LIKE_A_WORD if line.begins_a_word(start, at, end) else 0
        odds += evidence.LIKE_A_PLACE if given[-1] in words.PLACE_ENDINGS else 0
        odds += evidence.MARKED if end - start > 2 and is_marked(text[start:end]) else 0
        odds += evidence.weight_before(text, start) + evidence.weight_after(text, end)
        yield Candidate(start, end, evidence.PRIOR + odds)


def _listed(line: Line, candidates: list[Candidate]) -> set[Candidate]:
    """Those that stand beside another one that could be a name: 李四、王五."""
    ending: dict[int, list[Candidate]] = defaultdict(list)
    for one in candidates:
        ending[one.end].append(one)
    listed: set[Candidate] = set()
    for one in candidates:
        for end in range(max(one.start - LONGEST_JOINT, 0), one.start):
            if end in ending and evidence.JOINED.fullmatch(line.text, end, one.start):
                listed.update((one, *ending[end]))
    return listed


def _again(line: Line, found: list[Span]) -> Iterator[Span]:
    """Names that were found once, wherever else they stand."""
    for name in {line.text[start:end] for start, end in found if end - start > 1}:
        for match in re.finditer(re.escape(name), line.text):
            if len(name) > 2 or not line.cuts_a_word(*match.span()):
                yield match.span()


def _public(line: Line) -> list[Span]:
    return [match.span() for match in evidence.PUBLIC.finditer(line.text)]
