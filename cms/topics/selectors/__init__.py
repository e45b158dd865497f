"""Reads of this room."""

from cms.topics.selectors.answers import (
    Answer,
    answers_address,
    answers_of,
    answers_page,
    public_cases,
)
from cms.topics.selectors.board import Row, board
from cms.topics.selectors.briefs import (
    brief_of,
    editors_for,
    plan_for,
    sections_for,
    sheet,
    writes_for,
)
from cms.topics.selectors.care import care_of, care_people
from cms.topics.selectors.cases import (
    answered_with,
    case_box,
    case_list,
    cases_for,
    cases_to_tend,
    describe,
    history,
    owners_for,
    telling,
    weeks,
)
from cms.topics.selectors.coverage import Story, shelf, stories_for
from cms.topics.selectors.evidence import Totals, pieces, totals, utterances, voices_behind
from cms.topics.selectors.gap import Gap, gaps
from cms.topics.selectors.quotes import questions, quotable
from cms.topics.selectors.scope import (
    DAY_CHOICES,
    OWN_WORDS,
    SPEAKING,
    SPOKEN,
    Period,
    heard,
    texts_since,
)

__all__ = [
    "DAY_CHOICES",
    "OWN_WORDS",
    "SPEAKING",
    "SPOKEN",
    "Answer",
    "Gap",
    "Period",
    "Row",
    "Story",
    "Totals",
    "answered_with",
    "answers_address",
    "answers_of",
    "answers_page",
    "board",
    "brief_of",
    "care_of",
    "care_people",
    "case_box",
    "case_list",
    "cases_for",
    "cases_to_tend",
    "describe",
    "editors_for",
    "gaps",
    "heard",
    "history",
    "owners_for",
    "pieces",
    "plan_for",
    "public_cases",
    "questions",
    "quotable",
    "sections_for",
    "sheet",
    "shelf",
    "stories_for",
    "telling",
    "texts_since",
    "totals",
    "utterances",
    "voices_behind",
    "weeks",
    "writes_for",
]
