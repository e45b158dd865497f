"""Thin tasks: an id in, a service called. Safe to run twice, safe to lose: the sweep finds it."""

import logging

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from cms.matrix import services
from cms.matrix.channels.base import ChannelError, CredentialError
from cms.matrix.models import ChannelAccount, Delivery

log = logging.getLogger(__name__)
SWEEP = 50


@shared_task(name="matrix.advance_delivery")
def advance_delivery(delivery_id: int) -> None:
    services.delivery_advance(delivery_id=delivery_id)


@shared_task(name="matrix.sweep_deliveries")
def sweep_deliveries() -> None:
    """Move on whatever is due: retries, status checks, rows whose task or worker was lost."""
    now = timezone.now()
    due = Delivery.objects.filter(
        Q(next_try_at__lte=now) | Q(next_try_at=None),
        Q(held_until=None) | Q(held_until__lte=now),
        state__in=Delivery.MOVING,
        account__state=ChannelAccount.State.ACTIVE,
    ).order_by("next_try_at")
    for pk in due.values_list("pk", flat=True)[:SWEEP]:
        services.delivery_advance(delivery_id=pk)


@shared_task(name="matrix.fetch_replies")
def fetch_replies() -> None:
    for account in ChannelAccount.objects.filter(state=ChannelAccount.State.ACTIVE):
        _guarded(services.replies_fetch, account)


@shared_task(name="matrix.take_figures")
def take_figures() -> None:
    for account in ChannelAccount.objects.filter(state=ChannelAccount.State.ACTIVE):
        _guarded(services.figures_take, account)


def _guarded(verb, account: ChannelAccount) -> None:
    """One account's trouble must not keep the others waiting."""
    try:
        verb(account=account)
    except CredentialError as error:
        services.account_pause(account=account, reason=error.human)
    except ChannelError as error:
        log.warning("%s %s: %s", verb.__name__, account, error)
