"""Verbs about accounts: what a platform lets one do, and back to work after a pause."""

from django.utils import timezone

from cms.matrix.channels.base import ChannelError
from cms.matrix.gateway import open_channel
from cms.matrix.models import ChannelAccount, Delivery


def account_probe(*, account: ChannelAccount) -> dict[str, bool | str]:
    """Ask the platform, by harmless calls, what the account may do, and keep the answer.

    capability → True, False (no such thing there) or in Chinese why not; "account" tells of the
    credentials themselves.
    """
    try:
        with open_channel(account) as channel:
            found = channel.probe()
    except ChannelError as error:
        found = {"account": error.human}
    account.rights, account.probed_at = found, timezone.now()
    account.save(update_fields=["rights", "probed_at"])
    return found


def account_resume(*, account: ChannelAccount, by=None) -> bool:
    """再试一次: if the platform takes the credentials again, work goes on with what has waited."""
    found = account_probe(account=account)
    if found.get("account") is not True:
        account.pause_reason = str(found.get("account") or account.pause_reason)[:300]
        account.save(update_fields=["pause_reason"])
        return False
    account.state, account.pause_reason, account.paused_at = ChannelAccount.State.ACTIVE, "", None
    account.save(update_fields=["state", "pause_reason", "paused_at"])
    Delivery.objects.filter(account=account, state__in=Delivery.MOVING).update(
        next_try_at=timezone.now()
    )
    return True
