"""A comment handed in."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cms.interactions import privacy, suspicions, words
from cms.interactions.models import ModerationItem, UnionComment
from cms.interactions.models.moderation import user_key
from cms.interactions.services.moderation import COMMENT, item_register
from cms.members.models import User
from cms.members.ratelimit import allow

PER_MINUTE = 5
PER_DAY = 40
# Shorter texts (「支持」) may be said under several stories.
TELLING_LENGTH = 8


@dataclass(frozen=True)
class Submitted:
    """`hidden` names the kinds of numbers that were masked (「手机号」), empty when none."""

    comment: UnionComment
    item: ModerationItem
    hidden: str


@transaction.atomic
def comment_submit(
    *, user: User, page, text: str, parent: UnionComment | None = None, ip: str | None = None
) -> Submitted:
    """Take a comment in; it stays unseen until a moderator has approved it (先审后发).

    `page` is the specific page. Raises ValidationError, in words for the author, when the story
    takes no comments, the person has no phone number, or the text is refused.
    """
    _may_comment(user, page)
    text = words.check(text)
    suspicions.refuse_gravest(text)
    if not (
        allow(f"comment-minute:{user.pk}", PER_MINUTE, 60)
        and allow(f"comment-day:{user.pk}", PER_DAY, 86400)
    ):
        raise ValidationError(_("您发得太快了，请歇一会儿再发。"), code="fast")
    # One at a time per person: a double click must not pass the next question twice.
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    if _said_before(user, page, text):
        raise ValidationError(_("这段话您已经发过了，不用重复发表。"), code="repeat")
    masked = privacy.mask(text)
    comment = UnionComment(
        content_type=ContentType.objects.get_for_model(page),
        object_pk=str(page.pk),
        site_id=settings.SITE_ID,
        user=user,
        user_name=user.display_name,
        comment=text,
        body_html=words.as_html(masked.text),
        shown_name=privacy.mask(str(user.display_name)).text[:20],
        submit_date=timezone.now(),
        ip_address=ip,
        is_public=False,
    )
    if parent is not None:
        _place_below(comment, parent)
    comment.save()
    item = item_register(
        origin=f"{COMMENT}{comment.pk}",
        source=ModerationItem.Source.SITE,
        story_id=page.pk,
        union=page.union,
        author_name=comment.shown_name,
        author_key=user_key(user),
        text=text,
        said_at=comment.submit_date,
    )
    return Submitted(comment, item, masked.names)


def _may_comment(user, page) -> None:
    if not (page.live and getattr(page, "allow_comments", False)):
        raise ValidationError(_("这篇稿件没有开放评论。"), code="closed")
    if not user.is_active:
        raise ValidationError(_("您的账号已停用，不能发表评论。"), code="inactive")
    if not user.phone:
        raise ValidationError(
            _("按规定，评论前要登记手机号。请先在账号里补上手机号。"), code="phone"
        )


def _said_before(user, page, text: str) -> bool:
    said = ModerationItem.objects.filter(
        author_key=user_key(user),
        fingerprint=words.fingerprint(text),
        said_at__gte=timezone.now() - timedelta(days=1),
    )
    if len(text) < TELLING_LENGTH:
        said = said.filter(story=page.pk)
    return said.exists()


def _place_below(comment: UnionComment, parent: UnionComment) -> None:
    """Replies stand one level deep; one to a reply says whom it answers."""
    if not (
        parent.is_public
        and not parent.is_removed
        and parent.object_pk == comment.object_pk
        and parent.content_type_id == comment.content_type_id
    ):
        raise ValidationError(_("您要回复的评论已经撤下，不能再回复。"), code="parent")
    comment.parent_id = parent.thread_id
    if parent.level:
        comment.body_html = (
            format_html('<p class="muted">回复 {}</p>', parent.shown_name) + comment.body_html
        )
