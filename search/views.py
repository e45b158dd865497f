from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from search import answers, selectors, services
from search.answers import Answer
from search.registry import FacetValue, Filters, Item
from search.signals import results_asked, results_counted
from search.text.highlight import excerpt
from search.text.normalise import QUERY_LIMIT, clean
from search.text.question import synonyms_used

PAGE_SIZE = 10
#: Nobody reads further, and a deep offset is expensive.
LAST_PAGE = 50
PASSAGE = 120
SUGGESTIONS = 8
#: Synonyms that are named; a longer row says nothing more.
NAMED = 8
#: Who sees what was searched tries it out; that says nothing about what workers look for.
OWN = "search.view_searchlog"
ORDERS = {"relevance": _("最相关"), "newest": _("最新"), "oldest": _("最早")}
FACETS = {"kind": _("类别"), "section": _("栏目"), "year": _("年份")}


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
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Facet:
    """One thing to narrow by; ``chosen`` takes the choice away again."""

    heading: str
    choices: list[Choice]
    chosen: Choice | None


@dataclass(frozen=True)
class Synonyms:
    """The other words for ``asked``; ``address`` searches without them, or with them again."""

    asked: str
    others: list[str]
    more: bool
    used: bool
    address: str


@dataclass(frozen=True)
class Asked:
    """The search page's address, read: nothing a reader can put there is an error.

    ``cut``: what he typed was longer than what is read of it.
    """

    query: str
    cut: bool
    kind: str | None
    section: int | None
    year: int | None
    order: str
    page: int
    exact: bool
    synonyms: bool

    @classmethod
    def from_request(cls, request) -> "Asked":
        get = request.GET.get
        order = get("order", "")
        query, cut = _query(request)
        return cls(
            query=query,
            cut=cut,
            kind=clean(get("kind", ""))[:30] or None,
            section=_number(get("section"), 2**31 - 1) or None,
            year=_number(get("year"), 9999) or None,
            order=order if order in ORDERS else "relevance",
            page=_number(get("page"), LAST_PAGE) or 1,
            exact=get("exact") == "1",
            synonyms=get("syn") != "0",
        )

    @property
    def filters(self) -> Filters:
        return Filters(kind=self.kind, section=self.section, year=self.year)

    @property
    def is_new(self) -> bool:
        """Whether this is a new search, and not a turn within one that was counted already."""
        plain = self.page == 1 and self.order == "relevance" and self.filters == Filters()
        return plain and self.synonyms and not self.exact

    def parameters(self, **changes) -> str:
        """Return the address of this search with ``changes``; always back on the first page."""
        values = {
            "q": self.query,
            "kind": self.kind,
            "section": self.section,
            "year": self.year,
            "order": self.order if self.order != "relevance" else None,
            "exact": "1" if self.exact else None,
            "syn": None if self.synonyms else "0",
            **changes,
        }
        return urlencode({name: value for name, value in values.items() if value})


@require_safe
def results(request):
    """The search page: results with their passages, narrowed by kind, section and year."""
    results_asked.send(sender=Asked, request=request)
    asked = Asked.from_request(request)
    if not asked.query:
        return render(
            request, "search/results.html", {"asked": asked, "popular": selectors.popular_known()}
        )
    answer, page = _found(asked)
    found = answer.results
    if asked.is_new and not request.user.has_perm(OWN):
        counted = {"query": asked.query, "hits": found.total}
        services.search_log(**counted)
        results_counted.send(sender=Asked, request=request, **counted)
    synonyms = _synonyms(asked, answer)
    facets = _facets(asked, found.facets)
    also = synonyms.others if synonyms and synonyms.used else []
    context = {
        "asked": asked,
        "answer": answer,
        "total": found.total,
        "everywhere": found.everywhere,
        "page": page,
        "page_query": asked.parameters() + "&",
        "shown": [_shown(item, answer.query, also) for item in found.items],
        "orders": _orders(asked),
        "facets": facets,
        "chosen": [facet.chosen for facet in facets if facet.chosen],
        "everything": asked.parameters(kind=None, section=None, year=None),
        "as_typed": asked.parameters(exact="1"),
        "as_meant": asked.parameters(q=answer.meant),
        "synonyms": synonyms,
        "limit": QUERY_LIMIT,
    }
    if not found.everywhere:
        context["near"] = selectors.near_terms(asked.query)
        context["popular"] = selectors.popular_known()
    return render(request, "search/results.html", context)


