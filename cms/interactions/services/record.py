"""Writing down who moved an item, whereto, when and why."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from cms.interactions import audit
from cms.interactions.models import ModerationEvent, ModerationItem
from cms.members.models import User


def record(
    items: Sequence[ModerationItem],
    action: str,
    *,
    by: User | None,
    reason: str = "",
    words: str = "",
    at: datetime | None = None,
) -> list[ModerationEvent]:
    """Add one event to each of `items`, whose rows the caller has locked. Two statements."""
    at = at or timezone.now()
    last = {
        item: (number, seal)
        for item, number, seal in ModerationEvent.objects.filter(item__in=items)
        .order_by("item", "number")
        .values_list("item", "number", "seal")
    }
    events = []
    for item in items:
        number, before = last.get(item.pk, (0, ""))
        event = ModerationEvent(
            item=item, number=number + 1, action=action, reason=reason, words=words, by=by, at=at
        )
        event.seal = audit.seal(event, before)
        events.append(event)
    return ModerationEvent.objects.bulk_create(events)


def record_first(item: ModerationItem, by: User | None) -> None:
    """The event with which an item begins."""
    event = ModerationEvent(
        item=item, number=1, action=ModerationEvent.Action.SUBMITTED, by=by, at=item.waiting_since
    )
    event.seal = audit.seal(event, "")
    event.save(force_insert=True)
