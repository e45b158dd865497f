"""Thin tasks: an id in, a service called. Safe to run twice, safe to lose: the sweep finds it."""

import logging
import os
import socket
from collections.abc import Iterable
from datetime import timedelta

from celery import shared_task
from celery.signals import worker_ready
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cms.matrix import pace, services, watchdog
from cms.matrix.channels.base import (
    Capability,
    ChannelError,
    CredentialError,
    PermissionMissing,
    QuotaExceeded,
)
from cms.matrix.lifecycle import free
from cms.matrix.models import ChannelAccount, Delivery, WorkerBeat
from cms.matrix.services import callbacks

log = logging.getLogger(__name__)
SWEEP = 500
QUEUED_ACT = "matrix-act:%s"


@shared_task(name="matrix.advance_delivery")
def advance_delivery(delivery_id: int) -> None:
    services.delivery_advance(delivery_id=delivery_id)


def dispatch(pks: Iterable[int]) -> None:
    """Send these deliveries to the workers once the transaction is committed. Never raises.

    `queued_until` keeps the sweep from sending the same row again while its task is on its way.
    """
    pks = list(pks)
    until = timezone.now() + timedelta(seconds=pace.QUEUED)
    Delivery.objects.filter(pk__in=pks).update(queued_until=until)
    transaction.on_commit(lambda: _send_off(pks))


def _send_off(pks: list[int]) -> None:
    try:
        for pk in pks:
            advance_delivery.delay(pk)
    except Exception:
        # The broker is away, in whatever way it fails: the rows are there, the sweep finds them.
        log.exception("deliveries not dispatched: %s", pks)
        Delivery.objects.filter(pk__in=pks).update(queued_until=None)


@shared_task(name="matrix.sweep_deliveries", expires=60)
def sweep_deliveries() -> None:
    """Send off whatever is due: retries, status checks, rows whose task or worker was lost."""
    services.deliveries_approve_missed()
    now = timezone.now()
    due = (
        services.deliveries_due()
        .filter(free(), Q(queued_until=None) | Q(queued_until__lte=now))
        .order_by("next_try_at", "pk")
    )
    dispatch(due.values_list("pk", flat=True)[:SWEEP])
    acts_sweep()
    callbacks_sweep()


@shared_task(name="matrix.fetch_replies", expires=300)
def fetch_replies() -> None:
    for account in _asked(Capability.COMMENTS):
        fetch_account_replies.delay(account.pk)


@shared_task(name="matrix.fetch_account_replies", expires=300)
def fetch_account_replies(account_id: int) -> None:
    _guarded(services.replies_fetch, account_id, Capability.COMMENTS)


@shared_task(name="matrix.take_figures", expires=300)
def take_figures() -> None:
    for account in _asked(Capability.STATISTICS):
        take_account_figures.delay(account.pk)


@shared_task(name="matrix.take_account_figures", expires=300)
def take_account_figures(account_id: int) -> None:
    _guarded(services.figures_take, account_id, Capability.STATISTICS)


@shared_task(name="matrix.take_daily_figures", expires=3600)
def take_daily_figures() -> None:
    """After 08:30 the figures of yesterday are ready (contract §11); days still marked as delayed
    are asked for again."""
    yesterday = timezone.localdate() - timedelta(days=1)
    for account in _asked(Capability.STATISTICS):
        for day in services.days_wanted(account=account, last=yesterday):
            _guarded(services.account_figures_take, account.pk, Capability.STATISTICS, day=day)


@shared_task(name="matrix.probe_accounts", expires=3600)
def probe_accounts() -> None:
    """Once a day: rights that were granted or taken away at the platform show here by morning."""
    active = ChannelAccount.objects.filter(state=ChannelAccount.State.ACTIVE)
    for pk in active.values_list("pk", flat=True):
        probe_account.delay(pk)


@shared_task(name="matrix.probe_account", expires=3600)
def probe_account(account_id: int) -> None:
    if account := _active(account_id):
        services.account_probe(account=account)