@require_safe
def suggest(request):
    """What may be meant by what is being typed, as options of a list."""
    query, _cut = _query(request)
    proposed = answers.suggest(query, SUGGESTIONS) if query else answers.Suggested()
    said = " ".join(proposed.said)
    context = {
        "words": [(word, _marked(word, said)) for word in proposed.words],
        "titles": [(one.url, _marked(one.title, said)) for one in proposed.titles],
    }
    return render(request, "search/suggestions.html", context)


def _query(request) -> tuple[str, bool]:
    """Return what was typed, tidied, and whether it was cut."""
    typed = " ".join(clean(request.GET.get("q", "")[: 4 * QUERY_LIMIT]).split())
    return typed[:QUERY_LIMIT].strip(), len(typed) > QUERY_LIMIT


def _number(value: str | None, most: int) -> int:
    """Return ``value`` as a whole number up to ``most``, or 0 if it is none."""
    usable = value and value.isascii() and value.isdigit() and len(value) <= 10
    return min(int(value), most) if usable else 0


def _found(asked: Asked) -> tuple[Answer, Page]:
    """Search; beyond the end, answer with the last page."""
    answer = _page_of(asked, asked.page)
    total = min(answer.results.total, LAST_PAGE * PAGE_SIZE)
    page = Paginator(range(total), PAGE_SIZE).get_page(asked.page)
    if page.number != asked.page:
        answer = _page_of(asked, page.number)
    return answer, page


def _page_of(asked: Asked, number: int) -> Answer:
    return answers.answer(
        asked.query,
        asked.filters,
        asked.order,
        (number - 1) * PAGE_SIZE,
        PAGE_SIZE,
        exact=asked.exact,
        synonyms=asked.synonyms,
    )


def _shown(item: Item, query: str, also: list[str]) -> Shown:
    return Shown(
        item=item,
        title=_marked(item.title, query, also),
        passage=excerpt(item.text or item.summary, query, PASSAGE, also),
    )


def _marked(text: str, query: str, also: Iterable[str] = ()) -> SafeString:
    """The whole of a short text, with the words marked."""
    return excerpt(text, query, max(len(text), 1), also)


def _synonyms(asked: Asked, answer: Answer) -> Synonyms | None:
    found = synonyms_used(answer.query)
    others = list(dict.fromkeys(other for _word, same in found for other in same))
    if not others:
        return None
    return Synonyms(
        asked="、".join(word for word, _same in found),
        others=others[:NAMED],
        more=len(others) > NAMED,
        used=asked.synonyms,
        address=asked.parameters(syn="0" if asked.synonyms else None),
    )


def _orders(asked: Asked) -> list[Choice]:
    return [
        Choice(label, asked.parameters(order=order), order == asked.order)
        for order, label in ORDERS.items()
    ]


def _facets(asked: Asked, facets) -> list[Facet]:
    """Return each facet in which there is something to choose, or something chosen."""
    shown = []
    for name, heading in FACETS.items():
        values: list[FacetValue] = list(facets.get(name, ()))
        chosen = str(getattr(asked, name) or "")
        if len(values) < 2 and not chosen:
            continue
        anything = asked.parameters(**{name: None})
        label = next((value.label for value in values if value.value == chosen), heading)
        shown.append(
            Facet(
                heading=heading,
                choices=[Choice(_("全部"), anything, not chosen)]
                + [
                    Choice(
                        value.label,
                        asked.parameters(**{name: value.value}),
                        value.value == chosen,
                        value.count,
                    )
                    for value in values
                ],
                chosen=Choice(label, anything) if chosen else None,
            )
        )
    return shown
