"""Giving and withdrawing a consent."""

from django.db import transaction
from django.utils import timezone

from cms.members import rules
from cms.members.models import Consent, User


@transaction.atomic
def consent_give(*, user: User, kind: str) -> Consent:
    """Record that `user` agrees to the rules of today; a second time changes nothing.

    A consent to an older version ends where the new one begins.
    """
    User.objects.select_for_update().get(pk=user.pk)
    standing = Consent.objects.filter(user=user, kind=kind, withdrawn_at=None).first()
    if standing and standing.version == rules.VERSION:
        return standing
    consent_withdraw(user=user, kind=kind)
    return Consent.objects.create(user=user, kind=kind, version=rules.VERSION)


def consent_withdraw(*, user: User, kind: str) -> None:
    """End the consent in force, if there is one. What was done before stays lawful (art. 15)."""
    Consent.objects.filter(user=user, kind=kind, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )
