"""Telling a reader something in the chat with an account, where the platform allows it.

Only within the window after the reader's own last message (contract §12), at most once, and without
touching the inbox: what the reader wrote stays as unread and unanswered as it was.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from cms.matrix.channels.base import Capability
from cms.matrix.models import ChannelAccount, Reply, ReplyAct
from cms.matrix.services.inbox import answer_limit, answer_window


def reader_tell(*, channel: str, reader: str, text: str) -> ReplyAct | None:
    """Have `text` sent to the reader whom `channel` calls `reader`. None where it may not be: no
    account may write, the window is over, something is on its way already."""
    said = (
        Reply.objects.filter(
            author_key=f"{channel}:{reader}",
            kind=Reply.Kind.MESSAGE,
            deleted_at=None,
            account__state=ChannelAccount.State.ACTIVE,
        )
        .select_related("account")
        .order_by("-posted_at")
        .first()
    )
    if said is None or not said.account.may(Capability.MESSAGES):
        return None
    until = answer_window(said)
    if until is not None and until <= timezone.now():
        return None
    try:
        with transaction.atomic():
            return said.acts.create(
                kind=ReplyAct.Kind.NOTICE,
                text=text[: answer_limit(said)],
                next_try_at=timezone.now(),
            )
    except IntegrityError:  # one_open_act_of_a_kind
        return None
