"""What joins the queue, and what the machine says about it first."""

from datetime import timedelta

from django.utils import timezone

from cms.interactions import privacy, screening, suspicions, words
from cms.interactions.models import ModerationItem
from cms.interactions.services.record import record_first
from cms.members.models import User
from search.text.normalise import one_line

Hint = ModerationItem.Hint
#: So many texts of one person in FLOOD_MINUTES are a flood.
FLOOD_NUMBER = 4
FLOOD_MINUTES = 10
#: So many earlier copies of a text make a repetition worth a word.
REPEAT_NUMBER = 2


def item_register(
    *,
    origin: str,
    source: str,
    story_id,
    union,
    author_name: str,
    author_key: str,
    text: str,
    said_at,
    private: bool = False,
    hints=(),
    by: User | None = None,
) -> ModerationItem:
    """Put one utterance in the queue; a second call with the same `origin` changes nothing."""
    # Channels hand on whatever was typed there: controls and marks that turn the line round too.
    text, author_name = words.tidy(text), one_line(author_name)
    seen = seen_by_machine(
        text, story_id=story_id, author_key=author_key, hints=[Hint.PRIVATE] * private + [*hints]
    )
    item, made = ModerationItem.objects.get_or_create(
        origin=origin,
        defaults={
            "source": source,
            "story_id": story_id,
            "union": union,
            "author_name": author_name[:60],
            "author_key": author_key[:120],
            "said_at": said_at,
            "waiting_since": said_at,
            "unchecked": screening.is_on(),
            **seen,
        },
    )
    if made:
        record_first(item, by)
    return item


def seen_by_machine(text: str, *, story_id, author_key: str, hints=()) -> dict:
    """What the machine notices in a text, as fields of its item (text, fingerprint, hints, marks,
    level). Nothing is refused here: people decide."""
    masked = privacy.mask(text)
    fingerprint = words.fingerprint(text, story_id)
    marks = suspicions.find(masked.text)
    found = [str(hint) for hint in masked.found]
    if words.links(text):
        found.append(Hint.LINK)
    found += [*_repeats(fingerprint, author_key), *hints]
    return {
        "text": masked.text,
        "fingerprint": fingerprint,
        "hints": found,
        "marks": marks,
        "level": suspicions.level(marks, found),
    }


def _repeats(fingerprint: str, author_key: str) -> list[str]:
    """Repetition of a text by anybody, and many texts of one person."""
    now = timezone.now()
    recent = ModerationItem.objects.filter(said_at__gt=now - timedelta(days=1))
    same = recent.filter(fingerprint=fingerprint)[:REPEAT_NUMBER].values_list("pk")
    found = [Hint.REPEAT] if len(same) == REPEAT_NUMBER else []
    if author_key:
        since = now - timedelta(minutes=FLOOD_MINUTES)
        of_person = recent.filter(author_key=author_key, said_at__gt=since)
        if len(of_person[: FLOOD_NUMBER - 1].values_list("pk")) == FLOOD_NUMBER - 1:
            found.append(Hint.FLOOD)
    return found
