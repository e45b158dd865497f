"""Glue: a published story becomes deliveries; a delivery is dispatched when it is committed."""

import logging

from django.db import transaction
from wagtail.signals import page_published

from cms.matrix import services
from cms.matrix.tasks import advance_delivery
from cms.news.models import StoryPage

log = logging.getLogger(__name__)


def on_published(sender, instance, revision=None, **kwargs):
    page = instance.specific
    if isinstance(page, StoryPage) and revision is not None:
        transaction.on_commit(lambda: make_and_dispatch(page, revision))


def make_and_dispatch(page, revision):
    """Never raises: publishing on the site stands, whatever happens to the channels."""
    try:
        deliveries = services.deliveries_create(page=page, revision=revision)
    except Exception:
        # The page is public already; whatever is wrong here must not look like a failure of that.
        log.exception("no deliveries made for page %s", page.pk)
        return
    for delivery in deliveries:
        try:
            advance_delivery.delay(delivery.pk)
        except Exception:
            # The broker is away: the row is there, the sweep will find it.
            log.exception("delivery %s not dispatched", delivery.pk)


def connect():
    page_published.connect(on_published, dispatch_uid="matrix.published")
