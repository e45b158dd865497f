"""Whether a comment is seen, and what its thread counts: changed together, here alone."""

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cms.interactions.models import ModerationItem, UnionComment
from cms.interactions.origins import comment_id
from cms.news import pagecache


def comments_show(items: Iterable[ModerationItem], *, shown: bool) -> None:
    """Show the comments among `items` to everybody, or to nobody."""
    ids = [pk for item in items if (pk := comment_id(item.origin))]
    if not ids:
        return
    comments = UnionComment.norel_objects.filter(pk__in=ids)
    # Not save(): see UnionComment.save.
    comments.update(is_public=shown, shown=shown)
    threads_count(comments)


def threads_count(comments: QuerySet[UnionComment]) -> None:
    """Count the threads of `comments` anew and tell the kept pages: exact, whatever came before."""
    rows = list(comments.values_list("thread_id", "object_pk"))
    below = UnionComment.norel_objects.filter(
        thread_id=OuterRef("pk"), level__gt=0, shown=True
    ).order_by()
    number = Coalesce(
        Subquery(below.values("thread_id").annotate(number=Count("pk")).values("number")), 0
    )
    roots = UnionComment.norel_objects.filter(pk__in={thread for thread, _page in rows})
    roots.update(replies=number, answered=Exists(below.exclude(official="")))
    roots.update(listed=Q(shown=True) | Q(replies__gt=0))
    comments_touch({page for _thread, page in rows})


def comments_touch(pages: Iterable) -> None:
    """The comments of these pages look different now."""
    pagecache.touch(*(f"comments:{page}" for page in pages))
