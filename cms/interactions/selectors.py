"""Reads: the comments of a story, what one person has waiting, the moderators' queue."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, QuerySet
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime

from cms.interactions.models import Ballot, ModerationItem, UnionComment
from cms.interactions.models.moderation import user_key
from cms.members.models import Role, Union
from cms.members.selectors import unions_for

THREADS_PER_PAGE = 100
OWN_SHOWN = 10
ID_DIGITS = 9
STORIES_IN_FILTER = 50
MODERATOR_ROLES = (Role.MODERATOR, Role.ADMIN)


@dataclass(frozen=True)
class Threads:
    """`threads`: [{"id", "name", "html", "iso", "said", "replies": [the same]}], oldest first; one
    whose first comment was withdrawn has nothing but "replies". `before` and `after` are the
    numbers of the neighbouring pages, or None."""

    threads: list[dict]
    shown: int
    before: int | None
    after: int | None


def as_id(value) -> int | None:
    """The number in what a browser sent as an id; None when no database row can have it."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= ID_DIGITS else None


# --- Comments ------------------------------------------------------------------------------------


def comment_threads(page, number: int = 1) -> Threads:
    """One page of the public comments on `page`, in one query whatever their number."""
    public = _public().filter(
        content_type=ContentType.objects.get_for_model(page), object_pk=str(page.pk)
    )
    start = (number - 1) * THREADS_PER_PAGE
    wanted = public.order_by("thread_id").values("thread_id").distinct()
    rows = (
        public.filter(thread_id__in=wanted[start : start + THREADS_PER_PAGE + 1])
        .order_by("thread_id", "order")
        .values_list("pk", "thread_id", "level", "shown_name", "body_html", "submit_date")
    )
    threads: dict[int, dict] = {}
    for pk, thread_id, level, name, html, said_at in rows:
        # Made ready here and not by template filters: a hundred comments are two hundred dates.
        said = localtime(said_at)
        comment = {
            "id": str(pk),
            "name": name,
            "html": mark_safe(html),  # Escaped when it was written: cms.interactions.words.as_html
            "iso": said.isoformat(timespec="minutes"),
            "said": f"{said.year}年{said.month}月{said.day}日 {said:%H:%M}",
        }
        if level:
            threads.setdefault(thread_id, {"replies": []})["replies"].append(comment)
        else:
            threads[thread_id] = {**comment, "replies": []}
    listed = list(threads.values())
    shown = listed[:THREADS_PER_PAGE]
    return Threads(
        threads=shown,
        shown=sum(len(thread["replies"]) + ("id" in thread) for thread in shown),
        before=number - 1 if number > 1 else None,
        after=number + 1 if len(listed) > THREADS_PER_PAGE else None,
    )


def comment_counts(page_ids) -> dict[int, int]:
    """How many public comments each of these pages has; pages without any are left out."""
    rows = (
        _public()
        .filter(object_pk__in=[str(pk) for pk in page_ids])
        .values_list("object_pk")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return {int(pk): number for pk, number in rows}


def own_unpublished(user, page) -> list[ModerationItem]:
    """What `user` wrote on `page` and others do not see, newest last: waiting or refused."""
    items = ModerationItem.objects.filter(
        author_key=user_key(user), story=page.pk, source=ModerationItem.Source.SITE
    ).exclude(state=ModerationItem.State.APPROVED)
    return list(items.order_by("-said_at", "-pk")[:OWN_SHOWN])[::-1]


def public_comment(pk) -> UnionComment | None:
    """The public comment of this id, which may be anything a reader's browser sent."""
    number = as_id(pk)
    return _public().filter(pk=number).first() if number else None


def _public() -> QuerySet[UnionComment]:
    return UnionComment.norel_objects.filter(is_public=True, is_removed=False)


# --- Polls ---------------------------------------------------------------------------------------


def vote_counts(page_ids) -> dict[int, int]:
    """How many people have voted in each of these polls; polls without votes are left out."""
    voters = Ballot.objects.filter(poll__in=page_ids).values_list("poll")
    return dict(voters.annotate(number=Count("pk")).order_by())


# --- The queue -----------------------------------------------------------------------------------


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
