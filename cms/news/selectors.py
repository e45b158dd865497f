"""Reads for public pages. All lists come from StoryCard: one query each."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.core.validators import slug_re
from django.db.models import QuerySet
from wagtail.models import Page, PageViewRestriction, Site

from cms.news import pagecache
from cms.news.models.cards import StoryCard

CARDS_PER_PAGE = 20
HOME_CARDS = 60
PER_SECTION = 4
NEIGHBOURS = 4
# What a list shows of a card. Rows as dicts: making forty model objects costs more than the query.
LISTED = (
    "page_id",
    "section_id",
    "section_title",
    "section_url",
    "kind_label",
    "title",
    "summary",
    "url",
    "cover",
    "published_at",
)


@dataclass(frozen=True)
class Listing:
    page: ListPage
    kind: str


def cards() -> QuerySet[StoryCard]:
    """All public stories, newest first, without their bodies."""
    return StoryCard.objects.defer("body_html", "body_text")


def texts_since(moment: datetime) -> Iterator[str]:
    """The words of the stories published since then, newest first. Registered for new words."""
    since = StoryCard.objects.filter(published_at__gte=moment)
    for parts in since.values_list("title", "summary", "body_text").iterator():
        yield "\n".join(parts)


def card_rows() -> QuerySet:
    """All public stories, newest first, as dicts of the fields LISTED."""
    return StoryCard.objects.values(*LISTED)


def card_labels(field: str, label: str) -> dict:
    """Names for a facet's values, for example {section_id: section title}. No query when warm."""
    pairs = StoryCard.objects.order_by().values_list(field, label).distinct()
    return pagecache.remember(f"labels:{field}:{label}", lambda: dict(pairs))


def home_cards() -> dict:
    """The lead, the next few, and the newest of each section, from one query.

    Returns {"lead": row|None, "top": [row], "sections": [{"title","url","cards": [row]}]}, rows
    as `card_rows` gives them.
    """
    newest = list(card_rows()[:HOME_CARDS])
    with_picture = [card for card in newest if card["cover"]]
    lead = (with_picture or newest or [None])[0]
    top = [card for card in newest if card is not lead][:4]
    shown = {card["page_id"] for card in [lead, *top] if card}
    sections: dict[int, dict] = {}
    for card in newest:
        section = sections.setdefault(
            card["section_id"],
            {"title": card["section_title"], "url": card["section_url"], "cards": []},
        )
        if card["page_id"] not in shown and len(section["cards"]) < PER_SECTION:
            section["cards"].append(card)
    return {
        "lead": lead,
        "top": top,
        "sections": [section for section in sections.values() if section["cards"]],
    }


def section_cards(section: Page, *, kind: str = "", page: str = "") -> Listing:
    """One page of a section's stories; a page number out of range shows the nearest one."""
    found = card_rows().filter(section=section)
    kind = kind if slug_re.fullmatch(kind) else ""
    if kind:
        found = found.filter(kind=kind)
    return Listing(page=Paginator(found, CARDS_PER_PAGE).get_page(page), kind=kind)


def story_context(page, request) -> dict:
    """What an article page shows besides itself: its card, body and neighbours."""
    if getattr(request, "is_preview", False):
        return {"card": None, "body_html": "", "neighbours": []}
    card = StoryCard.objects.defer("body_text").filter(pk=page.pk).first()
    return {
        "card": card,
        "body_html": card.body_html if card else "",
        "neighbours": _neighbours(card) if card else [],
    }


def _neighbours(card: StoryCard) -> QuerySet:
    others = StoryCard.objects.filter(section_id=card.section_id).exclude(pk=card.pk)
    return others.values("title", "url")[:NEIGHBOURS]


# --- What Wagtail asks for every page ------------------------------------------------------------


def only_site() -> Site | None:
    """The site with its front page, when there is no other site; a copy of one's own."""
    kept = pagecache.remember("only-site", _only_site)
    if kept is None:
        return None
    site = copy(kept)
    site.root_page = copy(kept.root_page)
    return site


def _only_site() -> Site | None:
    sites = Site.objects.select_related("root_page")[:2]
    if len(sites) != 1:
        return None
    site = sites[0]
    site.root_page = site.root_page.specific
    return site


def has_view_restrictions() -> bool:
    """Whether any page at all is only for some readers."""
    return pagecache.remember("view-restrictions", PageViewRestriction.objects.exists)
