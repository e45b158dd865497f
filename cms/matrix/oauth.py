"""Weibo's OAuth between the admin and the platform's page (contract §15): where to go, who returns.

`state` is signed for one person, one account and ten minutes, so that nobody can be made to connect
an account that he did not choose.
"""

from django.core import signing
from django.urls import reverse

from cms.matrix.gateway import open_channel
from cms.matrix.models import ChannelAccount

SALT = "cms.matrix.oauth"
SECONDS = 600


class StrangeReturn(ValueError):
    """Whoever comes back did not leave from here, or too long ago."""


def place_to_agree(request, account: ChannelAccount) -> str:
    """The platform's page where this person lets us speak for the account."""
    state = signing.dumps([request.user.pk, account.pk], salt=SALT)
    with open_channel(account) as channel:
        return channel.authorise_url(return_address(request, account.channel), state)


def return_address(request, channel: str) -> str:
    """Where the platform sends the person back to; it must be registered there."""
    return request.build_absolute_uri(reverse("matrix:authorised", args=[channel]))


def account_returned(request) -> int:
    """The primary key of the account this person left for. Raises StrangeReturn."""
    try:
        user, account = signing.loads(request.GET.get("state", ""), salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError) as error:
        raise StrangeReturn from error
    if user != request.user.pk:
        raise StrangeReturn
    return account
