"""What people decide about topics."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from cms.topics.concerns import Plan
from cms.topics.models import Case, Placement, Split, Topic, Voice, VoiceTopic
from cms.topics.services.issues import issues_describe
from cms.topics.services.linking import issues_link
from cms.topics.services.pages import concerns_touch
from cms.topics.services.reading import slug_of, topic_make, voice_classify
from search.text.normalise import clean


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
    name = _checked_name(name, topic=topic)
    before = topic.name
    topic.name, topic.named_by_hand = name, True
    topic.save(update_fields=["name", "named_by_hand"])
    log(topic, "topics.rename", user=user, data={"before": before, "after": name})
    concerns_touch()
    return topic


def _checked_name(name: str, topic: Topic | None) -> str:
    """`name` tidied. Raises ValidationError."""
    name = " ".join(clean(name).split())
    longest = Topic._meta.get_field("name").max_length
    if not name:
        raise ValidationError(_("请填写话题名称。"))
    if len(name) > longest:
        raise ValidationError(
            _("话题名称最多 %(max)d 字，请缩短后再保存。"), params={"max": longest}
        )
    if Topic.objects.exclude(pk=topic and topic.pk).filter(name=name).exists():
        raise ValidationError(_("已有名为“%(name)s”的话题，请换一个名称。"), params={"name": name})
    return name


@transaction.atomic
def topic_merge(*, topic: Topic, into: Topic, user) -> None:
    """Let the voices of an issue count for another, now and later. Raises ValidationError."""
    for one in (topic, into):
        if one.kind != Topic.Kind.EMERGENT:
            raise ValidationError(_("关切主题是固定的，只有具体话题可以合并。"))
    if topic.pk == into.pk or into.merged_into_id:
        raise ValidationError(_("请选择另一个话题来合并。"))
    if topic.cases.filter(state__in=Case.OPEN_STATES).exists():
        raise ValidationError(_("这个话题还有未办结的事项，请先了结或转到另一个话题。"))
    Topic.objects.filter(merged_into=topic).update(merged_into=into)
    topic.merged_into = into
    topic.save(update_fields=["merged_into"])
    issues_link(_voices_of(topic))
    issues_describe([into])
    log(topic, "topics.merge", user=user, data={"into": into.name})
    log(into, "topics.merge_in", user=user, data={"from": topic.name})
    concerns_touch()


@transaction.atomic
def topic_unmerge(*, topic: Topic, user) -> None:
    """Make a merged issue one of its own again."""
    into = topic.merged_into
    if into is None:
        raise ValidationError(_("这个话题没有并入别的话题。"))
    topic.merged_into = None
    topic.save(update_fields=["merged_into"])
    issues_link(_voices_of(into))
    issues_describe([topic, into])
    log(topic, "topics.unmerge", user=user, data={"from": into.name})
    concerns_touch()


@transaction.atomic
def topic_split(*, topic: Topic, words: list[str], name: str, user) -> Topic:
    """Make what says one of `words` an issue of its own, now and later. Returns the new issue.

    Raises ValidationError when the words catch nothing, or everything.
    """
    if topic.kind != Topic.Kind.EMERGENT or topic.merged_into_id:
        raise ValidationError(_("只有具体话题可以拆分。"))
    words = list(dict.fromkeys(filter(None, (" ".join(clean(word).split()) for word in words))))
    said = [voice.whole for voice in Voice.objects.filter(links__topic=topic)]
    caught = sum(any(word in text for word in words) for text in said)
    if not caught:
        raise ValidationError(_("没有哪句话说到这些词，请换一个词。"))
    if caught == len(said):
        raise ValidationError(_("每句话都说到这些词，这样拆不开，请换一个词。"))
    name = _checked_name(name or words[0], topic=None)
    new = topic_make(
        key=f"split:{topic.pk}:{words[0]}"[:140],
        kind=Topic.Kind.EMERGENT,
        plan=Plan(name, topic.concern, slug_of(name)),
        state=topic.state,
        parent=topic.parent,
        named_by_hand=True,
    )
    Split.objects.create(source=topic, into=new, words=words)
    issues_link(_voices_of(topic))
    issues_describe([topic, new])
    log(topic, "topics.split", user=user, data={"into": new.name, "words": words})
    concerns_touch()
    return new


@transaction.atomic
def voice_place(*, voice: Voice, topic: Topic, belongs: bool, user) -> None:
    """A person says whether a voice is about a topic; it holds whatever the machine finds."""
    Placement.objects.update_or_create(
        voice=voice, topic=topic, defaults={"belongs": belongs, "by": user}
    )
    voice_classify(voice=voice)
    action = "topics.place" if belongs else "topics.displace"
    log(topic, action, user=user, data={"voice": voice.pk})
    concerns_touch()


def _voices_of(topic: Topic) -> list[int]:
    """The voices whose issue may be another one after a decision about `topic`."""
    return list(VoiceTopic.objects.filter(topic=topic).values_list("voice", flat=True))
