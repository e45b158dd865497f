"""The published projection: the only writer of StoryCard, and the rendering done at publishing."""

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.models import Page
from wagtail.search import index

from cms.news import pagecache
from cms.news.models import SectionPage, StoryCard
from cms.news.models.review import ReviewedPage

COVER_WIDTHS = (360, 720, 1200)
COVER_SHAPE = (16, 9)


def card_refresh(*, page: ReviewedPage) -> StoryCard | None:
    """Bring a story's card in line with what is public now; no card for what is not live."""
    page = Page.objects.get(pk=page.pk).specific  # As stored: callers may hold an older copy.
    if not page.live or not page.live_revision_id:
        StoryCard.objects.filter(pk=page.pk).delete()
        pagecache.touch(pagecache.SITE, f"story:{page.pk}")
        return None
    section = page.get_parent()
    published_at = page.first_published_at or timezone.now()
    body_html = body_render(page=page)
    card, _made = StoryCard.objects.update_or_create(
        page_id=page.pk,
        defaults={
            "section_id": section.pk,
            "section_title": section.title,
            "section_url": section.get_url() or "",
            "union": page.union,
            "kind": page.kind,
            "kind_label": page.kind_label,
            "title": page.title,
            "summary": getattr(page, "summary", ""),
            "url": page.get_url() or "",
            "cover": cover_describe(image=getattr(page, "cover", None)),
            "published_at": published_at,
            "year": timezone.localtime(published_at).year,
            "tags": [tag.name for tag in page.tags.all()] if hasattr(page, "tags") else [],
            "body_html": body_html,
            "body_text": " ".join(strip_tags(body_html).split()),
            "extra": page.card_extra(),
        },
    )
    pagecache.touch(pagecache.SITE, f"story:{page.pk}")
    return card


def story_reindex(*, pk: int) -> None:
    """Bring what the search index knows of a story up to date, if the story is still there."""
    page = Page.objects.filter(pk=pk).first()
    if page:
        index.insert_or_update_object(page.specific)


def section_cards_refresh(*, section: SectionPage) -> None:
    """A renamed or moved section changes the cards of its stories."""
    for child in section.get_children().live().specific():
        if isinstance(child, ReviewedPage):
            card_refresh(page=child)


def body_render(*, page: ReviewedPage) -> str:
    """The HTML of a story's body as readers get it: rendered when published, not when read."""
    body = getattr(page, "body", None)
    return render_to_string("news/body.html", {"body": body, "page": page}) if body else ""


def cover_describe(*, image) -> dict:
    """Sizes of a cover for <picture>, JSON-able; "webp" is [[url, width]…], narrow ones first.

    An image whose file cannot be read gives {}: a list works with a missing picture.
    """
    if image is None:
        return {}
    try:
        specs = {width: f"fill-{width}x{_height(width)}" for width in COVER_WIDTHS}
        renditions = image.get_renditions(
            *(f"{spec}|format-webp" for spec in specs.values()),
            f"{specs[720]}|format-jpeg",
        )
    except OSError:
        return {}
    fallback = renditions[f"{specs[720]}|format-jpeg"]
    # By width: a small original gives the same file for several widths.
    webp = {
        item.width: item.url
        for item in (renditions[f"{spec}|format-webp"] for spec in specs.values())
    }
    return {
        "webp": [[url, width] for width, url in sorted(webp.items())],
        "src": fallback.url,
        "width": fallback.width,
        "height": fallback.height,
        "alt": image.description or "",
        "credit": image.credit,
    }


def _height(width: int) -> int:
    across, down = COVER_SHAPE
    return round(width * down / across)
