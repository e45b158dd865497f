"""An author asks again; somebody else answers."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.interactions import notices, selectors, words
from cms.interactions.models import Appeal, ModerationEvent, ModerationItem
from cms.interactions.services.deciding import locked, write_down
from cms.interactions.services.record import record
from cms.members.models import User

State = ModerationItem.State
Action = ModerationEvent.Action
APPEAL_LENGTH = 500


@transaction.atomic
def appeal_make(*, item: ModerationItem, user: User, text: str) -> Appeal:
    """The author asks for another look at a refusal; once for each refusal.

    Raises PermissionDenied for somebody else's text, ValidationError in words otherwise.
    """
    row = ModerationItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if not row.is_said_by(user):
        raise PermissionDenied(_("只能为自己写的内容申诉。"))
    refusal = selectors.open_refusal(row)
    if refusal is None:
        raise ValidationError(_("这条内容现在不能申诉：它没有被拒绝，或已经申诉过。"), code="state")
    text = words.tidy(text)
    if not text:
        raise ValidationError(_("请写明为什么应当通过。"), code="empty")
    if len(text) > APPEAL_LENGTH:
        raise ValidationError(
            _("申诉理由最多 %(max)d 字，请删减。"), code="long", params={"max": APPEAL_LENGTH}
        )
    now = timezone.now()
    appeal = Appeal.objects.create(item=row, refusal=refusal, text=text, made_at=now)
    ModerationItem.objects.filter(pk=row.pk).update(appealed=True, waiting_since=now)
    record([row], Action.APPEALED, by=user, words=text, at=now)
    return appeal


@transaction.atomic
def appeal_decide(*, appeal: Appeal, user: User, restore: bool, answer: str) -> Appeal:
    """Uphold the refusal or restore the text, with an answer to the author.

    Raises PermissionDenied for who refused it, the author and other unions; ValidationError when it
    is answered already or the answer is empty.
    """
    item = locked(appeal.item, user)
    appeal = (
        Appeal.objects.select_for_update(of=("self",)).select_related("refusal").get(pk=appeal.pk)
    )
    if appeal.state != Appeal.State.OPEN:
        raise ValidationError(_("这个申诉已经答复过了。"), code="state")
    if appeal.refusal.by_id == user.pk:
        raise PermissionDenied(_("这是您拒绝的，申诉请由另一位审核员答复。"))
    answer = words.tidy(answer)
    if not answer:
        raise ValidationError(_("请写一句给作者的答复。"), code="empty")
    if len(answer) > APPEAL_LENGTH:
        raise ValidationError(
            _("答复最多 %(max)d 字，请删减。"), code="long", params={"max": APPEAL_LENGTH}
        )
    appeal.state = Appeal.State.RESTORED if restore else Appeal.State.UPHELD
    appeal.answer, appeal.decided_by, appeal.decided_at = answer, user, timezone.now()
    appeal.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    if restore:
        write_down([item], user, State.APPROVED, action=Action.RESTORED, note=answer)
    else:
        record([item], Action.UPHELD, by=user, words=answer)
        ModerationItem.objects.filter(pk=item.pk).update(appealed=False)
    notices.appeal_answered(appeal)
    return appeal
