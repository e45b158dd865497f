"""What the search page searches: the cards of all public stories."""

from django.db.models import QuerySet
from wagtail.search.backends import get_search_backend

from cms.news import selectors
from cms.news.models import StoryCard
from search.registry import FacetValue, Filters, Results, Suggestion


class StorySource:
    def search(self, query: str, filters: Filters, order: str, offset: int, limit: int) -> Results:
        newest = order == "newest"
        found = _search(query, _narrowed(filters), by_relevance=not newest)
        kinds = _facet(_search(query, _cards()), "kind", "kind_label")
        return Results(
            items=list(found[offset : offset + limit]),
            # Without filters the kinds have counted everything already.
            total=found.count() if filters != Filters() else sum(kind.count for kind in kinds),
            facets={
                "kind": kinds,
                "section": _facet(_search(query, _cards()), "section_id", "section_title"),
            },
        )

    def suggest(self, query: str, limit: int) -> list[Suggestion]:
        found = get_search_backend().autocomplete(query, _cards())[:limit]
        return [Suggestion(title=card.title, url=card.url) for card in found]


def _cards() -> QuerySet[StoryCard]:
    return StoryCard.objects.defer("body_html")


def _narrowed(filters: Filters) -> QuerySet[StoryCard]:
    found = _cards().order_by("-published_at", "-pk")
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.section:
        found = found.filter(section_id=filters.section)
    return found


def _search(query: str, cards: QuerySet[StoryCard], *, by_relevance: bool = True):
    return get_search_backend().search(query, cards, order_by_relevance=by_relevance)


def _facet(found, field: str, label: str) -> list[FacetValue]:
    labels = selectors.card_labels(field, label)
    return [
        FacetValue(value=str(value), label=labels.get(value, str(value)), count=count)
        for value, count in found.facet(field).items()
    ]
