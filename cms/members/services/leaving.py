"""Giving an account up, and not keeping things longer than needed."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from cms.members import personal
from cms.members.models import Consent, Notice, User
from cms.members.selectors import why_not_leave
from cms.members.signals import person_erased

NOTICE_DAYS = 180
# What shows that a person agreed is kept as long as the logs (网络安全法 art. 23: six months).
PROOF_DAYS = 184
UNFINISHED_DAYS = 7


@transaction.atomic
def account_erase(*, user: User) -> None:
    """Give the account up: every room erases what it holds, the row itself is emptied.

    The row stays (comments and decisions point at it), with nothing that leads to the person; it
    cannot be signed in to, and all its sessions end. `person_erased` goes out before anything is
    emptied. Raises ValidationError, with words for the person, when roles must be given up first.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if reason := why_not_leave(user):
        raise ValidationError(reason)
    person_erased.send(sender=User, user=user)
    for holding in reversed(personal.holdings()):
        holding.erase(user)


def sessions_end(user: User) -> None:
    """All of a person's sessions go: they say by which number or address one came in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            store(session.session_key).delete()


def user_empty(user: User) -> None:
    """Empty the row in place; the new password value ends every session (session auth hash)."""
    user.username = f"deleted-{get_random_string(16).lower()}"
    user.phone = user.phone_verified_at = user.last_login = user.union = None
    user.nickname = user.first_name = user.last_name = user.email = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.erased_at = timezone.now()
    user.set_unusable_password()
    user.save()


def personal_data_purge() -> None:
    """The daily clearing: old notices, proofs of those who left, unfinished sign-ups, sessions."""
    now = timezone.now()
    Notice.objects.filter(made_at__lt=now - timedelta(days=NOTICE_DAYS)).delete()
    Consent.objects.filter(
        user__erased_at__isnull=False, withdrawn_at__lt=now - timedelta(days=PROOF_DAYS)
    ).delete()
    _unfinished(now - timedelta(days=UNFINISHED_DAYS)).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def _unfinished(before):
    """Sign-ups whose code was never entered: nobody ever came in, and the number may be
    somebody else's, who cannot register until it is free."""
    return User.objects.filter(
        consents__kind=Consent.Kind.RULES,
        phone_verified_at=None,
        last_login=None,
        date_joined__lt=before,
        is_staff=False,
        is_superuser=False,
        memberships=None,
        erased_at=None,
    )
