"""The comments of a story, and what one person has waiting there."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, QuerySet
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime

from cms.interactions.models import ModerationItem, UnionComment
from cms.interactions.models.moderation import user_key
from cms.interactions.selectors.ids import as_id

THREADS_PER_PAGE = 100
OWN_SHOWN = 10


@dataclass(frozen=True)
class Threads:
    """`threads`: [{"id", "name", "html", "iso", "said", "replies": [the same]}], oldest first; one
    whose first comment was withdrawn has nothing but "replies". `before` and `after` are the
    numbers of the neighbouring pages, or None."""

    threads: list[dict]
    shown: int
    before: int | None
    after: int | None


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
