"""What a union does about an utterance besides deciding on it: answer, pin, hand on."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.interactions import notices, selectors, words
from cms.interactions.models import ModerationEvent, ModerationItem, UnionComment
from cms.interactions.origins import comment_id, reply_id
from cms.interactions.services.deciding import locked
from cms.interactions.services.record import record
from cms.interactions.services.showing import comments_touch, threads_count
from cms.matrix.models import Reply, ReplyAct
from cms.matrix.services import CannotAct, act_request
from cms.members.models import User

Action = ModerationEvent.Action
State = ModerationItem.State


@transaction.atomic
def answer_give(*, item: ModerationItem, user: User, text: str) -> None:
    """Answer in the union's name where it was said: below the comment, or through the matrix.

    Raises PermissionDenied for other unions' items, ValidationError in words otherwise.
    """
    row = locked(item, user)
    text = words.check(text)
    if reply_id(row.origin):
        _through_matrix(row, user, ReplyAct.Kind.ANSWER, text)
    elif pk := comment_id(row.origin):
        _below_comment(row, pk, user, text)
    else:
        raise ValidationError(_("这里的内容不能逐条回复。"), code="source")
    record([row], Action.ANSWERED, by=user, words=text)


def _below_comment(item: ModerationItem, pk: int, user: User, text: str) -> None:
    comment = UnionComment.norel_objects.get(pk=pk)
    if not comment.shown:
        raise ValidationError(_("评论通过之后才能公开回复。"), code="hidden")
    union = item.union.name if item.union else str(_("工会"))
    answer = UnionComment(
        content_type_id=comment.content_type_id,
        object_pk=comment.object_pk,
        story_id=comment.story_id,
        site_id=settings.SITE_ID,
        user=user,
        user_name=union,
        comment=text,
        body_html=words.as_html(text),
        shown_name=union[:20],
        official=union,
        submit_date=timezone.now(),
        parent_id=comment.thread_id,
        is_public=True,
        shown=True,
    )
    answer.save()
    threads_count(UnionComment.norel_objects.filter(pk=answer.pk))
    notices.answered_by_union(item, answer)


def platform_delete(*, item: ModerationItem, user: User) -> None:
    """Ask the platform to take a refused comment away. Raises as `answer_give`."""
    _through_matrix(locked(item, user), user, ReplyAct.Kind.DELETE)


def _through_matrix(item: ModerationItem, user: User, kind: str, text: str = "") -> None:
    reply = Reply.objects.get(pk=reply_id(item.origin))
    try:
        act_request(reply=reply, kind=kind, by=user, text=text)
    except CannotAct as refused:
        raise ValidationError(str(refused), code="channel") from None


@transaction.atomic
def comment_pin(*, item: ModerationItem, user: User, pinned: bool) -> None:
    """Put a shown comment at the head of its story, or back. It stands in the record, and readers
    see that it is pinned (《跟帖评论服务管理规定》 art. 12: nothing is promoted unseen)."""
    row = locked(item, user)
    comment = UnionComment.norel_objects.filter(pk=comment_id(row.origin) or 0, shown=True, level=0)
    if not comment:
        raise ValidationError(_("只有已通过的评论（不是回复）能置顶。"), code="state")
    comment.update(pinned_at=timezone.now() if pinned else None)
    comments_touch([row.story_id])
    record([row], Action.PINNED if pinned else Action.UNPINNED, by=user)


@transaction.atomic
def item_assign(*, item: ModerationItem, user: User, to: User | None) -> None:
    """Give an item to somebody who may decide on it; None: to whoever comes first.

    Raises PermissionDenied when `to` may not decide on it.
    """
    row = selectors.items_for(user).select_for_update(of=("self",)).filter(pk=item.pk).first()
    if row is None or (to is not None and not selectors.items_for(to).filter(pk=row.pk).exists()):
        raise PermissionDenied(_("这位同事不是这个工会的审核员。"))
    ModerationItem.objects.filter(pk=row.pk).update(assigned_to=to)
    record([row], Action.ASSIGNED, by=user, words=to.real_name if to else "")
