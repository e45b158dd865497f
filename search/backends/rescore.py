"""The house's ranking as a function of SQLite, which calls it for each text to be ranked."""

import json
from functools import lru_cache

from django.db.backends.signals import connection_created
from django.dispatch import receiver

from search.backends import bm25


@receiver(connection_created, dispatch_uid="search_score")
def teach(connection, **kwargs):
    if connection.vendor == "sqlite":
        connection.connection.create_function("search_score", 5, score, deterministic=True)


def score(question: str, holding: str, title: str, body: str, prior: float) -> float:
    """Return the rank of one text; see ``bm25``. SQLite calls this for every text to be ranked.

    ``question``: JSON of {"weights", "documents", "average"} · ``holding``: JSON of how many
    documents hold each token · ``title`` and ``body``: as the index
    holds them, " unit unit . unit |" and then the other tokens.
    """
    weighed, average = _weighed(question, holding)
    title, body = title.partition("|")[0], body.partition("|")[0]
    close_title, close_body = title.replace(" ", ""), body.replace(" ", "")
    length = _units(title) + _units(body)
    total = 0.0
    for token, worth, apart in weighed:
        if apart:  # A Latin word or a number must not be found inside another.
            frequency = body.count(token) + bm25.TITLE * title.count(token)
        else:
            frequency = close_body.count(token) + bm25.TITLE * close_title.count(token)
        if frequency:
            total += worth * bm25.impact(frequency, length, average)
    return total * prior


def _units(runs: str) -> int:
    return runs.count(" ") - 1 - runs.count(" . ")


@lru_cache(maxsize=64)
def _weighed(question: str, holding: str) -> tuple[list[tuple[str, float, bool]], float]:
    asked, held = json.loads(question), json.loads(holding)
    weighed = []
    for token, weight in asked["weights"].items():
        if token in held:
            worth = weight * bm25.idf(asked["documents"], held[token])
            apart = token.isascii()
            weighed.append((f" {token} " if apart else token, worth, apart))
    return weighed, asked["average"]
