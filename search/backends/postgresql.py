"""modelsearch's PostgreSQL backend, in Chinese.

PostgreSQL's parser takes a row of Chinese characters for one word, and its ranking knows neither
rare from common nor long from short. So neither is used: tokens stand in postings of our own
(``postings``), and one statement sums what they say (``bm25``).
"""

from modelsearch.backends.database.postgres import postgres as stock
from wagtail.search.models import IndexEntry

from search.backends import bm25, postings, tree
from search.backends.indexing import CompilerMixin, IndexMixin, Rebuilder, ResultsMixin

ENTRY = IndexEntry._meta.db_table
#: Tokens whose presence one number can hold, a bit for each.
MASK = 62
#: Of very many hits so many are looked at first (``ResultsMixin``), before the length of their
#: titles counts: that moves nothing by more than a tenth.
FOREMOST = 1_000


class Index(IndexMixin, stock.PostgresIndex):
    def entry(self, content_type, document) -> IndexEntry:
        return IndexEntry(
            content_type_id=content_type,
            object_id=document.object_id,
            title="",
            body="",
            autocomplete="",
            title_norm=bm25.prior(len(document.title.units)),
        )

    def write(self, entries, documents):
        postings.add(self.write_connection, entries, documents)

    def reset(self):
        super().reset()
        postings.clear(self.write_connection)

    def frequent_tokens(self) -> dict[str, float]:
        return postings.frequent(self.read_connection, self.entries.count())


class SearchQueryCompiler(CompilerMixin, stock.PostgresSearchQueryCompiler):
    def hits_sql(self, wanted, *, scored, foremost=False):
        """Sum up, for each entry that holds any of the tokens, its score and which it holds."""
        asked = tree.tokens(wanted)
        weights = self.weights(asked) if scored else {}
        places = {token: place for place, token in enumerate(asked)}
        rows = [(token.text, token.prefix, places[token]) for token in asked]
        rows += [(text, False, None) for text in weights if tree.Token(text) not in places]
        masks = range(len(asked) // MASK + 1)
        bits = "".join(f", %s::bigint AS bits{mask}" for mask in masks)
        lists = " UNION ALL ".join([_LIST.format(bits=bits)] * len(rows))
        params = []
        for text, prefix, place in rows:
            params += [_bit(place, mask) for mask in masks]
            params += [weights.get(text, 0.0), self.field(), *_looked_up(text, prefix)]
        enough = tree.any_of(wanted) is not None
        holds = " OR ".join(f"bit_or(bits{mask}) <> 0" for mask in masks)
        if not enough:
            holds = tree.condition(wanted, lambda token: _holds(places[token]))
        # With nothing but what is asked for in the lists, every entry in them is a hit.
        having = "" if enough and len(rows) == len(asked) else f"HAVING {holds}"
        limit = f" ORDER BY score DESC LIMIT {FOREMOST}" if foremost else ""
        documents = self.statistics.documents
        worth = bm25.IDF_SQL.format(holding="sum(holding)") % {"documents": documents}
        sql = (
            f"WITH lists AS MATERIALIZED ({lists}), worth AS (SELECT token,"
            f" max(weight) * {worth} / {postings.THOUSANDTHS} AS worth FROM lists GROUP BY token)"
            f" SELECT {self.key()} AS key, found.score * entry.title_norm AS score FROM ("
            " SELECT held.entry, sum(worth.worth * held.impact) AS score"
            " FROM lists JOIN worth USING (token),"
            " unnest(lists.entries, lists.impacts) AS held(entry, impact)"
            f" GROUP BY held.entry {having}{limit}"
            f") found JOIN {ENTRY} entry ON entry.id = found.entry"
            " WHERE entry.content_type_id = ANY(%s)"
        )
        return sql, [*params, self.content_types()]

    def weights(self, asked: list[tree.Token]) -> dict[str, float]:
        """Return what each token weighs; while somebody types, what is asked for counts alone."""
        if self.PREFIX:
            return {token.text: 1.0 for token in asked}
        return tree.weights(self.query, self.statistics.common)

    def field(self) -> int:
        """Return where the postings look; only the title can be told from the rest."""
        if self.PREFIX:
            return postings.TYPED
        return postings.TITLE if self.columns() == ["title"] else postings.TEXT

    def key(self) -> str:
        """SQL that gives the index's key (text) the form it has in the searched table."""
        field = self.queryset.model._meta.pk
        while field.remote_field:
            field = field.target_field
        kind = field.rel_db_type(self.queryset.query.get_compiler(self.queryset.db).connection)
        return f"CAST(entry.object_id AS {kind})"


_LIST = (
    "SELECT token{bits}, %s::float8 AS weight, holding, entries, impacts"
    " FROM search_posting WHERE field = %s AND token >= %s AND token <= %s"
)


def _looked_up(text: str, prefix: bool) -> tuple[str, str]:
    """Return the first and last token that ``text`` stands for."""
    return text, text + chr(0x10FFFF) if prefix else text


def _bit(place: int | None, mask: int) -> int:
    """Return the number that stands for the token at ``place`` in its mask; 0 in the others."""
    return 1 << place % MASK if place is not None and place // MASK == mask else 0


def _holds(place: int) -> str:
    return f"bit_or(bits{place // MASK}) & {1 << place % MASK} <> 0"


class AutocompleteQueryCompiler(SearchQueryCompiler, stock.PostgresAutocompleteQueryCompiler):
    PREFIX = True


class SearchResults(ResultsMixin, stock.PostgresSearchResults):
    pass


class SearchBackend(stock.PostgresSearchBackend):
    query_compiler_class = SearchQueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
    index_class = Index
    results_class = SearchResults

    def __init__(self, params):
        super().__init__({**params, "ATOMIC_REBUILD": False})
        self.rebuilder_class = self.atomic_rebuilder_class = Rebuilder
