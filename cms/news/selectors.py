"""Reads for public pages. All lists come from StoryCard: one query each."""

from dataclasses import dataclass

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import QuerySet
from wagtail.models import Page

from cms.news.models.cards import StoryCard

CARDS_PER_PAGE = 20
HOME_CARDS = 60
PER_SECTION = 4


@dataclass(frozen=True)
class Listing:
    page: ListPage
    kind: str


def cards() -> QuerySet[StoryCard]:
    """All public stories, newest first, without their bodies."""
    return StoryCard.objects.defer("body_html", "body_text")


def card_labels(field: str, label: str) -> dict:
    """Names for a facet's values, for example {section_id: section title}."""
    return dict(StoryCard.objects.order_by().values_list(field, label).distinct())


def home_cards() -> dict:
    """The lead, the next few, and the newest of each section, from one query.

    Returns {"lead": card|None, "top": [card], "sections": [{"title","url","cards"}]}.
    """
    newest = list(cards()[:HOME_CARDS])
    with_picture = [card for card in newest if card.cover]
    lead = (with_picture or newest or [None])[0]
    top = [card for card in newest if card != lead][:4]
    shown = {card.pk for card in [lead, *top] if card}
    sections: dict[int, dict] = {}
    for card in newest:
        section = sections.setdefault(
            card.section_id,
            {"title": card.section_title, "url": card.section_url, "cards": []},
        )
        if card.pk not in shown and len(section["cards"]) < PER_SECTION:
            section["cards"].append(card)
    return {
        "lead": lead,
        "top": top,
        "sections": [section for section in sections.values() if section["cards"]],
    }


def section_cards(section: Page, *, kind: str = "", page: str = "") -> Listing:
    """One page of a section's stories; a page number out of range shows the nearest one."""
    found = cards().filter(section=section)
    if kind:
        found = found.filter(kind=kind)
    return Listing(page=Paginator(found, CARDS_PER_PAGE).get_page(page), kind=kind)


def story_context(page, request) -> dict:
    """What an article page shows besides itself: its card, body and neighbours."""
    if getattr(request, "is_preview", False):
        return {"card": None, "body_html": "", "neighbours": []}
    card = StoryCard.objects.defer("body_text").filter(pk=page.pk).first()
    neighbours = cards().filter(section_id=card.section_id).exclude(pk=page.pk)[:4] if card else []
    return {
        "card": card,
        "body_html": card.body_html if card else "",
        "neighbours": neighbours,
    }
