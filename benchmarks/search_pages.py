"""Fills a database with real pages: rows as publishing leaves them, written in bulk.

Runs inside Django, in a database of its own. A page is its row in the tree, its row as policy,
law or activity, and the card that the public page reads.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from html import escape
from itertools import islice
from uuid import UUID, uuid5

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page

from benchmarks.search_text import Story, stories
from cms.members.models import Level, Union
from cms.news.models import HomePage, SectionPage, StoryCard
from cms.news.models.stories import ActivityPage, LegalPage, PolicyPage
from search.lexicon import from_files

SECTIONS = ("政策", "维权", "活动", "劳模", "安全", "帮扶", "女职工", "新就业形态")
#: Of ten stories, how many are of which kind.
KINDS = (PolicyPage,) * 5 + (LegalPage,) * 3 + (ActivityPage,) * 2
CHUNK = 500
FIRST = datetime(2016, 1, 1, 8, tzinfo=timezone.get_default_timezone())
BETWEEN = timedelta(minutes=50)
BLOCKS = UUID("6a2f2b6e-50a5-4c6e-9a35-0d2f6b1f7c11")


def load(count: int, seed: int, *, cards: bool) -> None:
    """Write ``count`` published stories below a home page with its sections; no index entries."""
    write(stories(count, seed, from_files()), cards=cards)


def write(given: Iterable[Story], *, cards: bool) -> None:
    """Write stories as published; the slug of the n-th, from 0, is ``story-n``."""
    sections = _frame()
    numbered = enumerate(given)
    count = 0
    while chunk := list(islice(numbered, CHUNK)):
        with transaction.atomic():
            _write(chunk, sections, cards=cards)
        count += len(chunk)
    for place, section in enumerate(sections):
        Page.objects.filter(pk=section.pk).update(numchild=len(range(place, count, len(sections))))


def _frame() -> list[SectionPage]:
    union = Union.add_root(name="江州市总工会", slug="jiangzhou", level=Level.CITY)
    home = Page.get_first_root_node().add_child(
        instance=HomePage(title="江州工会", slug="jiangzhou", union=union)
    )
    return [
        home.add_child(instance=SectionPage(title=title, slug=f"section-{number}", union=union))
        for number, title in enumerate(SECTIONS)
    ]


def _write(chunk: list[tuple[int, Story]], sections, *, cards: bool) -> None:
    pages = [_page(number, story, sections) for number, story in chunk]
    Page.objects.bulk_create(pages)
    rows: dict[type, list] = {}
    for page, (number, story) in zip(pages, chunk, strict=True):
        rows.setdefault(_kind(number), []).append(_row(_kind(number), page, story))
    for model, children in rows.items():
        # Django's bulk_create refuses models with a parent; their own table is an insert like any.
        model._base_manager._insert(children, fields=model._meta.local_concrete_fields)
    if cards:
        StoryCard.objects.bulk_create(
            _card(page, story, sections[number % len(sections)], _kind(number))
            for page, (number, story) in zip(pages, chunk, strict=True)
        )


def _kind(number: int) -> type:
    return KINDS[number % len(KINDS)]


def _page(number: int, story: Story, sections) -> Page:
    section = sections[number % len(sections)]
    place = number // len(sections) + 1
    published = FIRST + number * BETWEEN
    slug = f"story-{number}"
    return Page(
        path=Page._get_path(section.path, section.depth + 1, place),
        depth=section.depth + 1,
        title=story.title,
        draft_title=story.title,
        slug=slug,
        url_path=f"{section.url_path}{slug}/",
        content_type=ContentType.objects.get_for_model(_kind(number)),
        locale=Locale.get_default(),
        live=True,
        first_published_at=published,
        last_published_at=published,
        latest_revision_created_at=published,
    )


def _row(model, page: Page, story: Story):
    """The row of a story's own table: what the three kinds share, and what one of them asks."""
    body = [
        {"type": "paragraph", "value": _html(text), "id": str(uuid5(BLOCKS, f"{page.pk}/{place}"))}
        for place, text in enumerate(story.paragraphs)
    ]
    own = {
        PolicyPage: {},
        LegalPage: {"law_name": "中华人民共和国劳动合同法"},
        ActivityPage: {
            "starts_at": page.first_published_at,
            "ends_at": page.first_published_at + timedelta(hours=3),
            "place": "工人文化宫",
        },
    }[model]
    return model(
        page_ptr_id=page.pk,
        summary=story.summary,
        body=json.dumps(body),
        responsible_editor="林之",
        **own,
    )


def _html(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _card(page: Page, story: Story, section: SectionPage, kind) -> StoryCard:
    return StoryCard(
        page_id=page.pk,
        section_id=section.pk,
        section_title=section.title,
        section_url=f"/{section.slug}/",
        union_id=section.union_id,
        kind=kind.kind,
        kind_label=str(kind._meta.verbose_name),
        title=story.title,
        summary=story.summary,
        url=f"/{section.slug}/{page.slug}/",
        published_at=page.first_published_at,
        year=page.first_published_at.year,
        tags=list(story.tags),
        body_html="".join(map(_html, story.paragraphs)),
        body_text=" ".join(story.paragraphs),
    )


def spread(count: int) -> Iterator[Page]:
    """``count`` stories from all over the tree, each as its own kind."""
    keys = list(Page.objects.filter(depth=4).order_by("pk").values_list("pk", flat=True))
    for key in keys[:: max(1, len(keys) // count)][:count]:
        yield Page.objects.get(pk=key).specific
