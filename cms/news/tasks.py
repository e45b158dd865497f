"""Thin tasks: an id in, a service called."""

from celery import shared_task
from django.core.management import call_command

from cms.news import services
from cms.news.models import FeedSource


@shared_task(name="news.fetch_feed")
def fetch_feed(source_id: int) -> None:
    source = FeedSource.objects.filter(pk=source_id, active=True).first()
    if source:
        services.feed_fetch(source=source)


@shared_task(name="news.fetch_due_feeds")
def fetch_due_feeds() -> None:
    for pk in services.feeds_due().values_list("pk", flat=True):
        fetch_feed.delay(pk)


@shared_task(name="news.publish_scheduled")
def publish_scheduled() -> None:
    """Wagtail's own command: stories go in and out at the times their editors set."""
    call_command("publish_scheduled")
