"""Nothing is kept longer than it must be.

Records of moderation: `DeskSettings.keep_days`, six months at least (网络安全法 art. 23). Then the
events go, and with the last of them what was never public or is no more; network addresses go too
(个人信息保护法 arts. 19 and 47).
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cms.interactions.models import (
    Appeal,
    DeskSettings,
    Measure,
    ModerationEvent,
    ModerationItem,
    UnionComment,
)
from cms.interactions.origins import comment_id

BATCH = 500
State = ModerationItem.State


def records_purge() -> dict[str, int]:
    """Remove what is past its time; returns how many events and texts went."""
    before = timezone.now() - timedelta(days=DeskSettings.current().keep_days)
    UnionComment.norel_objects.filter(submit_date__lt=before).exclude(ip_address=None).update(
        ip_address=None
    )
    Measure.objects.filter(at__lt=before, until__lt=before).delete()
    Measure.objects.filter(at__lt=before, lifted_at__lt=before).delete()
    return {"events": _events_purge(before), "texts": _texts_purge(before)}


def _events_purge(before) -> int:
    """The oldest first, whole items' heads: the seals of the rest still follow each other."""
    gone = 0
    while True:
        old = ModerationEvent.objects.filter(at__lt=before)
        # A refusal that is being appealed waits for the answer, and holds nothing else up.
        old = old.exclude(appeal__state=Appeal.State.OPEN).order_by("pk")[:BATCH]
        ids = list(old.values_list("pk", flat=True))
        if not ids:
            return gone
        with transaction.atomic():
            Appeal.objects.filter(refusal__in=ids).exclude(state=Appeal.State.OPEN).delete()
            gone += ModerationEvent.objects.filter(pk__in=ids)._raw_delete("default")


def _texts_purge(before) -> int:
    """Refused and withdrawn texts whose record is gone, with the comments they were."""
    events = ModerationEvent.objects.filter(item=OuterRef("pk"))
    old = ModerationItem.objects.filter(
        ~Exists(events),
        state__in=(State.REJECTED, State.WITHDRAWN),
        waiting_since__lt=before,
        appealed=False,
    )
    gone = 0
    for item in old.iterator(BATCH):
        with transaction.atomic():
            if pk := comment_id(item.origin):
                _comment_purge(pk)
            item.delete()
        gone += 1
    return gone


def _comment_purge(pk: int) -> None:
    """The comment goes, or only its words when others answered it."""
    comment = UnionComment.norel_objects.filter(pk=pk)
    below = UnionComment.norel_objects.filter(thread_id=pk).exclude(pk=pk)
    if below.exists():
        comment.update(comment="", body_html="", user=None, shown_name="", user_name="")
    else:
        comment.delete()