@worker_ready.connect
def on_worker_ready(**kwargs) -> None:
    """Alive from the first moment: nobody is alarmed while the first beat is on its way."""
    beat_worker()


@shared_task(name="matrix.beat_worker", expires=30)
def beat_worker() -> None:
    """A sign of life: without one, the board says that nobody is sending."""
    WorkerBeat.objects.update_or_create(
        name=f"{socket.gethostname()}:{os.getpid()}", defaults={"beat_at": timezone.now()}
    )
    WorkerBeat.objects.filter(beat_at__lt=timezone.now() - timedelta(days=1)).delete()


@shared_task(name="matrix.watch", expires=600)
def watch() -> None:
    watchdog.tell_of_trouble()


def _asked(capability: Capability) -> list[ChannelAccount]:
    active = ChannelAccount.objects.filter(state=ChannelAccount.State.ACTIVE)
    return [account for account in active if account.may(capability)]


def _active(account_id: int) -> ChannelAccount | None:
    state = ChannelAccount.State.ACTIVE
    return ChannelAccount.objects.filter(pk=account_id, state=state).first()


def _guarded(verb, account_id: int, needs: Capability, **more) -> None:
    """One account's trouble must not keep the others waiting. A right that the platform refuses is
    not asked for again until a probe finds it (`probe_accounts`, 重新检测)."""
    account = _active(account_id)
    if account is None:
        return
    try:
        verb(account=account, **more)
    except CredentialError as error:
        services.account_pause(account=account, reason=error.human)
    except PermissionMissing as error:
        services.capability_off(account, needs, error.human or error.message)
    except QuotaExceeded as error:
        log.info("%s %s: %s", verb.__name__, account, error)
    except ChannelError as error:
        log.warning("%s %s: %s", verb.__name__, account, error)


@shared_task(name="matrix.carry_out_act")
def carry_out_act(act_id: int) -> None:
    cache.delete(QUEUED_ACT % act_id)
    services.act_carry_out(act_id=act_id)


def dispatch_acts(pks: Iterable[int]) -> None:
    """Send these acts of the inbox to the workers after the commit; one under way only once."""
    fresh = [pk for pk in pks if cache.add(QUEUED_ACT % pk, 1, pace.QUEUED)]
    transaction.on_commit(lambda: _send_acts_off(fresh))


def _send_acts_off(pks: list[int]) -> None:
    try:
        for pk in pks:
            carry_out_act.delay(pk)
    except Exception:
        # As `_send_off`: the broker is away, the sweep finds the rows.
        log.exception("acts not dispatched: %s", pks)
        cache.delete_many([QUEUED_ACT % pk for pk in pks])


def acts_sweep() -> None:
    due = services.acts_due().order_by("next_try_at", "pk")
    dispatch_acts(due.values_list("pk", flat=True)[:SWEEP])


@shared_task(name="matrix.carry_out_callback")
def carry_out_callback(event_id: int) -> None:
    callbacks.callback_carry_out(event_id=event_id)


def dispatch_callback(event_id: int) -> None:
    """Have a push worked on after the commit; lost on the way, the sweep finds it."""
    transaction.on_commit(lambda: _send_callback_off(event_id))


def _send_callback_off(event_id: int) -> None:
    try:
        carry_out_callback.delay(event_id)
    except Exception:
        # As `_send_off`: the platform waits for its answer, the row is there.
        log.exception("callback not dispatched: %s", event_id)


def callbacks_sweep() -> None:
    """Pushes whose task was lost, or that had to wait. Fresh ones are on their way."""
    fresh = timezone.now() - timedelta(seconds=pace.QUEUED / 4)
    due = callbacks.callbacks_due().exclude(attempts=0, received_at__gt=fresh).order_by("pk")
    for pk in due.values_list("pk", flat=True)[:SWEEP]:
        _send_callback_off(pk)
