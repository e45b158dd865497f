"""What joins the queue, and what the machine says about it first."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.expressions import OrderBy
from django.utils import timezone

from cms.interactions import privacy, screening, suspicions, words
from cms.interactions.models import ModerationItem
from cms.interactions.services.record import record_first
from cms.members.models import User
from search.text.normalise import one_line

Hint = ModerationItem.Hint
#: So many texts of one person within FLOOD_MINUTES are a flood.
FLOOD_NUMBER = 4
FLOOD_MINUTES = 10
#: So many earlier copies of a text within a day make a repetition worth a word.
REPEAT_NUMBER = 2
#: Most rows looked at for that, one's own first: a thousand copies tell no more than these.
MOST_LOOKED_AT = 200


@dataclass(frozen=True)
class Seen:
    """What the machine reads in a text by itself: `marks` are places in `masked.text`."""

    text: str
    masked: privacy.Masked
    marks: list[dict]


@dataclass(frozen=True)
class Recent:
    """The last day: texts like this one (by anybody, by this person), and all of this person's, of
    the day, of the last minutes and of the last minute."""

    same: int = 0
    own_same: int = 0
    own: int = 0
    own_lately: int = 0
    own_minute: int = 0


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
    seen: Seen | None = None,
    recent: Recent | None = None,
) -> ModerationItem:
    """Put one utterance in the queue; a second call with the same `origin` changes nothing.

    `seen` and `recent` spare a second look when the caller has looked already.
    """
    # Channels hand on whatever was typed there: controls and marks that turn the line round too.
    author_name = one_line(author_name)
    seen = seen or read_by_machine(words.tidy(text))
    recent = recent or recent_like(seen, story_id=story_id, author_key=author_key)
    hints = [*([Hint.PRIVATE] if private else []), *hints]
    item = ModerationItem(
        origin=origin,
        source=source,
        story_id=story_id,
        union=union,
        author_name=author_name[:60],
        author_key=author_key[:120],
        said_at=said_at,
        waiting_since=said_at,
        unchecked=screening.is_on(),
        **fields_of(seen, recent, story_id=story_id, hints=hints),
    )
    try:
        with transaction.atomic():
            item.save(force_insert=True)
            record_first(item, by)
    except IntegrityError:
        return ModerationItem.objects.get(origin=origin)
    return item


def read_by_machine(text: str) -> Seen:
    masked = privacy.mask(text)
    return Seen(text, masked, suspicions.find(masked.text))


def recent_like(seen: Seen, *, story_id, author_key: str) -> Recent:
    """What was said in the last day that bears on this text; one query."""
    now = timezone.now()
    fingerprint = words.fingerprint(seen.masked.text, story_id)
    like = Q(fingerprint=fingerprint)
    if author_key:
        like |= Q(author_key=author_key)
    rows = list(
        ModerationItem.objects.filter(like, said_at__gt=now - timedelta(days=1))
        .order_by(OrderBy(Q(author_key=author_key), descending=True))
        .values_list("fingerprint", "author_key", "said_at")[:MOST_LOOKED_AT]
    )
    own = [(found, at) for found, author, at in rows if author_key and author == author_key]
    return Recent(
        same=sum(found == fingerprint for found, _author, _at in rows),
        own_same=sum(found == fingerprint for found, _at in own),
        own=len(own),
        own_lately=sum(at > now - timedelta(minutes=FLOOD_MINUTES) for _found, at in own),
        own_minute=sum(at > now - timedelta(minutes=1) for _found, at in own),
    )


def fields_of(seen: Seen, recent: Recent, *, story_id, hints=()) -> dict:
    """The fields of an item that the machine fills in. It refuses nothing here: people decide."""
    found = [str(hint) for hint in seen.masked.found]
    if words.links(seen.text):
        found.append(Hint.LINK)
    if recent.same >= REPEAT_NUMBER:
        found.append(Hint.REPEAT)
    if recent.own_lately >= FLOOD_NUMBER - 1:
        found.append(Hint.FLOOD)
    found += hints
    return {
        "text": seen.masked.text,
        "fingerprint": words.fingerprint(seen.masked.text, story_id),
        "hints": found,
        "marks": seen.marks,
        "level": suspicions.level(seen.marks, found),
    }
