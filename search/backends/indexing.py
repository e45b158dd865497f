"""What both databases share: objects into the index, and queries in."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Manager
from django.utils.encoding import force_str
from modelsearch.index import AutocompleteField, RelatedFields, SearchField
from modelsearch.query import PlainText
from modelsearch.utils import get_content_type_pk, get_descendants_content_types_pks
from wagtail.search.models import IndexEntry

from search.backends import hits, statistics, tree
from search.text import segment
from search.text.normalise import clean

#: It takes so many hits, and a reader who asks for so few, to look at the foremost first.
BEYOND, FEW = 3_000, 100


@dataclass(frozen=True, slots=True)
class Document:
    """One object as the index takes it."""

    object_id: str
    title: segment.Tokens
    body: segment.Tokens
    autocomplete: segment.Tokens

    @classmethod
    def of(cls, obj) -> "Document":
        texts: dict[str, list[str]] = {"title": [], "body": [], "autocomplete": []}
        for field in obj.get_search_fields():
            for column, text in _texts(obj, field):
                texts[column].append(text)
        tokens = {column: segment.tokens("\n".join(parts)) for column, parts in texts.items()}
        return cls(force_str(obj.pk), **tokens)

    @property
    def length(self) -> int:
        """Units of title and body."""
        return sum(len(run) for run in (*self.title.runs, *self.body.runs))


def _texts(obj, field) -> Iterator[tuple[str, str]]:
    """Yield (column, text) for a search field of ``obj``; related objects have theirs."""
    if isinstance(field, SearchField):
        yield "title" if field.field_name == "title" else "body", _plain(field.get_value(obj))
    elif isinstance(field, AutocompleteField):
        yield "autocomplete", _plain(field.get_value(obj))
    elif isinstance(field, RelatedFields):
        related = field.get_value(obj)
        if related is not None and callable(related) and not isinstance(related, Manager):
            related = related()
        for each in related.all() if isinstance(related, Manager) else [related]:
            for inner in field.fields if each is not None else ():
                yield from _texts(each, inner)


def _plain(value) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value)
    return clean(force_str(value))


class IndexMixin(ABC):
    """For modelsearch's index: writes documents made of our tokens.

    An object that is indexed again gets a new entry, so an entry's number stands for one state of
    one object for ever. Subclasses say how a document's words are kept.
    """

    def add_items(self, model, objs):
        if not model.get_search_fields() or not objs:
            return
        documents = [Document.of(obj) for obj in objs]
        content_type = get_content_type_pk(model)
        with transaction.atomic(using=self.write_connection.alias):
            stale = self.entries.filter(
                content_type_id=content_type, object_id__in=[doc.object_id for doc in documents]
            )
            self.count(documents, replaced=stale._raw_delete(using=self.write_connection.alias))
            entries = IndexEntry.objects.bulk_create(
                self.entry(content_type, document) for document in documents
            )
            self.write([entry.pk for entry in entries], documents)
            if statistics.frequent_due():
                statistics.frequent_counted(self.frequent_tokens())

    def delete_item(self, item):
        gone = item.index_entries.all()._raw_delete(using=self.write_connection.alias)
        self.count([], replaced=gone)

    def reset(self):
        super().reset()
        statistics.restart()

    def count(self, documents, *, replaced):
        units = sum(document.length for document in documents)
        units -= round(replaced * statistics.current().average)
        if documents or replaced:
            statistics.added(len(documents) - replaced, units)

    @abstractmethod
    def entry(self, content_type, document) -> IndexEntry:
        """Return the row for a document, not saved."""

    def write(self, entries: list[int], documents: list[Document]) -> None:  # noqa: B027
        """Keep what the row itself does not: here nothing."""

    @abstractmethod
    def frequent_tokens(self) -> dict[str, float]:
        """Return the tokens in more than ``statistics.FREQUENT_SHARE`` of the documents."""


class Rebuilder:
    """Rebuilds in place: every object stays findable until its new entry takes the old one's."""

    def __init__(self, index):
        self.index = index

    def start(self):
        self.index.delete_stale_entries()
        return self.index

    def finish(self):
        statistics.frequent_counted(self.index.frequent_tokens())


