"""Glue: publishing, moving and withdrawing keep the projection and the page cache right.

`page_published` fires on copies, aliases and re-publishing, inside a transaction or outside:
hence `on_commit`, `isinstance`, and no exception that escapes into the publisher's request.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)

from cms.members.models import RoleGroup
from cms.members.signals import role_group_made
from cms.news import pagecache, services
from cms.news.models import SectionPage, StoryTag
from cms.news.models.review import ReviewedPage
from search.services import search_log
from search.signals import results_asked, results_counted

log = logging.getLogger(__name__)

RESULTS_KEPT = timedelta(minutes=1)


def quietly(verb, **kwargs):
    """Run `verb` after commit; a failure is logged, the publisher's own act stands."""

    def run():
        try:
            verb(**kwargs)
        except Exception:
            log.exception("%s failed for %s", verb.__name__, kwargs)

    transaction.on_commit(run)


def on_page_change(sender, instance, **kwargs):
    page = instance.specific
    if isinstance(page, ReviewedPage):
        quietly(services.card_refresh, page=page)
    elif isinstance(page, SectionPage):
        services.section_grant(section=page)
        quietly(services.section_cards_refresh, section=page)
    pagecache.touch(pagecache.SITE)


def on_tag_change(sender, instance, **kwargs):
    """A page's tags are written after the page, which the index has read by then."""
    quietly(services.story_reindex, pk=instance.content_object_id)


def on_frame_change(sender, **kwargs):
    """Other sites, or other readers for a page: kept pages and what they were made from go."""
    pagecache.touch(pagecache.SITE)


def on_results_asked(sender, request, **kwargs):
    """A page of results is kept too, but shortly: there are many, and few are asked for again."""
    pagecache.tag(request, pagecache.SITE)
    pagecache.keep_until(request, timezone.now() + RESULTS_KEPT)


def on_results_counted(sender, request, query, hits, **kwargs):
    """A kept page of results answers a search as well."""
    pagecache.each_time(request, search_log, query=query, hits=hits)


def on_role_group(sender, union, role, group, **kwargs):
    services.role_group_grant(group=group, union=union, role=role)


def connect():
    page_published.connect(on_page_change, dispatch_uid="news.published")
    page_unpublished.connect(on_page_change, dispatch_uid="news.unpublished")
    page_slug_changed.connect(on_page_change, dispatch_uid="news.slug")
    post_page_move.connect(on_page_change, dispatch_uid="news.moved")
    for signal in (post_save, post_delete):
        signal.connect(on_tag_change, sender=StoryTag, dispatch_uid="news.tagged")
    for model in (Site, PageViewRestriction):
        for signal in (post_save, post_delete):
            signal.connect(on_frame_change, sender=model, dispatch_uid="news.frame")
    results_asked.connect(on_results_asked, dispatch_uid="news.results_asked")
    results_counted.connect(on_results_counted, dispatch_uid="news.results_counted")
    role_group_made.connect(on_role_group, sender=RoleGroup, dispatch_uid="news.role_group")
