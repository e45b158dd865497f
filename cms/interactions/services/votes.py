"""A vote that counts once."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cms.interactions import signals, tally
from cms.interactions.models import Ballot, BallotChoice, PollPage
from cms.members.models import User
from cms.news import pagecache


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
