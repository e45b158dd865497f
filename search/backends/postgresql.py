"""modelsearch's PostgreSQL backend, in Chinese.

PostgreSQL's parser takes a row of Chinese characters for one word, so neither text nor query goes
through it: both are written as literals (tsvector, tsquery) from our tokens.
"""

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db.models import F, FloatField, TextField, Value
from django.db.models.functions import Cast
from modelsearch.backends.database.postgres import postgres as stock

from search.backends import tree
from search.backends.indexing import ChineseCompilerMixin, ChineseIndexerMixin
from search.text import segment

#: What a word in the title is worth against one in the body.
TITLE_WEIGHT = 2.5
#: ts_rank divides by 1 + log(length): long texts do not win by their length.
BY_LENGTH = 1
#: ts_rank does not know rare from common; tokens are ranked in groups of like rarity instead.
RARITY_STEP = 3.0


class ObjectIndexer(ChineseIndexerMixin, stock.ObjectIndexer):
    """Writes a tsvector of tokens; title_text and body_text keep the text itself."""

    def as_vector(self, texts, for_autocomplete=False):
        positions = enumerate(
            ((token, weight) for text, weight in texts for token in segment.index_tokens(text)),
            start=1,
        )
        vector = " ".join(f"'{token}':{place}{weight}" for place, (token, weight) in positions)
        return Cast(Value(vector, output_field=TextField()), SearchVectorField())


# Index.add_items names its indexer as a global of its module; a test guards the name.
stock.ObjectIndexer = ObjectIndexer


class TsQuery(SearchQuery):
    """A tsquery written out: PostgreSQL's parser never sees the tokens."""

    def __init__(self, literal):
        super().__init__(literal, search_type="raw")
        self.literal = literal

    def as_sql(self, compiler, connection, *args, **kwargs):
        return "%s::tsquery", [self.literal]


class SearchQueryCompiler(ChineseCompilerMixin, stock.PostgresSearchQueryCompiler):
    def search(self, config, start, stop, score_field=None, backend=None):
        if self.tree == tree.ALL:
            return self.queryset[start:stop]
        if self.tree == tree.NONE:
            return self.queryset.none()

        vectors = [F(f"index_entries__{column}") for column in self.columns()]
        combined = vectors[0]
        if len(vectors) > 1:  # Written as in the index over both, or it would not be used.
            combined = vectors[0]._combine(vectors[1], "||", False)
        queryset = self.queryset.annotate(_vector_=combined).filter(
            _vector_=TsQuery(tree.tsquery(self.tree))
        )
        return self._apply_ordering_and_scoring(queryset, self._rank(), start, stop, score_field)

    def _rank(self):
        groups: dict[int, list[str]] = {}
        for token in tree.rank_tokens(self.query):
            groups.setdefault(round(segment.rarity(token) / RARITY_STEP), []).append(token)
        parts = []
        for step, tokens in groups.items():
            # ts_rank of an OR is the mean over its tokens: times their number it is the sum.
            worth = (max(step, 1) * RARITY_STEP) ** 2 * len(tokens)
            query = TsQuery(" | ".join(f"'{token}'" for token in tokens))
            for column in self.columns():
                vector = F(f"index_entries__{column}")
                rank = SearchRank(
                    vector, query, weights=self.sql_weights, normalization=Value(BY_LENGTH)
                )
                parts.append(rank * worth * (TITLE_WEIGHT if column == "title" else 1.0))
        # Cast, because PostgreSQL sorts by no bare constant.
        return stock.ADD(parts) if parts else Cast(Value(0.0), FloatField())


class AutocompleteQueryCompiler(SearchQueryCompiler, stock.PostgresAutocompleteQueryCompiler):
    PREFIX = True


class SearchBackend(stock.PostgresSearchBackend):
    query_compiler_class = SearchQueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
