"""Verbs that write: voices in and out, and what people decide about topics.

Reading and grouping voices is in cms.topics.grouping.
"""

from datetime import datetime

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Page

from cms.interactions.models import ModerationItem
from cms.interactions.tally import ANSWER
from cms.members.models import Union
from cms.news import pagecache
from cms.news.models import HomePage
from cms.topics import public
from cms.topics.models import ConcernsPage, Topic, Voice
from search.text.normalise import clean

TEXT_LIMIT = 2000
SOURCE_OF_ITEM = {
    ModerationItem.Source.SITE: Voice.Source.SITE,
    ModerationItem.Source.WECHAT: Voice.Source.WECHAT,
    ModerationItem.Source.WEIBO: Voice.Source.WEIBO,
}


# --- Voices --------------------------------------------------------------------------------------


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
    return f"moderation:{item.pk}"


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


def person_key(author_key: str) -> str:
    """The same for the same person, and of no use to find out who it is; "" for nobody."""
    if not author_key:
        return ""
    return salted_hmac("topics.person", author_key, algorithm="sha256").hexdigest()[:32]


def tidy(text: str) -> str:
    """As kept: no NUL or invisible characters, at most TEXT_LIMIT characters, lines kept."""
    lines = (clean(line).strip() for line in text[:TEXT_LIMIT].splitlines())
    return "\n".join(line for line in lines if line)


# --- What people decide --------------------------------------------------------------------------


@transaction.atomic
def topic_set_state(*, topic: Topic, state: str, user) -> Topic:
    """Show (or accept a proposed) topic, or hide it from readers and from the board."""
    topic.state = Topic.State(state)
    topic.save(update_fields=["state"])
    log(topic, f"topics.{topic.state}", user=user)
    concerns_touch()
    return topic


@transaction.atomic
def topic_set_pinned(*, topic: Topic, pinned: bool, user) -> Topic:
    topic.pinned = pinned
    topic.save(update_fields=["pinned"])
    log(topic, "topics.pin" if pinned else "topics.unpin", user=user)
    concerns_touch()
    return topic


@transaction.atomic
def topic_rename(*, topic: Topic, name: str, user) -> Topic:
    """Raises ValidationError when the name is empty, too long or another topic's."""
    name = " ".join(clean(name).split())
    longest = Topic._meta.get_field("name").max_length
    if not name:
        raise ValidationError(_("请填写话题名称。"))
    if len(name) > longest:
        raise ValidationError(
            _("话题名称最多 %(max)d 字，请缩短后再保存。"), params={"max": longest}
        )
    if Topic.objects.exclude(pk=topic.pk).filter(name=name).exists():
        raise ValidationError(_("已有名为“%(name)s”的话题，请换一个名称。"), params={"name": name})
    before = topic.name
    topic.name = name
    topic.save(update_fields=["name"])
    log(topic, "topics.rename", user=user, data={"before": before, "after": name})
    concerns_touch()
    return topic


# --- The public page -----------------------------------------------------------------------------


def concerns_page_set_up(*, home: HomePage) -> ConcernsPage:
    """The page of concerns below `home`, made and published once."""
    page = ConcernsPage.objects.child_of(home).first()
    if page is None:
        page = home.add_child(
            instance=ConcernsPage(
                title=str(_("职工关切")),
                slug="concerns",
                intro=str(_("最近四周，大家在网站、微信和微博上说得最多的事。")),
                show_in_menus=True,
            )
        )
        page.save_revision().publish()
    return page


def concerns_touch() -> None:
    """What readers see of the concerns has changed."""
    pagecache.touch(public.CACHE_TAG)
    transaction.on_commit(lambda: cache.delete(public.STRIP_KEY))
