"""Verbs that write: a comment handed in, a moderator's decision, a vote."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cms.interactions import privacy, selectors, signals, suspicions, tally, words
from cms.interactions.models import (
    Ballot,
    BallotChoice,
    ModerationDecision,
    ModerationItem,
    PollPage,
    UnionComment,
)
from cms.interactions.models.moderation import user_key
from cms.members.models import User
from cms.members.ratelimit import allow
from cms.news import pagecache

State = ModerationItem.State

PER_MINUTE = 5
PER_DAY = 40
# Shorter texts (「支持」) may be said under several stories.
TELLING_LENGTH = 8
COMMENT = "comment:"


# --- Comments ------------------------------------------------------------------------------------


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


# --- The queue -----------------------------------------------------------------------------------


def item_register(
    *,
    origin: str,
    source: str,
    story_id,
    union,
    author_name: str,
    author_key: str,
    text: str,
    said_at,
    private: bool = False,
) -> ModerationItem:
    """Put one utterance in the queue; a second call with the same `origin` changes nothing."""
    masked = privacy.mask(text)
    hints = [str(hint) for hint in masked.found]
    if words.links(text):
        hints.append(ModerationItem.Hint.LINK)
    if private:
        hints.append(ModerationItem.Hint.PRIVATE)
    item, _made = ModerationItem.objects.get_or_create(
        origin=origin,
        defaults={
            "source": source,
            "story_id": story_id,
            "union": union,
            "author_name": author_name[:60],
            "author_key": author_key[:120],
            "text": masked.text,
            "fingerprint": words.fingerprint(text),
            "hints": hints,
            "marks": suspicions.find(masked.text),
            "said_at": said_at,
        },
    )
    return item


@dataclass(frozen=True)
class Outcome:
    """What became of a batch. `own`: the moderator's own texts, left for a colleague."""

    changed: list[ModerationItem]
    own: list[ModerationItem]


def item_approve(*, item: ModerationItem, user) -> bool:
    """Make an utterance public. False when it already was.

    Raises PermissionDenied for a text of one's own or of a union one does not moderate.
    """
    return _decide_one(item, user, State.APPROVED, "")


def item_reject(*, item: ModerationItem, user, reason: str) -> bool:
    """Refuse an utterance, or withdraw an approved one. False when it already was refused.

    Raises PermissionDenied as `item_approve`; ValidationError when the reason is unknown.
    """
    return _decide_one(item, user, State.REJECTED, reason)


def _decide_one(item, user, state, reason) -> bool:
    outcome = items_decide(ids=[item.pk], user=user, state=state, reason=reason)
    if outcome.own:
        raise PermissionDenied(_("这是您自己写的，请由其他审核员处理。"))
    item.refresh_from_db()
    if item.state != state:
        raise PermissionDenied(_("您不是这个工会的审核员，不能处理这条内容。"))
    return bool(outcome.changed)


@transaction.atomic
def items_decide(*, ids, user, state: str, reason: str = "") -> Outcome:
    """Approve or reject those of `ids` that `user` may decide on and that are not so already.

    `state` is "approved" or "rejected"; rejecting needs a reason (ValidationError).
    """
    if state not in (State.APPROVED, State.REJECTED):
        raise ValidationError(_("请选择通过或不通过。"), code="state")
    if state == State.REJECTED and reason not in ModerationItem.Reason.values:
        raise ValidationError(_("请选择不通过的原因。"), code="reason")
    items = selectors.items_for(user).filter(pk__in=ids).exclude(state=state)
    found = list(items.select_for_update(of=("self",)))
    own = [item for item in found if item.is_said_by(user)]
    changed = [item for item in found if not item.is_said_by(user)]
    _write_down(changed, user, state, reason)
    return Outcome(changed, own)


@transaction.atomic
def item_withdraw(*, origin: str, by: User) -> bool:
    """What was said is deleted where it was said: it leaves the queue, and what was made of it is
    withdrawn. False when it never stood in the queue or was refused already."""
    found = ModerationItem.objects.select_for_update().filter(origin=origin)
    items = list(found.exclude(state=State.REJECTED))
    _write_down(items, by, State.REJECTED, ModerationItem.Reason.OTHER)
    return bool(items)


def _write_down(changed: list[ModerationItem], user, state: str, reason: str) -> None:
    """Decide on all of `changed`, keep a record of it and tell whoever listens."""
    withdrawn = [item for item in changed if item.state == State.APPROVED]
    now = timezone.now()
    for item in changed:
        item.state = state
        item.reason = reason if state == State.REJECTED else ""
        item.decided_by, item.decided_at = user, now
    ModerationItem.objects.bulk_update(changed, ["state", "reason", "decided_by", "decided_at"])
    ModerationDecision.objects.bulk_create(
        ModerationDecision(item=item, state=item.state, reason=item.reason, by=user, at=now)
        for item in changed
    )
    _show_comments(changed, shown=state == State.APPROVED)
    if state == State.APPROVED:
        _tell(signals.utterance_approved, changed)
    else:
        _tell(signals.utterance_withdrawn, withdrawn)


def _show_comments(items, *, shown: bool) -> None:
    ids = [item.origin.removeprefix(COMMENT) for item in items if item.origin.startswith(COMMENT)]
    comments = UnionComment.norel_objects.filter(pk__in=ids)
    if ids:
        pages = set(comments.values_list("object_pk", flat=True))
        # Not save(): see UnionComment.save.
        comments.update(is_public=shown)
        pagecache.touch(*(f"comments:{page}" for page in pages))


def _tell(signal, items) -> None:
    """After the commit; a listener that fails is logged and stops nobody."""

    def send():
        for item in items:
            signal.send_robust(sender=ModerationItem, item=item)

    transaction.on_commit(send)


# --- Votes ---------------------------------------------------------------------------------------


def ballot_cast(*, user: User, poll: PollPage, option_ids, source: str = "site") -> Ballot:
    """Count one person's vote. Raises ValidationError, in words for the voter, when it does not
    count: the poll is not open, the choice is not allowed, or the person has voted before."""
    if not poll.live or poll.state == PollPage.State.CLOSED:
        raise ValidationError(_("投票已经结束。"), code="closed")
    if poll.state == PollPage.State.NOT_OPEN:
        raise ValidationError(_("投票还没有开始。"), code="not_open")
    if not user.is_active:
        raise ValidationError(_("您的账号已停用，不能投票。"), code="inactive")
    chosen = _valid_choice(poll, option_ids)
    try:
        with transaction.atomic():
            ballot = Ballot.objects.create(poll=poll, user=user, source=source[:20])
            BallotChoice.objects.bulk_create(
                BallotChoice(ballot=ballot, option_id=option) for option in chosen
            )
            pagecache.touch(f"poll:{poll.pk}")
            transaction.on_commit(
                lambda: signals.vote_cast.send_robust(sender=Ballot, ballot=ballot)
            )
    except IntegrityError:
        raise ValidationError(_("您已经投过票了，每人一票。"), code="voted") from None
    return ballot


def _valid_choice(poll: PollPage, option_ids) -> list[int]:
    asked = {str(option) for option in option_ids}
    if not asked:
        raise ValidationError(_("请先选一项再投票。"), code="none")
    if len(asked) > poll.limit:
        raise ValidationError(
            _("最多选 %(limit)d 项，您选了 %(asked)d 项。"),
            code="many",
            params={"limit": poll.limit, "asked": len(asked)},
        )
    there = {str(pk): pk for _text, pk in tally.option_rows(poll)}
    if not asked <= there.keys():
        raise ValidationError(_("选项已有变化，请重新选择。"), code="unknown")
    return [there[option] for option in asked]
