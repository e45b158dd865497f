"""The hook for an outside checker. It adds to what people see and decides nothing: whatever it
says, and when it says nothing, the text waits for a person."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from cms.interactions.models import ModerationItem

log = logging.getLogger(__name__)
#: Items one run asks about; the next run goes on.
MOST = 100


@dataclass(frozen=True)
class Verdict:
    """What a checker says: `level` as ModerationItem.Level, `labels` for moderators in Chinese."""

    level: int
    labels: Sequence[str] = ()


class Checker(Protocol):
    """Named by MODERATION_CHECKER (a dotted path). Called in a worker, outside any transaction; it
    brings its own time limit, and any exception means "not checked"."""

    def __call__(self, text: str, context: Mapping[str, str]) -> Verdict: ...


def is_on() -> bool:
    return bool(settings.MODERATION_CHECKER)


def check_waiting() -> int:
    """Ask the outside checker about what it has not seen yet; returns how many it answered.

    One that fails leaves its item unchecked, which the desk shows; it is asked again next time.
    """
    if not is_on():
        return 0
    checker = import_string(settings.MODERATION_CHECKER)
    waiting = ModerationItem.objects.filter(unchecked=True, state=ModerationItem.State.PENDING)
    return sum(_check(checker, item) for item in waiting.order_by("pk")[:MOST])


def _check(checker: Checker, item: ModerationItem) -> bool:
    context = {"source": item.source, "story": str(item.story_id or "")}
    try:
        verdict = checker(item.text, context)
        level = ModerationItem.Level(verdict.level)
        labels = [str(label)[:60] for label in verdict.labels][:10]
    except Exception:
        # Somebody else's code and somebody else's network: the text simply stays with people.
        log.exception("The outside checker failed for item %s", item.pk)
        return False
    fresh = ModerationItem.objects.filter(pk=item.pk, fingerprint=item.fingerprint)
    return bool(fresh.update(unchecked=False, verdict=labels, level=max(level, item.level)))
