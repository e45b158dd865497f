"""The moderators' queue."""

from django.db.models import Count, QuerySet

from cms.interactions.models import ModerationItem
from cms.interactions.selectors.ids import as_id
from cms.members.models import Role, Union
from cms.members.selectors import unions_for

STORIES_IN_FILTER = 50
MODERATOR_ROLES = (Role.MODERATOR, Role.ADMIN)


def moderated_unions(user) -> QuerySet[Union]:
    """The unions whose readers' words `user` may decide on."""
    return unions_for(user, *MODERATOR_ROLES)


def items_for(user) -> QuerySet[ModerationItem]:
    """The items `user` may decide on, oldest first. One without a union is the superuser's."""
    items = ModerationItem.objects.all()
    return items if user.is_superuser else items.filter(union__in=moderated_unions(user))


def items_filtered(items, *, source: str = "", story: str = "") -> QuerySet[ModerationItem]:
    """Narrowed by what was asked; a story that is no number finds nothing."""
    if source:
        items = items.filter(source=source)
    return items.filter(story=as_id(story) or 0) if story else items


def state_counts(items) -> dict[str, int]:
    """Items per state, zero included."""
    counted = dict(items.order_by().values_list("state").annotate(number=Count("pk")))
    return {state: counted.get(state, 0) for state in ModerationItem.State.values}


def stories_spoken_of(items) -> list[tuple[int, str]]:
    """(id, title) of the stories that `items` are about, newest story first."""
    rows = items.filter(story__isnull=False).order_by("-story_id")
    return list(rows.values_list("story_id", "story__title").distinct()[:STORIES_IN_FILTER])


def twins(items) -> dict[str, int]:
    """For the fingerprints of `items`: how many items of any union say the same."""
    counted = (
        ModerationItem.objects.filter(fingerprint__in={item.fingerprint for item in items})
        .values_list("fingerprint")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return {fingerprint: number for fingerprint, number in counted if number > 1}
