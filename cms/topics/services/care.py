"""我也关心: a signed-in worker says that a topic is his too, and takes it back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.interactions.models.moderation import user_key
from cms.members.models import User
from cms.members.ratelimit import allow
from cms.members.selectors import why_not_speak
from cms.topics.models import Placement, Topic, Voice
from cms.topics.people import person_key
from cms.topics.selectors.care import care_origin
from cms.topics.services.follows import follow_set
from cms.topics.services.voices import voice_take_in, voice_withdraw

PRESSES_PER_MINUTE = 30


@transaction.atomic
def care_give(*, topic: Topic, user: User, tell: bool = False) -> Voice:
    """Count `user` among those who care; with `tell`, tell him of the next answer. Safe to repeat.

    Only real people count (后台实名). The next grouping links the voice: its Placement says to
    what. Raises ValidationError in words.
    """
    if why := why_not_speak(user):
        raise ValidationError(why, code="silent")
    _not_too_fast(user)
    if topic.state != Topic.State.SHOWN or topic.merged_into_id:
        raise ValidationError(_("这个话题已经不在这里了。"), code="gone")
    key = person_key(user_key(user))
    voice = Voice.objects.filter(origin=care_origin(topic, key)).first()
    if voice is None:
        voice = voice_take_in(
            origin=care_origin(topic, key),
            source=Voice.Source.CARE,
            text=topic.name,
            said_at=timezone.now(),
            author_key=user_key(user),
            union=user.union,
        )
    Placement.objects.get_or_create(voice=voice, topic=topic, defaults={"belongs": True})
    if tell:
        follow_set(topic=topic, person_key=key, voice=voice, agreed_at=timezone.now(), user=user)
    return voice


@transaction.atomic
def care_take_back(*, topic: Topic, user: User) -> None:
    """He does not care any more; a wish to be told goes with it. Nothing to take back: no error."""
    _not_too_fast(user)
    voice_withdraw(origin=care_origin(topic, person_key(user_key(user))))


def _not_too_fast(user: User) -> None:
    if not allow(f"care-minute:{user.pk}", PRESSES_PER_MINUTE, 60):
        raise ValidationError(_("您点得太快了，请歇一会儿。"), code="fast")
