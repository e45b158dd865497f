"""What templates ask of the newsroom: the frame round every page, and what a section holds."""

import re

from django import template
from django.conf import settings
from django.db.models import Q
from django.utils.html import format_html_join

from cms.news import pagecache
from cms.news.models import HomePage, SectionPage, StoryCard

register = template.Library()

CLAUSE_END = re.compile("(?<=[，。：；？！])")


@register.simple_tag
def site_frame() -> dict:
    """Names and links that every page shows; no query when warm.

    Returns {"name", "motto", "union", "icp", "home", "sections": [{"title", "url"}]}.
    """
    return pagecache.remember("frame", _frame)


def _frame() -> dict:
    home = HomePage.objects.live().select_related("union").first()
    frame = {
        "name": settings.WAGTAIL_SITE_NAME,
        "motto": "",
        "union": "",
        "icp": getattr(settings, "ICP_NUMBER", ""),
        "home": "/",
        "sections": [],
    }
    if home is None:
        return frame
    sections = SectionPage.objects.child_of(home).values("pk")
    shown = home.get_children().live().filter(Q(show_in_menus=True) | Q(pk__in=sections))
    return {
        **frame,
        "name": home.title,
        "motto": home.motto,
        "union": home.union.name if home.union else "",
        "home": home.url or "/",
        "sections": [{"title": page.title, "url": page.url} for page in shown],
    }


@register.inclusion_tag("components/site_nav.html", takes_context=True)
def site_nav(context) -> dict:
    """The row of sections under the masthead; the one the reader is in is marked."""
    frame = context.get("frame") or site_frame()
    request = context.get("request")
    path = request.path if request else ""
    sections = [
        {**section, "current": bool(section["url"]) and path.startswith(section["url"])}
        for section in frame["sections"]
    ]
    return {"home": frame["home"], "at_home": path == frame["home"], "sections": sections}


@register.simple_tag
def kinds_in(section) -> list[dict]:
    """The kinds of story a section holds, [{"kind", "kind_label"}], in one query."""
    rows = StoryCard.objects.filter(section_id=section.pk).order_by("kind")
    return list(rows.values("kind", "kind_label").distinct())


@register.filter
def clauses(title: str) -> str:
    """The title with each clause in its own span, so that a headline turns at a comma."""
    parts = [part for part in CLAUSE_END.split(title) if part]
    return format_html_join("", '<span class="clause">{}</span>', ((part,) for part in parts))


@register.filter
def srcset(sizes: list) -> str:
    """The srcset of [[url, width in pixels], …]."""
    return ", ".join(f"{url} {width}w" for url, width in sizes)
