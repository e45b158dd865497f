"""我也关心: how many, and whether oneself."""

from cms.interactions.models.moderation import user_key
from cms.interactions.small import at_least
from cms.members.models import User
from cms.topics.models.cases import Follow
from cms.topics.models.topics import Topic
from cms.topics.models.voices import Voice
from cms.topics.people import person_key


def care_people(topic: Topic) -> int:
    """How many people at least pressed 我也关心: a floor in steps of five, so that no two views
    tell of one person."""
    pressed = Voice.objects.filter(
        source=Voice.Source.CARE, placements__topic=topic, placements__belongs=True
    )
    return at_least(pressed.values("person_key").distinct().count())


def care_of(topic: Topic, user: User) -> dict[str, bool]:
    """{"cares", "told"}: whether this person pressed it, and waits to hear of the answer. Two
    queries for somebody who is signed in."""
    if not user.is_authenticated:
        return {"cares": False, "told": False}
    key = person_key(user_key(user))
    waiting = Follow.objects.filter(topic=topic, person_key=key, user=user, told_of=None)
    return {
        "cares": Voice.objects.filter(origin=care_origin(topic, key)).exists(),
        "told": waiting.exists(),
    }


def care_origin(topic: Topic, key: str) -> str:
    """The origin of the voice that says: the person of this key cares about this topic."""
    return f"care:{topic.pk}:{key}"
