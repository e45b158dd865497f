"""Reads of this room."""

from cms.topics.selectors.board import Row, board, ranking, reweighed
from cms.topics.selectors.evidence import (
    Facets,
    Totals,
    Utterance,
    facets,
    narrow,
    same_as,
    totals,
    utterance,
    utterances,
    voices_behind,
)
from cms.topics.selectors.figures import PeopleBy, people_by
from cms.topics.selectors.formula import formulas, weights_in_force, weights_of
from cms.topics.selectors.history import Bar, Week, decisions, timeline, weeks
from cms.topics.selectors.kinship import (
    merge_candidates,
    placements,
    related_topics,
    split_sides,
    split_words,
    topic_choices,
)
from cms.topics.selectors.network import cloud, network
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
    "Bar",
    "Facets",
    "PeopleBy",
    "Period",
    "Row",
    "Totals",
    "Utterance",
    "Week",
    "board",
    "cloud",
    "decisions",
    "facets",
    "formulas",
    "heard",
    "merge_candidates",
    "narrow",
    "network",
    "people_by",
    "placements",
    "ranking",
    "related_topics",
    "reweighed",
    "same_as",
    "split_sides",
    "split_words",
    "texts_since",
    "timeline",
    "topic_choices",
    "totals",
    "utterance",
    "utterances",
    "voices_behind",
    "weeks",
    "weights_in_force",
    "weights_of",
]
