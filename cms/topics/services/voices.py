"""Voices in and out."""

from datetime import datetime

from django.utils import timezone
from wagtail.models import Page

from cms.interactions.models import ModerationItem
from cms.interactions.tally import ANSWER
from cms.members.models import Union
from cms.topics.models import Voice
from cms.topics.people import person_key
from cms.topics.services.pages import concerns_touch
from search.text.normalise import clean

TEXT_LIMIT = 2000
#: How the origin of a voice from the moderators' queue begins; the item's number follows.
MODERATION = "moderation:"
SOURCE_OF_ITEM = {
    ModerationItem.Source.SITE: Voice.Source.SITE,
    ModerationItem.Source.WECHAT: Voice.Source.WECHAT,
    ModerationItem.Source.WEIBO: Voice.Source.WEIBO,
}


def voice_take_in(
    *,
    origin: str,
    source: str,
    text: str,
    said_at: datetime,
    author_key: str = "",
    story: Page | None = None,
    union: Union | None = None,
    link: str = "",
    weight: int = 1,
    is_public: bool = False,
) -> Voice:
    """Take a voice in, or bring the one of the same `origin` up to date; safe to repeat.

    It is read (given its topics) by the next grouping. `author_key` may name the person; only a
    keyed hash of it is kept.
    """
    text = tidy(text)
    fields = {
        "source": source,
        "text": text,
        "person_key": person_key(author_key),
        "said_at": said_at,
        "day": timezone.localdate(said_at),
        "story": story,
        "union": union,
        "link": link,
        "weight": weight,
        "is_public": is_public,
    }
    voice, made = Voice.objects.get_or_create(origin=origin, defaults=fields)
    if not made:
        if voice.text != text:
            fields["read_with"] = ""
        Voice.objects.filter(pk=voice.pk).update(**fields)
        voice.refresh_from_db()
    return voice


def voice_withdraw(*, origin: str) -> None:
    """Forget a voice with everything read from it; one that is not here is no error."""
    if Voice.objects.filter(origin=origin).delete()[0]:
        concerns_touch()


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
