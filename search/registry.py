"""Where the search page finds what it shows: the app that has the stories registers a source."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader narrowed the search to; None = everything."""

    kind: str | None = None
    section: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice to narrow by: ``value`` goes into the address, ``label`` is shown."""

    value: str
    label: str
    count: int


class Item(Protocol):
    """What a result must have to be shown; ``text`` is plain and only its best passage appears."""

    title: str
    url: str
    summary: str
    text: str
    kind_label: str
    section_title: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Results:
    """One page of items, and how many there are in all: ``total`` within the filters,
    ``everywhere`` without. Each facet ("kind", "section", "year") counts under the other filters.
    """

    items: Sequence[Item]
    total: int
    everywhere: int
    facets: Mapping[str, Sequence[FacetValue]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    title: str
    url: str


class Source(Protocol):
    """No method raises for anything a reader typed.

    ``search``: ``order`` is "relevance", "newest" or "oldest"; ``synonyms``: other words of the
    same meaning are searched too. ``holding``: how many documents have all these parts word for
    word. ``texts``: everything the public can find, one text a
    document. ``version`` changes when ``texts`` does.
    """

    def search(
        self,
        query: str,
        filters: Filters,
        order: str,
        offset: int,
        limit: int,
        *,
        synonyms: bool = True,
    ) -> Results: ...

    def suggest(self, query: str, limit: int) -> Sequence[Suggestion]: ...

    def holding(self, parts: Sequence[str]) -> int: ...

    def texts(self) -> Iterable[str]: ...

    def version(self) -> str: ...


class NoSource:
    """Before anyone registered: nothing is found."""

    def search(self, query, filters, order, offset, limit, *, synonyms=True):
        return Results(items=(), total=0, everywhere=0)

    def suggest(self, query, limit):
        return ()

    def holding(self, parts):
        return 0

    def texts(self):
        return ()

    def version(self):
        return ""


_source: Source = NoSource()


def register_source(provider: Source) -> None:
    """Make ``provider`` answer the search page; called once from an ``AppConfig.ready()``."""
    global _source
    _source = provider


def source() -> Source:
    return _source


#: Given a moment, the texts that people wrote since then, the newest first.
RecentTexts = Callable[[datetime], Iterable[str]]
_recent_texts: list[RecentTexts] = []


def register_texts(provider: RecentTexts) -> None:
    """Offer texts that new words may be found in: public ones only, because people read them as
    examples. Called once from an ``AppConfig.ready()``."""
    _recent_texts.append(provider)


def recent_texts(since: datetime) -> Iterator[str]:
    """Yield what all apps offer, taking turns, so that no app's texts crowd out another's."""
    waiting = [iter(provider(since)) for provider in _recent_texts]
    while waiting:
        for texts in list(waiting):
            try:
                yield next(texts)
            except StopIteration:
                waiting.remove(texts)
