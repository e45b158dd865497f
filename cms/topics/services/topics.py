"""What people decide about topics."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from cms.topics.models import Topic
from cms.topics.services.pages import concerns_touch
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
