"""What the search page searches: the cards of all public stories."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from modelsearch.query import And, Phrase, SearchQuery
from wagtail.search.backends import get_search_backend

from cms.news import pagecache, selectors
from cms.news.models import StoryCard
from search.backends import tree
from search.registry import FacetValue, Filters, Results, Suggestion

ORDERS = {"newest": ("-published_at", "-page_id"), "oldest": ("published_at", "page_id")}
#: Cards that are in memory at one time when all texts are read.
READ_AT_ONCE = 200


class Shelf(NamedTuple):
    """Where a story stands; the fields are named as the filters and facets are."""

    kind: str
    section: int
    year: int


class StorySource:
    def search(
        self,
        query: str,
        filters: Filters,
        order: str,
        offset: int,
        limit: int,
        *,
        synonyms: bool = True,
    ) -> Results:
        """Two queries: the cards of this page, and how many stand where."""
        asked = tree.Sentence(query, synonyms=synonyms)
        shelves = _shelves(asked)
        total = sum(_counted(shelves, filters, Shelf._fields).values())
        found = _search(asked, _narrowed(filters, order), by_relevance=order not in ORDERS)
        return Results(
            items=list(found[offset : offset + limit]) if total else [],
            total=total,
            everywhere=sum(shelves.values()),
            facets={name: _facet(shelves, filters, name) for name in Shelf._fields},
        )

    def suggest(self, query: str, limit: int) -> list[Suggestion]:
        found = get_search_backend().autocomplete(query, _cards())[:limit]
        return [Suggestion(title=card.title, url=card.url) for card in found]

    def holding(self, parts: Sequence[str]) -> int:
        together = And([Phrase(part) for part in parts])
        return _search(together, StoryCard.objects.all(), by_relevance=False).count()

    def texts(self) -> Iterator[str]:
        rows = StoryCard.objects.order_by("pk").values_list("title", "summary", "body_text")
        for row in rows.iterator(chunk_size=READ_AT_ONCE):
            yield "\n".join(row)

    def version(self) -> str:
        return pagecache.version(pagecache.SITE)


def _cards() -> QuerySet[StoryCard]:
    return StoryCard.objects.defer("body_html")


def _narrowed(filters: Filters, order: str) -> QuerySet[StoryCard]:
    found = _cards().order_by(*ORDERS.get(order, ORDERS["newest"]))
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.section:
        found = found.filter(section_id=filters.section)
    if filters.year:
        found = found.filter(year=filters.year)
    return found


def _search(asked: SearchQuery, cards: QuerySet[StoryCard], *, by_relevance: bool):
    return get_search_backend().search(asked, cards, order_by_relevance=by_relevance)


# --- Facets -------------------------------------------------------------------------------------


def _shelves(asked: tree.Sentence) -> dict[Shelf, int]:
    """Return how many stories the query finds on each shelf; all facets come from these few."""
    section, year = Cast("section_id", CharField()), Cast("year", CharField())
    shelf = Concat("kind", Value("/"), section, Value("/"), year)
    found = _search(asked, StoryCard.objects.annotate(shelf=shelf), by_relevance=False)
    return {_shelf(name): count for name, count in found.facet("shelf").items()}


def _shelf(name: str) -> Shelf:
    kind, section, year = name.rsplit("/", 2)
    return Shelf(kind, int(section), int(year))


def _counted(shelves: dict[Shelf, int], filters: Filters, narrow_by: Iterable[str]) -> Counter:
    """Return the counts of the shelves that meet the filters named in ``narrow_by``."""
    wanted = {name: getattr(filters, name) for name in narrow_by if getattr(filters, name)}
    return Counter(
        {
            shelf: count
            for shelf, count in shelves.items()
            if all(getattr(shelf, name) == value for name, value in wanted.items())
        }
    )


def _facet(shelves: dict[Shelf, int], filters: Filters, name: str) -> list[FacetValue]:
    """Return the choices of one facet, counted under the other filters; years from the latest."""
    others = [other for other in Shelf._fields if other != name]
    counts: Counter = Counter()
    for shelf, count in _counted(shelves, filters, others).items():
        counts[getattr(shelf, name)] += count
    if name == "year":
        ranked = sorted(counts.items(), reverse=True)
    else:
        ranked = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    labels = _labels(name, counts)
    return [
        FacetValue(value=str(value), label=labels.get(value, str(value)), count=count)
        for value, count in ranked
    ]


def _labels(name: str, values: Iterable) -> dict:
    if name == "kind":
        return selectors.card_labels("kind", "kind_label")
    if name == "section":
        return selectors.card_labels("section_id", "section_title")
    return {year: f"{year}年" for year in values}
