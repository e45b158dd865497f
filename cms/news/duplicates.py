"""Stories that say the same: candidates from the search index, then the texts themselves."""

import html
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.html import strip_tags
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from search.text.keywords import keywords
from search.text.similar import NEAR, likeness, pieces

#: Of each of the two searches, so many are read in full.
CANDIDATES = 12
#: What a story is looked for by, besides its title: an edited headline leaves its words standing.
WORDS = 8
SHOWN = 5
#: Parts of a block's stored value that no reader reads.
NO_TEXT = {"id", "type", "url", "className", "table_header_choice"}


@dataclass(frozen=True, slots=True)
class Duplicate:
    page: Page
    share: float

    @property
    def percent(self) -> int:
        return percent(self.share)


def percent(share: float) -> int:
    """0.917 → 91; only what is the same to the last letter is 100."""
    return int(share * 100)


def duplicates(
    title: str, text: str, *, drafts: QuerySet[Page], but: int | None = None
) -> list[Duplicate]:
    """Return the stories that share most of their text with this one, the likest first.

    All that is public counts, and of the unpublished what is among ``drafts`` (what the asking
    person may read). ``but``: the page asked for. Six queries at most, however many stories.
    """
    asked = pieces(f"{title}\n{text}")
    if not asked:
        return []
    found = []
    for page in _candidates(title, text, drafts, but):
        share = likeness(asked, pieces(_page_text(page)))
        if share >= NEAR:
            found.append(Duplicate(page, share))
    return sorted(found, key=lambda one: (-one.share, -one.page.pk))[:SHOWN]


def _candidates(title, text, drafts, but) -> Iterable[Page]:
    words = " ".join(keyword.word for keyword in keywords(title, text, WORDS))
    backend = get_search_backend()
    hits: set[int] = set()
    for query in filter(None, (title, words)):
        hits.update(page.pk for page in backend.search(query, Page.objects.all())[:CANDIDATES])
    readable = drafts.filter(pk__in=hits).values("pk")
    return (
        Page.objects.filter(Q(live=True) | Q(pk__in=readable), pk__in=hits - {but})
        .select_related("live_revision", "latest_revision")
        .order_by("pk")
    )


def _page_text(page: Page) -> str:
    """What is public of a page, else its newest draft; "" for what is no story."""
    revision = page.live_revision if page.live else page.latest_revision
    body = revision.content.get("body") if revision else None
    return f"{revision.content['title']}\n{body_text(json.loads(body))}" if body else ""


def body_text(stored) -> str:
    """Return the words of a story's body as it is stored (StreamField data), a part on a line."""
    return "\n".join(_words(stored))


def _words(value) -> Iterator[str]:
    if isinstance(value, str):
        yield html.unescape(strip_tags(value))
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in NO_TEXT:
                yield from _words(part)
    elif isinstance(value, list):
        for part in value:
            yield from _words(part)
