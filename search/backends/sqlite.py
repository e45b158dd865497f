"""modelsearch's SQLite FTS5 backend, in Chinese.

FTS5's ``unicode61`` takes a row of Chinese characters for one word, so the index holds our tokens
parted by blanks. FTS5's own bm25 picks the best few hundred, and ``search_score`` (a function that
every connection knows, see ``rescore``) ranks those by the house's formula.
"""

import json

from django.db import connections, models
from modelsearch.backends.database.sqlite import sqlite as stock
from wagtail.search.models import IndexEntry

from search.backends import bm25, statistics, tree
from search.backends.indexing import (
    CompilerMixin,
    Document,
    IndexMixin,
    Rebuilder,
    ResultsMixin,
)
from search.text import segment

#: So many of the best by FTS5's formula are then ranked by ours, for each token of which any will
#: do; at least and at most. FTS5's order is the rougher the more tokens there are.
RANKED_A_TOKEN, RANKED_LEAST, RANKED_MOST = 40, 100, 600
#: What a token in a column weighs for FTS5: autocomplete, body, title.
FTS5_WEIGHTS = f"0.0, 1.0, {bm25.TITLE}"
#: Texts that are read to see which tokens are frequent.
SAMPLE = 1_000
#: Of very many hits so many times those to be ranked are looked at first (``ResultsMixin``).
FOREMOST = 3

ENTRY = IndexEntry._meta.db_table
FTS = f"{ENTRY}_fts"
#: Each entry's number, content type and object, in a table as narrow as that (migration 0003).
KEYS = "search_entry"
#: What the ranking reads of each entry (migration 0007).
TEXTS = "search_ranked"
#: In how many entries each token stands.
COUNTS = "search_token"


def _column(tokens: segment.Tokens) -> str:
    """Return what FTS5 is given: the units, runs parted by points, then the other tokens."""
    runs = " . ".join(" ".join(run) for run in tokens.runs)
    return f" {runs} |{' '.join(tokens.pairs)} {' '.join(tokens.long)}"


class Index(IndexMixin, stock.SQLiteIndex):
    def entry(self, content_type, document: Document) -> IndexEntry:
        return IndexEntry(
            content_type_id=content_type,
            object_id=document.object_id,
            title=_column(document.title),
            body=_column(document.body),
            autocomplete=_column(document.autocomplete),
            title_norm=bm25.prior(len(document.title.units)),
        )

    def frequent_tokens(self) -> dict[str, float]:
        with connections[self.read_connection.alias].cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {ENTRY}")
            (total,) = cursor.fetchone()
            if total < statistics.FREQUENT_FROM:
                return {}
            cursor.execute(
                f"SELECT title || body FROM {ENTRY} WHERE id %% %s = 0", [total // SAMPLE]
            )
            texts = [set(text.replace("|", " ").split()) for (text,) in cursor]
        held: dict[str, int] = {}
        for text in texts:
            for token in text:
                held[token] = held.get(token, 0) + 1
        least = statistics.FREQUENT_SHARE * len(texts)
        return {
            token: round(count / len(texts), 3)
            for token, count in held.items()
            if count > least and token != "."
        }


def _key_as(pk_field) -> str:
    """SQL that gives the index's key (text) the form it has in the searched table."""
    while pk_field.remote_field:
        pk_field = pk_field.target_field
    if isinstance(pk_field, models.IntegerField):
        return "CAST(entry.object_id AS INTEGER)"
    if isinstance(pk_field, models.UUIDField):
        return "REPLACE(entry.object_id, '-', '')"
    return "entry.object_id"


class SearchQueryCompiler(CompilerMixin, stock.SQLiteSearchQueryCompiler):
    def hits_sql(self, wanted, *, scored, foremost=False):
        key = _key_as(self.queryset.model._meta.pk)
        types = self.content_types()
        ranked = RANKED_A_TOKEN * len(tree.any_of(wanted) or ())
        ranked = min(max(ranked, RANKED_LEAST), RANKED_MOST)
        place = f"bm25({FTS}, {FTS5_WEIGHTS})" if scored else "0"
        limit = f" ORDER BY place LIMIT {FOREMOST * ranked}" if foremost else ""
        # CROSS and MATERIALIZED: the full-text index first, and once. SQLite's planner believes
        # that asking it anew for every row is cheaper.
        found = (
            f"WITH found AS MATERIALIZED (SELECT hit.id AS id, {key} AS key, place FROM"
            f" (SELECT rowid AS id, {place} AS place FROM {FTS} WHERE {FTS} MATCH %s{limit}) hit"
            f" CROSS JOIN {KEYS} AS entry ON entry.id = hit.id"
            f" WHERE entry.content_type_id IN ({_places(types)}))"
        )
        params = ["{" + " ".join(self.columns()) + "} : " + tree.fts5(wanted), *types]
        if not scored or self.PREFIX:
            return f"{found} SELECT key, -place AS score FROM found", params
        question, uncounted = self._question()
        sql = (
            f"{found}, worst AS MATERIALIZED (SELECT max(place) AS place FROM"
            f" (SELECT place FROM found ORDER BY place LIMIT {ranked})"
            "), held AS MATERIALIZED (SELECT json_group_object(term, doc) AS counts"
            f" FROM {COUNTS} WHERE term IN ({_places(uncounted)}))"
            " SELECT key, CASE WHEN place <= (SELECT place FROM worst) THEN 1e6 +"
            " (SELECT search_score(%s, (SELECT counts FROM held), title, body, prior)"
            f" FROM {TEXTS} WHERE {TEXTS}.id = found.id) ELSE -place END AS score FROM found"
        )
        return sql, [*params, *uncounted, json.dumps(question)]

    def _question(self) -> tuple[dict, list[str]]:
        """Return what ``search_score`` is asked, and the tokens whose number it must be told.

        To count a frequent token means to read all of its list; its share is known well enough.
        """
        weights = tree.weights(self.query)
        shares, documents = self.statistics.shares, self.statistics.documents
        question = {
            "weights": weights,
            "holding": {token: shares[token] * documents for token in weights if token in shares},
            "documents": documents,
            "average": self.statistics.average,
        }
        return question, [token for token in weights if token not in shares]


def _places(values) -> str:
    return ", ".join(["%s"] * len(values))


class AutocompleteQueryCompiler(SearchQueryCompiler, stock.SQLiteAutocompleteQueryCompiler):
    PREFIX = True


class SearchResults(ResultsMixin, stock.SQLiteSearchResults):
    pass


class SearchBackend(stock.SQLiteSearchBackend):
    query_compiler_class = SearchQueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
    index_class = Index
    results_class = SearchResults
    rebuilder_class = atomic_rebuilder_class = Rebuilder
