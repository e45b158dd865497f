"""What both databases share: text into the index, and queries in."""

from django.utils.encoding import force_str
from modelsearch.query import PlainText

from search.backends import tree
from search.text.normalise import clean


class ChineseIndexerMixin:
    """For modelsearch's ObjectIndexer: texts without the characters that a database refuses."""

    def prepare_value(self, value):
        if value is None:
            return ""
        return clean(force_str(super().prepare_value(value)))


class ChineseCompilerMixin:
    """For modelsearch's query compilers: the query as a tree, and what may be searched in.

    ``PREFIX``: whether the last word is still being typed.
    """

    PREFIX = False

    def __init__(self, queryset, query, fields=None, operator=None, order_by_relevance=True):
        if isinstance(query, str):
            query = PlainText(query, operator) if operator else tree.Sentence(query)
        super().__init__(queryset, query, fields, operator, order_by_relevance)
        self.tree = tree.build(self.query, prefix=self.PREFIX)

    def get_search_field(self, field_lookup, fields=None):
        """Nothing is looked up by field: ``columns()`` answers for all of them."""

    def columns(self) -> list[str]:
        """Return the index columns to look in. ``fields`` can tell the title from the rest only."""
        if self.PREFIX:
            return ["autocomplete"]
        if self.fields is None:
            return ["title", "body"]
        return sorted({"title" if name == "title" else "body" for name in self.fields})
