"""What a reader does with comments: hand in, change, take back, like, report."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_comments.models import CommentFlag
from django_comments_xtd.models import LIKEDIT_FLAG

from cms.interactions import challenge, privacy, selectors, signals, suspicions, words
from cms.interactions.models import (
    CommentReport,
    DeskSettings,
    ModerationEvent,
    ModerationItem,
    UnionComment,
)
from cms.interactions.models.moderation import user_key
from cms.interactions.origins import COMMENT
from cms.interactions.services.deciding import tell, write_down
from cms.interactions.services.queue import (
    Recent,
    Seen,
    fields_of,
    item_register,
    read_by_machine,
    recent_like,
)
from cms.interactions.services.record import record
from cms.interactions.services.showing import comments_show, comments_touch
from cms.members.models import User
from cms.members.ratelimit import allow

EDITS_PER_MINUTE = 5
REPORTS_PER_DAY = 20
LIKES_PER_MINUTE = 30
Action = ModerationEvent.Action
State = ModerationItem.State
Hint = ModerationItem.Hint


class PersonalNumbers(ValidationError):
    """The text holds numbers that would go public; its author is asked first.

    `masked` is the text without them, `may_keep` says whether he may leave them in.
    """

    def __init__(self, masked: privacy.Masked):
        super().__init__(
            _("您写了%(names)s，发表后谁都能看到。请选择怎么办。"),
            code="numbers",
            params={"names": masked.names},
        )
        self.masked = masked
        self.may_keep = set(masked.found) == {Hint.MOBILE}


@dataclass(frozen=True)
class Submitted:
    """`hidden` names the kinds of numbers that were masked (「手机号」), empty when none."""

    comment: UnionComment
    item: ModerationItem
    hidden: str


@dataclass(frozen=True)
class _Words:
    """A text that may be handed in: what is kept, what readers will see, what is told."""

    text: str
    shown: str
    hidden: str
    hints: tuple[str, ...]
    seen: Seen


def comment_submit(
    *,
    user: User,
    page,
    text: str,
    parent: UnionComment | None = None,
    ip: str | None = None,
    numbers: str = "",
    at: datetime | None = None,
) -> Submitted:
    """Take a comment in; it stays unseen until a moderator has approved it (先审后发).

    `page` is the specific page. `numbers` is the author's answer to PersonalNumbers: "hide" or
    "keep". `at`: when it was written, of what is brought in from elsewhere. Raises
    ValidationError, in words for the author, when the story takes no comments, the person may not
    speak, or the text is refused.
    """
    _may_comment(user, page)
    written = _checked(text, numbers)
    return _take_in(user, page, written, parent, ip, at or timezone.now())


@transaction.atomic
def _take_in(user: User, page, written: _Words, parent, ip, at: datetime) -> Submitted:
    """What needs the database to hold still, after everything that does not."""
    _one_at_a_time(user)
    recent = recent_like(written.seen, story_id=page.pk, author_key=user_key(user))
    _not_too_fast(recent)
    if recent.own_same:
        raise ValidationError(_("这段话您已经发过了，不用重复发表。"), code="repeat")
    comment = UnionComment(
        content_type_id=page.content_type_id,
        object_pk=str(page.pk),
        story_id=page.pk,
        site_id=settings.SITE_ID,
        user=user,
        user_name=user.display_name,
        comment=written.text,
        body_html=words.as_html(written.shown),
        shown_name=privacy.mask(str(user.display_name)).text[:20],
        submit_date=at,
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
        text=written.text,
        said_at=comment.submit_date,
        hints=written.hints,
        by=user,
        seen=written.seen,
        recent=recent,
    )
    return Submitted(comment, item, written.hidden)


def _may_comment(user: User, page) -> None:
    if not (page.live and selectors.takes_comments(page)):
        raise ValidationError(_("这篇稿件没有开放评论。"), code="closed")
    _may_speak(user)


def _may_speak(user: User) -> None:
    """Raises ValidationError, in words for the person, when `user` may not speak in public."""
    if why := selectors.why_silent(user):
        raise ValidationError(why, code="silent")


def _one_at_a_time(user: User) -> None:
    """A double click must not pass the next question twice. SQLite lets one write at a time."""
    if connection.features.has_select_for_update:
        User.objects.select_for_update().only("pk").get(pk=user.pk)


def _not_too_fast(recent: Recent) -> None:
    limits = DeskSettings.current()
    if recent.own_minute >= limits.per_minute or recent.own >= limits.per_day:
        challenge.note_abuse()
        raise ValidationError(_("您发得太快了，请歇一会儿再发。"), code="fast")


def _checked(text: str, numbers: str) -> _Words:
    text = words.check(text)
    seen = read_by_machine(text)
    suspicions.refuse_gravest(seen.masked.text, seen.marks)
    masked = seen.masked
    if not masked.found:
        return _Words(text, text, "", (), seen)
    question = PersonalNumbers(masked)
    if numbers == "hide":
        return _Words(masked.text, masked.text, masked.names, (), seen)
    if numbers == "keep" and question.may_keep:
        return _Words(text, text, "", (Hint.AGREED,), seen)
    raise question


def _place_below(comment: UnionComment, parent: UnionComment) -> None:
    """Replies stand one level deep; one to a reply says whom it answers."""
    if not (
        parent.shown
        and parent.object_pk == comment.object_pk
        and parent.content_type_id == comment.content_type_id
    ):
        raise ValidationError(_("您要回复的评论已经撤下，不能再回复。"), code="parent")
    comment.parent_id = parent.thread_id
    if parent.level:
        comment.answers_id = parent.pk


# --- One's own ------------------------------------------------------------------------------------


@transaction.atomic
def comment_edit(*, comment: UnionComment, user: User, text: str, numbers: str = "") -> Submitted:
    """Change one's own comment within EDIT_MINUTES of writing it. It waits for review again.

    Raises PermissionDenied for somebody else's, ValidationError in words otherwise.
    """
    item = _own_item(comment, user)
    if not selectors.may_edit(item):
        raise ValidationError(
            _("发表超过 %(minutes)d 分钟，不能再修改。可以撤回后重新发表。"),
            code="late",
            params={"minutes": selectors.EDIT_MINUTES},
        )
    _may_speak(user)
    written = _checked(text, numbers)
    if written.text == comment.comment:
        return Submitted(comment, item, "")
    if not allow(f"edit-minute:{user.pk}", EDITS_PER_MINUTE, 60):
        raise ValidationError(_("您改得太快了，请歇一会儿再改。"), code="fast")
    now = timezone.now()
    record([item], Action.EDITED, by=user, words=item.text, at=now)
    was_shown = item.state == State.APPROVED
    recent = recent_like(written.seen, story_id=item.story_id, author_key="")
    fields = {
        **fields_of(written.seen, recent, story_id=item.story_id, hints=written.hints),
        "state": State.PENDING,
        "waiting_since": now,
        "reason": "",
        "note": "",
    }
    ModerationItem.objects.filter(pk=item.pk).update(**fields)
    UnionComment.norel_objects.filter(pk=comment.pk).update(
        comment=written.text, body_html=words.as_html(written.shown), edited_at=now
    )
    comments_show([item], shown=False)
    if was_shown:
        tell(signals.utterance_withdrawn, [item])
    item.refresh_from_db()
    comment.refresh_from_db()
    return Submitted(comment, item, written.hidden)


@transaction.atomic
def comment_withdraw(*, comment: UnionComment, user: User) -> bool:
    """Take one's own comment back, at any time. False when it is gone already."""
    item = _own_item(comment, user)
    if item.state == State.WITHDRAWN:
        return False
    write_down([item], user, State.WITHDRAWN)
    return True


