"""Voices in and out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from cms.interactions.models import ModerationItem
from cms.interactions.tally import ANSWER
from cms.topics.models import Voice
from cms.topics.people import person_key
from cms.topics.selectors.scope import OWN_WORDS, SPEAKING
from cms.topics.services.pages import concerns_touch
from cms.topics.services.progress import day_touch
from search.text.normalise import clean

TEXT_LIMIT = 2000
TITLE_LIMIT = Voice._meta.get_field("title").max_length
#: What is brought up to date when a voice comes again; what reading and grouping depend on.
READ_BY = frozenset({"title", "text"})
GROUPED_BY = READ_BY | {"person_key", "day", "source"}
TAKEN_IN = (
    *("source", "title", "text", "person_key", "said_at", "day"),
    *("story_id", "union_id", "link", "weight", "is_public"),
)
#: Voices that are compared and written at once.
CHUNK = 500
#: How the origin of a voice from the moderators' queue begins; the item's number follows.
MODERATION = "moderation:"
SOURCE_OF_ITEM = {
    ModerationItem.Source.SITE: Voice.Source.SITE,
    ModerationItem.Source.WECHAT: Voice.Source.WECHAT,
    ModerationItem.Source.WEIBO: Voice.Source.WEIBO,
}


def voice_of(
    *,
    origin: str,
    source: str,
    text: str,
    said_at: datetime,
    title: str = "",
    author_key: str = "",
    **fields,
) -> Voice:
    """A voice as it is kept, not saved. `author_key` may name the person; only a keyed hash of it
    stays. Who speaks and is not known is a person of his own; a search is nobody's.
    """
    nobody = origin if source in SPEAKING else ""
    return Voice(
        origin=origin,
        source=source,
        title=tidy(title)[:TITLE_LIMIT],
        text=tidy(text),
        person_key=person_key(author_key or nobody),
        said_at=said_at,
        day=timezone.localdate(said_at),
        **fields,
    )


def voice_take_in(*, origin: str, **fields) -> Voice:
    """Take a voice in, or bring the one of the same `origin` up to date; safe to repeat. `fields`
    as for `voice_of`. It is read (given its topics) and grouped by the next grouping."""
    voices_take_in([voice_of(origin=origin, **fields)])
    return Voice.objects.get(origin=origin)


@dataclass(frozen=True)
class Taken:
    """What became of many voices: so many were new, brought up to date, in already."""

    new: int = 0
    changed: int = 0
    same: int = 0


@transaction.atomic
def voices_take_in(wanted: Iterable[Voice]) -> Taken:
    """Take voices in, all or none; what has come before is brought up to date. `wanted` are not
    saved yet, no two of one origin (`voice_of`). The number of queries grows by the CHUNK, not by
    the voice."""
    new = changed = same = 0
    rest = iter(wanted)
    while chunk := list(islice(rest, CHUNK)):
        known = {
            voice.origin: voice
            for voice in Voice.objects.filter(origin__in=[voice.origin for voice in chunk])
        }
        fresh = [voice for voice in chunk if voice.origin not in known]
        newer = [
            voice for voice in chunk if voice.origin in known and _renew(voice, known[voice.origin])
        ]
        Voice.objects.bulk_create(fresh)
        Voice.objects.bulk_update(newer, [*TAKEN_IN, "read_with"])
        moved = [voice for voice in newer if GROUPED_BY & _changes(known[voice.origin], voice)]
        _touch([*fresh, *moved, *(known[voice.origin] for voice in moved)])
        new += len(fresh)
        changed += len(newer)
        same += len(chunk) - len(fresh) - len(newer)
    return Taken(new, changed, same)


def _renew(voice: Voice, known: Voice) -> bool:
    """Let `voice` be the row of `known`; says whether anything is different."""
    changed = _changes(known, voice)
    voice.pk = known.pk
    voice.read_with = "" if READ_BY & changed else known.read_with
    return bool(changed)


def _changes(known: Voice, wanted: Voice) -> set[str]:
    return {name for name in TAKEN_IN if getattr(known, name) != getattr(wanted, name)}


def voice_withdraw(*, origin: str) -> None:
    """Forget a voice with everything read from it; one that is not here is no error."""
    voices_forget(Voice.objects.filter(origin=origin))


@transaction.atomic
def voices_forget(voices: QuerySet[Voice]) -> int:
    """Forget these voices with everything read from them. Returns how many there were."""
    first = voices.filter(source__in=OWN_WORDS).aggregate(first=Min("day"))["first"]
    number = voices.delete()[1].get(Voice._meta.label, 0)
    if number:
        concerns_touch()
    if first:
        day_touch(first)
    return number


def _touch(voices: list[Voice]) -> None:
    days = [voice.day for voice in voices if voice.source in OWN_WORDS]
    if days:
        day_touch(min(days))


def utterance_take_in(*, item: ModerationItem) -> Voice:
    """An approved text from the moderators' queue becomes a voice.

    One without an author is an answer to a poll: nobody knows whose, but each is another person's.
    """
    return voice_take_in(
        origin=origin_of(item),
        source=_source_of(item),
        text=item.text,
        said_at=item.said_at,
        author_key=item.author_key or item.origin,
        story=item.story,
        union=item.union,
        link=_link(item),
        is_public=_is_public(item),
    )


def origin_of(item: ModerationItem) -> str:
    return f"{MODERATION}{item.pk}"


def _source_of(item: ModerationItem) -> str:
    if item.origin.startswith(ANSWER):
        return Voice.Source.POLL
    return SOURCE_OF_ITEM[ModerationItem.Source(item.source)]


def _link(item: ModerationItem) -> str:
    kind, _colon, number = item.origin.partition(":")
    address = item.story.get_url() or "" if item.story else ""
    return f"{address}#c{number}" if address and kind == "comment" else address


def _is_public(item: ModerationItem) -> bool:
    """What somebody wrote to an account in private is counted and never quoted."""
    return ModerationItem.Hint.PRIVATE not in item.hints


def tidy(text: str) -> str:
    """As kept: no NUL or invisible characters, at most TEXT_LIMIT characters, lines kept."""
    lines = (clean(line).strip() for line in text[:TEXT_LIMIT].splitlines())
    return "\n".join(line for line in lines if line)