class CompilerMixin(ABC):
    """For modelsearch's query compilers: the query as a tree, its hits joined to the table.

    ``PREFIX``: whether the last word is still being typed.
    """

    PREFIX = False

    def __init__(self, queryset, query, fields=None, operator=None, order_by_relevance=True):
        if isinstance(query, str):
            query = PlainText(query, operator) if operator else tree.Sentence(query)
        super().__init__(queryset, query, fields, operator, order_by_relevance)
        self.statistics = statistics.current()
        self.tree = tree.build(self.query, prefix=self.PREFIX, common=self.statistics.common)

    def get_search_field(self, field_lookup, fields=None):
        """Return nothing: ``columns()`` answers for all fields at once."""
        return None

    def columns(self) -> list[str]:
        """Return the index columns to look in. ``fields`` can tell the title from the rest only."""
        if self.PREFIX:
            return ["autocomplete"]
        if self.fields is None:
            return ["title", "body"]
        return sorted({"title" if name == "title" else "body" for name in self.fields})

    def plenty(self) -> int:
        """Return how many documents are found at least, as far as the statistics know."""
        share = tree.share(self.tree, self.statistics.shares)
        return int(share * self.statistics.documents)

    def content_types(self) -> list[int]:
        return get_descendants_content_types_pks(self.queryset.model)

    def search(
        self, config, start, stop, score_field=None, backend=None, scored=True, foremost=False
    ):
        """Return the queryset; with ``foremost`` only the best hits, mostly enough of them."""
        if self.tree == tree.ALL:
            return self.queryset[start:stop]
        if self.tree == tree.NONE:
            return self.queryset.none()
        if tree.negative(self.tree):
            sql, params = self.hits_sql(tree.negate(self.tree), scored=False)
            found = hits.In(F("pk"), hits.Keys(sql, params))
            return _in_order(self.queryset.exclude(found))[start:stop]

        by_relevance = self.order_by_relevance and scored
        sql, params = self.hits_sql(
            self.tree, scored=by_relevance or bool(score_field), foremost=foremost
        )
        found = hits.join(self.queryset, sql, params)
        if score_field:
            found = found.annotate(**{score_field: hits.Score()})
        if by_relevance:
            found = found.order_by(hits.Score().desc(), "-pk")
        return (_in_order(found) if scored else found.order_by())[start:stop]

    @abstractmethod
    def hits_sql(self, wanted, *, scored, foremost=False) -> tuple[str, list]:
        """Return a SELECT of ``key`` (the searched table's) and, if ``scored``, ``score``."""


def _in_order(queryset):
    """Give an order to what has none: pages of results must not overlap."""
    return queryset if queryset.query.order_by else queryset.order_by("-pk")


class ResultsMixin:
    """For modelsearch's results: counts and facets are taken without ranking anything, and of very
    many hits only the foremost are looked up."""

    def _found(self):
        return self.query_compiler.search(None, None, None, backend=self.backend, scored=False)

    def _do_count(self):
        return self._found()[self.start : self.stop].count()

    def _do_search(self):
        """Look at the foremost of very many hits first: mostly they are enough.

        What filters leave of them stands before all other hits, so if it fills the asked rows,
        it is the answer.
        """
        compiler = self.query_compiler
        few = self.stop is not None and self.stop <= FEW and compiler.order_by_relevance
        if few and compiler.plenty() >= BEYOND:
            first = compiler.search(
                None, self.start, self.stop, score_field=self._score_field, foremost=True
            )
            if len(found := list(first)) == self.stop - self.start:
                return found
        return list(self.get_queryset())
