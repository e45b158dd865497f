"""Reads. Every function costs the same number of queries for twenty stories and for two hundred."""

from cms.analytics.selectors.ledger import ledger, story_ledger
from cms.analytics.selectors.scope import (
    kinds_in,
    may_see_dashboard,
    sections_in,
    stories,
    unions_of,
)
from cms.analytics.selectors.series import METRICS, Days, by_source, series
from cms.analytics.selectors.summary import Tile, refusals_today, summary, top_stories

__all__ = [
    "METRICS",
    "Days",
    "Tile",
    "by_source",
    "kinds_in",
    "ledger",
    "may_see_dashboard",
    "refusals_today",
    "sections_in",
    "series",
    "stories",
    "story_ledger",
    "summary",
    "top_stories",
    "unions_of",
]