def _own_item(comment: UnionComment, user: User) -> ModerationItem:
    items = ModerationItem.objects.select_for_update(of=("self",))
    item = items.filter(origin=f"{COMMENT}{comment.pk}").first()
    if item is None or comment.user_id != user.pk:
        raise PermissionDenied(_("只能处理自己写的评论。"))
    return item


# --- Others' --------------------------------------------------------------------------------------


@transaction.atomic
def comment_like(*, comment: UnionComment, user: User, liked: bool) -> int:
    """Like a shown comment, or no longer; returns how many people like it. Safe to repeat.

    The flag's unique key makes the counter exact under any race.
    """
    _may_speak(user)
    if not comment.shown:
        raise ValidationError(_("这条评论已经撤下。"), code="hidden")
    if comment.user_id == user.pk:
        raise ValidationError(_("不能给自己的评论点赞。"), code="own")
    if not allow(f"like-minute:{user.pk}", LIKES_PER_MINUTE, 60):
        raise ValidationError(_("您点得太快了，请歇一会儿。"), code="fast")
    flag = {"comment_id": comment.pk, "user": user, "flag": LIKEDIT_FLAG}
    if liked:
        changed = int(CommentFlag.objects.get_or_create(**flag)[1])
    else:
        changed = -CommentFlag.objects.filter(**flag).delete()[0]
    rows = UnionComment.norel_objects.filter(pk=comment.pk)
    if changed:
        rows.update(likes=F("likes") + changed)
        comments_touch([comment.object_pk])
    return rows.values_list("likes", flat=True).get()


def comment_report(*, comment: UnionComment, user: User, reason: str, note: str = "") -> None:
    """Tell the moderators that a shown comment should not be. Once each; a second time changes
    nothing. Raises ValidationError in words."""
    if reason not in CommentReport.Reason.values:
        raise ValidationError(_("请选择举报的原因。"), code="reason")
    if not comment.shown:
        raise ValidationError(_("这条评论已经撤下。"), code="hidden")
    if not user.is_active:
        raise ValidationError(_("您的账号已停用。"), code="inactive")
    if not allow(f"report-day:{user.pk}", REPORTS_PER_DAY, 86400):
        raise ValidationError(_("今天举报的次数太多了，请明天再来。"), code="fast")
    try:
        with transaction.atomic():
            _report(comment, user, reason, words.tidy(note)[:200])
    except IntegrityError:
        return


def _report(comment: UnionComment, user: User, reason: str, note: str) -> None:
    now = timezone.now()
    CommentReport.objects.create(
        comment=comment, user=user, reason=reason, note=privacy.mask(note).text[:200], made_at=now
    )
    items = ModerationItem.objects.select_for_update(of=("self",))
    item = items.filter(origin=f"{COMMENT}{comment.pk}").first()
    if item is None:  # The union's own answer has none: its report goes to nobody's queue.
        return
    if not item.reports:
        item.waiting_since = now
    ModerationItem.objects.filter(pk=item.pk).update(
        reports=F("reports") + 1, waiting_since=item.waiting_since
    )
    record([item], Action.REPORTED, by=user, words=str(CommentReport.Reason(reason).label), at=now)
