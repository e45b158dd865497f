"""Reads of this room."""

from cms.topics.selectors.board import Row, board
from cms.topics.selectors.evidence import Totals, pieces, totals, utterances, voices_behind
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
    "Period",
    "Row",
    "Totals",
    "board",
    "heard",
    "pieces",
    "texts_since",
    "totals",
    "utterances",
    "voices_behind",
]
