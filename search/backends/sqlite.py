"""modelsearch's SQLite FTS5 backend, in Chinese.

FTS5's ``unicode61`` takes a row of Chinese characters for one word, so the index holds our tokens
parted by blanks, and bm25 ranks them.
"""

from django.db import models
from django.db.models import F, FloatField, Func
from modelsearch.backends.database.sqlite import sqlite as stock
from modelsearch.utils import get_descendants_content_types_pks

from search.backends import tree
from search.backends.indexing import ChineseCompilerMixin, ChineseIndexerMixin
from search.text import segment

#: What a word in the title is worth against one in the body.
TITLE_WEIGHT = 2.5


class ObjectIndexer(ChineseIndexerMixin, stock.ObjectIndexer):
    """Writes tokens where the stock indexer writes the text."""

    @property
    def title(self):
        return " ".join(segment.index_tokens(super().title))

    @property
    def body(self):
        return " ".join(segment.index_tokens(super().body))

    @property
    def autocomplete(self):
        return " ".join(segment.index_tokens(super().autocomplete))


# Index.add_items names its indexer as a global of its module; a test guards the name.
stock.ObjectIndexer = ObjectIndexer


class Hits(Func):
    """A sub-select over the full-text index: the keys of what matches, or the score of one key.

    FTS5's bm25() is lower for better and costs a full evaluation of the match, so the hits of one
    statement are computed as a table of their own (once) and not once for every row.
    """

    output_field = FloatField()

    def __init__(self, *expressions, match, content_types, pk_field, select):
        super().__init__(*expressions)
        self.match, self.content_types = match, content_types
        self.pk_field, self.select = pk_field, select

    def as_sqlite(self, compiler, connection, **extra):
        entry, fts = stock.IndexEntry._meta.db_table, stock.SQLiteFTSIndexEntry._meta.db_table
        places = ", ".join(["%s"] * len(self.content_types))
        weights = ", ".join(["1.0", "1.0", str(TITLE_WEIGHT)])  # autocomplete, body, title
        score = f", bm25({fts}, {weights}) AS score"
        table = (
            f"SELECT {_key_as(self.pk_field)} AS pk{score}"
            # CROSS: the full-text index first. SQLite's planner believes the other way is cheaper.
            f" FROM {fts} CROSS JOIN {entry} AS entry ON entry.id = {fts}.rowid"
            f" WHERE {fts} MATCH %s AND entry.content_type_id IN ({places})"
        )
        params = [self.match, *self.content_types]
        if self.select == "keys":
            return f"({table.replace(score, '')})", params
        outer, outer_params = compiler.compile(self.source_expressions[0])
        return (
            f"(WITH hits AS MATERIALIZED ({table})"
            f" SELECT hits.score FROM hits WHERE hits.pk = {outer})",
            [*params, *outer_params],
        )


def _key_as(pk_field):
    """SQL that gives the index's key (text) the form it has in the searched table."""
    while pk_field.remote_field:
        pk_field = pk_field.target_field
    if isinstance(pk_field, models.IntegerField):
        return "CAST(entry.object_id AS INTEGER)"
    if isinstance(pk_field, models.UUIDField):
        return "REPLACE(entry.object_id, '-', '')"
    return "entry.object_id"


class InHits(models.lookups.Lookup):
    """``key IN (hits)``, written out: Django's own ``in`` wants a queryset."""

    lookup_name = "in_hits"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        key, key_params = self.process_lhs(compiler, connection)
        hits, hit_params = compiler.compile(self.rhs)
        return f"{key} IN {hits}", [*key_params, *hit_params]


class SearchQueryCompiler(ChineseCompilerMixin, stock.SQLiteSearchQueryCompiler):
    def search(self, config, start, stop, score_field=None):
        if self.tree == tree.ALL:
            return self.queryset[start:stop]
        if self.tree == tree.NONE:
            return self.queryset.none()

        match, negated = tree.fts5(self.tree)
        rank = [] if negated or self.PREFIX else tree.rank_tokens(self.query)
        if rank:  # True of every match, but it lets all tokens count in the score.
            match = f"({match}) AND (" + " OR ".join(f'"{token}"' for token in rank) + ")"
        hits = {
            "match": "{" + " ".join(self.columns()) + "} : (" + match + ")",
            "content_types": get_descendants_content_types_pks(self.queryset.model),
            "pk_field": self.queryset.model._meta.pk,
        }
        found = InHits(F("pk"), Hits(select="keys", **hits))
        queryset = self.queryset.exclude(found) if negated else self.queryset.filter(found)

        if not negated and (score_field or self.order_by_relevance):
            score_field = score_field or "_score"
            queryset = queryset.annotate(**{score_field: -Hits(F("pk"), select="score", **hits)})
        if self.order_by_relevance and not negated:
            queryset = queryset.order_by(f"-{score_field}", "-pk")
        elif not queryset.query.order_by:
            queryset = queryset.order_by("-pk")  # Pages must not overlap.
        return queryset[start:stop]


class AutocompleteQueryCompiler(SearchQueryCompiler, stock.SQLiteAutocompleteQueryCompiler):
    PREFIX = True


class SearchBackend(stock.SQLiteSearchBackend):
    query_compiler_class = SearchQueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
