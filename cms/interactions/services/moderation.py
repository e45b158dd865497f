"""The queue: what joins it, and what moderators decide."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.interactions import privacy, selectors, signals, suspicions, words
from cms.interactions.models import ModerationDecision, ModerationItem, UnionComment
from cms.members.models import User
from cms.news import pagecache

State = ModerationItem.State
COMMENT = "comment:"


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
