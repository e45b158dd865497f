"""The house's ranking as a function of SQLite, which calls it for each text to be ranked."""

import json
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import BytesAhoCorasick
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from search.backends import bm25
from search.text import segment


@receiver(connection_created, dispatch_uid="search_score")
def teach(connection, **kwargs):
    if connection.vendor == "sqlite":
        connection.connection.create_function("search_score", 5, score, deterministic=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """The tokens of a question as one automaton, what each is worth (weight · idf) in the same
    order, and the average length of a document in units."""

    tokens: BytesAhoCorasick
    worths: list[float]
    average: float


def score(question: str, holding: str, title: bytes, body: bytes, prior: float) -> float:
    """Return the rank of one text; see ``bm25``. SQLite calls this for every text to be ranked.

    ``question``: JSON of {"weights", "documents", "average", "holding"} · ``holding``: JSON of how
    many documents hold each token whose number the question does not tell · ``title`` and
    ``body``: as the index holds them, " unit unit . unit |", in UTF-8.
    """
    asked = _asked(question, holding)
    frequencies = [0.0] * len(asked.worths)
    for place, _start, _end in asked.tokens.find_matches_as_indexes(body, overlapping=True):
        frequencies[place] += 1
    for place, _start, _end in asked.tokens.find_matches_as_indexes(title, overlapping=True):
        frequencies[place] += bm25.TITLE
    length = _units(title) + _units(body)
    return prior * sum(
        worth * bm25.impact(frequency, length, asked.average)
        for worth, frequency in zip(asked.worths, frequencies, strict=True)
        if frequency
    )


def _units(runs: bytes) -> int:
    return runs.count(b" ") - 1 - runs.count(b" . ")


@lru_cache(maxsize=64)
def _asked(question: str, holding: str) -> Asked:
    asked = json.loads(question)
    held = asked["holding"] | json.loads(holding)
    weights = {token: weight for token, weight in asked["weights"].items() if token in held}
    return Asked(
        BytesAhoCorasick([_as_held(token) for token in weights]),
        [weight * bm25.idf(asked["documents"], held[token]) for token, weight in weights.items()],
        asked["average"],
    )


def _as_held(token: str) -> bytes:
    """Return the token as a row of whole units: a Latin word must not be found inside another."""
    return f" {' '.join(segment.units(token))} ".encode()
