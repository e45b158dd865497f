"""What this room keeps of a person, shown, taken along and erased by /my/data/ (cms.members)."""

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from cms.interactions.models.moderation import user_key
from cms.members.models import User
from cms.members.personal import Holding, register
from cms.topics.models import Follow, Voice
from cms.topics.people import person_key
from cms.topics.services.pages import concerns_touch

KEY_LENGTH = Voice._meta.get_field("person_key").max_length


def _key(user: User) -> str:
    return person_key(user_key(user))


def _cares(user: User):
    return Voice.objects.filter(source=Voice.Source.CARE, person_key=_key(user))


def care_rows(user: User) -> list[dict]:
    return [
        {"时间": voice.said_at, "我也关心": voice.text}
        for voice in _cares(user).order_by("-said_at", "-pk")
    ]


@transaction.atomic
def care_erase(user: User) -> None:
    if _cares(user).delete()[0]:
        concerns_touch()


def follow_rows(user: User) -> list[dict]:
    follows = Follow.objects.filter(user=user).select_related("topic")
    return [
        {
            "时间": follow.agreed_at,
            "想知道答复的事": follow.topic.name,
            "告诉您的时间": follow.told_at,
        }
        for follow in follows.order_by("-agreed_at", "-pk")
    ]


def follow_erase(user: User) -> None:
    Follow.objects.filter(user=user).delete()


def voice_rows(user: User) -> list[dict]:
    voices = Voice.objects.filter(person_key=_key(user)).exclude(source=Voice.Source.CARE)
    return [
        {
            "时间": voice.said_at,
            "来源": voice.get_source_display(),
            "内容": voice.text,
            "归到的话题": "、".join(link.topic.name for link in voice.links.all()),
        }
        for voice in voices.prefetch_related("links__topic").order_by("-said_at", "-pk")
    ]


def voice_erase(user: User) -> None:
    """Public words stay, as the comments they come from; that they are one person's is all that is
    left, under a key that nobody can make again from the account."""
    Voice.objects.filter(person_key=_key(user)).update(person_key=get_random_string(KEY_LENGTH))


def register_all() -> None:
    register(
        Holding("cares", _("我也关心"), care_rows, care_erase, _("全部删除，人数跟着减。"), "", 170)
    )
    register(
        Holding("follows", _("等答复的事"), follow_rows, follow_erase, _("全部删除。"), "", 165)
    )
    register(
        Holding(
            "voices",
            _("用来了解职工关切的话"),
            voice_rows,
            voice_erase,
            _("已公开的话留下用于统计，不再和您的账号有联系。"),
            "",
            # Erased last of the three: the others are found by the key that this one takes away.
            160,
        )
    )
