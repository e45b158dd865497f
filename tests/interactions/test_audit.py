"""The record of moderation cannot be rewritten, by the application or behind its back."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cms.interactions import audit, services
from cms.interactions.models import ModerationEvent, ModerationItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(newsroom, story, say):
    comment = say(story, "食堂能不能便宜点", approve=True)
    item = ModerationItem.objects.get(origin=f"comment:{comment.pk}")
    services.item_reject(item=item, user=newsroom.moderator, reason="other")
    return item


def refused_by_the_database(statement: str, *values) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {audit.TABLE} SET reason = 'advert'",
        f"UPDATE {audit.TABLE} SET at = '2020-01-01 00:00:00'",
        f"DELETE FROM {audit.TABLE}",
    ],
)
def test_no_statement_changes_or_deletes_an_event(item, statement):
    before = list(ModerationEvent.objects.values())
    assert refused_by_the_database(statement)
    assert list(ModerationEvent.objects.values()) == before


def test_queryset_cannot_either(item):
    for attempt in (
        lambda: ModerationEvent.objects.update(words="改"),
        lambda: ModerationEvent.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_events_of_an_item_are_numbered_and_sealed(item):
    events = list(item.events.order_by("number"))
    assert [event.number for event in events] == [1, 2, 3]
    assert audit.broken_at(events) is None


def test_change_and_gap_show(item):
    events = list(item.events.order_by("number"))
    events[1].reason = "advert"
    assert audit.broken_at(events) == 2
    events = list(item.events.order_by("number"))
    assert audit.broken_at([events[0], events[2]]) == 2
    # The oldest may have been purged when their time was over.
    assert audit.broken_at(events[1:]) is None


def test_after_six_months_an_event_may_go(newsroom):
    item = services.item_register(
        origin="test:1",
        source="site",
        story_id=None,
        union=newsroom.union,
        author_name="",
        author_key="",
        text="很久以前的话",
        said_at=timezone.now() - timedelta(days=audit.LEAST_DAYS + 1),
    )
    assert not refused_by_the_database(f"DELETE FROM {audit.TABLE} WHERE item_id = {item.pk}")
