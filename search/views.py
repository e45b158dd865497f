from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from search import selectors, services
from search.registry import FacetValue, Filters, Item, source
from search.signals import results_asked
from search.text.highlight import excerpt
from search.text.normalise import QUERY_LIMIT, clean

PAGE_SIZE = 10
#: Nobody reads further, and a deep offset is expensive.
LAST_PAGE = 50
PASSAGE = 120
SUGGESTIONS = 8
ORDERS = {"relevance": _("最相关"), "newest": _("最新")}
FACETS = {"kind": _("类别"), "section": _("栏目")}


@dataclass(frozen=True)
class Shown:
    """One result as the template needs it; title and passage are escaped, with ``<mark>``."""

    item: Item
    title: SafeString
    passage: SafeString


@dataclass(frozen=True)
class Choice:
    label: str
    address: str
    current: bool
    count: int | None = None


@dataclass(frozen=True)
class Asked:
    """The search page's address, read: nothing a reader can put there is an error."""

    query: str
    kind: str | None
    section: int | None
    order: str
    page: int

    @classmethod
    def from_request(cls, request) -> "Asked":
        get = request.GET.get
        order = get("order", "")
        return cls(
            query=_query(request),
            kind=clean(get("kind", ""))[:30] or None,
            section=_number(get("section"), 2**31 - 1) or None,
            order=order if order in ORDERS else "relevance",
            page=_number(get("page"), LAST_PAGE) or 1,
        )

    @property
    def filters(self) -> Filters:
        return Filters(kind=self.kind, section=self.section)

    def parameters(self, **changes) -> str:
        """Return the address of this search with ``changes``; always back on the first page."""
        values = {
            "q": self.query,
            "kind": self.kind,
            "section": self.section,
            "order": self.order if self.order != "relevance" else None,
            **changes,
        }
        return urlencode({name: value for name, value in values.items() if value})


@require_safe
def results(request):
    """The search page: results with their passages, narrowed by kind and section."""
    results_asked.send(sender=Asked, request=request)
    asked = Asked.from_request(request)
    if not asked.query:
        return render(
            request, "search/results.html", {"asked": asked, "popular": selectors.popular_known()}
        )
    found, page = _found(asked)
    if asked.page == 1 and asked.filters == Filters():
        services.search_log(query=asked.query, hits=found.total)
    context = {
        "asked": asked,
        "total": found.total,
        "page": page,
        "page_query": asked.parameters() + "&",
        "shown": [_shown(item, asked.query) for item in found.items],
        "orders": _orders(asked),
        "facets": _facets(asked, found.facets),
        "everything": asked.parameters(kind=None, section=None),
        "narrowed": asked.filters != Filters(),
    }
    if not found.total:
        context["near"] = selectors.near_terms(asked.query) or selectors.popular_known()
    return render(request, "search/results.html", context)


@require_safe
def suggest(request):
    """The titles that match what is being typed, as a fragment."""
    query = _query(request)
    suggestions = source().suggest(query, SUGGESTIONS) if query else ()
    return render(request, "search/suggestions.html", {"query": query, "suggestions": suggestions})


def _query(request) -> str:
    return " ".join(clean(request.GET.get("q", "")[:QUERY_LIMIT]).split())


def _number(value: str | None, most: int) -> int:
    """Return ``value`` as a whole number up to ``most``, or 0 if it is none."""
    usable = value and value.isascii() and value.isdigit() and len(value) <= 10
    return min(int(value), most) if usable else 0


def _found(asked: Asked):
    """Search; beyond the end, answer with the last page."""
    found = _page_of(asked, asked.page)
    paginator = Paginator(range(min(found.total, LAST_PAGE * PAGE_SIZE)), PAGE_SIZE)
    page: Page = paginator.get_page(asked.page)
    if page.number != asked.page:
        found = _page_of(asked, page.number)
    return found, page


def _page_of(asked: Asked, number: int):
    return source().search(
        asked.query, asked.filters, asked.order, (number - 1) * PAGE_SIZE, PAGE_SIZE
    )


def _shown(item: Item, query: str) -> Shown:
    return Shown(
        item=item,
        title=excerpt(item.title, query, max(len(item.title), 1)),
        passage=excerpt(item.text or item.summary, query, PASSAGE),
    )


def _orders(asked: Asked) -> list[Choice]:
    return [
        Choice(label, asked.parameters(order=order), order == asked.order)
        for order, label in ORDERS.items()
    ]


def _facets(asked: Asked, facets) -> list[tuple[str, list[Choice]]]:
    """Return (heading, choices) for each facet in which there is something to choose."""
    shown = []
    for name, heading in FACETS.items():
        values: list[FacetValue] = list(facets.get(name, ()))
        chosen = str(getattr(asked, name) or "")
        if len(values) < 2 and not chosen:
            continue
        choices = [Choice(_("全部"), asked.parameters(**{name: None}), not chosen)]
        choices += [
            Choice(
                value.label,
                asked.parameters(**{name: value.value}),
                str(value.value) == chosen,
                value.count,
            )
            for value in values
        ]
        shown.append((heading, choices))
    return shown
