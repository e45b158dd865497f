"""What needs somebody: overdue deliveries, waiting hands, paused accounts, silent workers.

Read at every look at the board and the admin's front page (so it is told even when no worker is
alive), mailed by a task, and printed by `manage.py matrix_watch`, which a timer can run.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.matrix import pace
from cms.matrix.lifecycle import State
from cms.matrix.models import ChannelAccount, Delivery, WorkerBeat
from cms.members.models import Role
from cms.members.selectors import users_with_role

AUTHORISATION_WARNED = timedelta(days=7)
MAILED_AGAIN = 6 * 3600


@dataclass(frozen=True)
class Trouble:
    """One thing that needs somebody, in words, and where to see to it (admin path)."""

    text: str
    where: str
    grave: bool = False


def overdue() -> Q:
    """Deliveries that should have moved on by now."""
    now = timezone.now()
    late = Q()
    for state, seconds in pace.OVERDUE.items():
        late |= Q(state=state, moved_at__lt=now - timedelta(seconds=seconds))
    return late | Q(state=State.SCHEDULED, send_at__lt=now - timedelta(minutes=5))


def worker_alive() -> bool:
    """Whether any worker did something lately. Fresh installations have nothing to compare."""
    since = timezone.now() - timedelta(seconds=pace.WORKER_SILENT)
    return WorkerBeat.objects.filter(beat_at__gte=since).exists()


def troubles(deliveries: QuerySet[Delivery], accounts: QuerySet[ChannelAccount]) -> list[Trouble]:
    """What a person who may see these deliveries and accounts should know, gravest first."""
    board = reverse("matrix_delivery_modeladmin_index")
    found = []
    if not worker_alive():
        text = _("后台进程没有在运行，稿件不会自动发出。请联系管理员启动 worker 和 beat。")
        found.append(Trouble(text, board, grave=True))
    for account in accounts.filter(state=ChannelAccount.State.PAUSED):
        text = _("账号“%(name)s”已暂停：%(why)s") % {
            "name": account.name, "why": account.pause_reason,
        }  # fmt: skip
        found.append(Trouble(text, _account(account), grave=True))
    counts = (
        (overdue(), _("有 %(n)s 条分发超时未完成"), "?needs=overdue"),
        (Q(state=State.FAILED), _("有 %(n)s 条分发未成功"), "?state__exact=failed"),
        (~Q(todo=""), _("有 %(n)s 条分发要人工处理"), "?needs=hand"),
    )
    recent = deliveries.filter(created_at__gte=timezone.now() - timedelta(days=90))
    for condition, text, query in counts:
        if number := recent.filter(condition).count():
            found.append(Trouble(text % {"n": number}, board + query))
    soon = timezone.now() + AUTHORISATION_WARNED
    for account in accounts.filter(authorised_until__lt=soon):
        text = _("账号“%(name)s”的授权 %(day)s 到期，请重新授权") % {
            "name": account.name, "day": timezone.localtime(account.authorised_until).date(),
        }  # fmt: skip
        found.append(Trouble(text, _account(account)))
    return found


def tell_of_trouble() -> int:
    """Mail the administrators of each union what is grave or overdue, not more than every six
    hours the same; returns how many mails went out."""
    sent = 0
    for union in {account.union for account in ChannelAccount.objects.select_related("union")}:
        accounts = ChannelAccount.objects.filter(union=union)
        found = troubles(Delivery.objects.filter(account__union=union), accounts)
        addresses = [user.email for user in users_with_role(Role.ADMIN, union) if user.email]
        text = "\n".join(f"· {trouble.text}" for trouble in found)
        if found and addresses and cache.add(_told_key(union, text), 1, MAILED_AGAIN):
            link = settings.WAGTAILADMIN_BASE_URL + found[0].where
            subject = _("%(union)s：渠道分发有事要处理") % {"union": union.name}
            send_mail(subject, f"{text}\n\n{link}", None, addresses, fail_silently=True)
            sent += 1
    return sent


def _told_key(union, text: str) -> str:
    return f"matrix-told:{union.pk}:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _account(account: ChannelAccount) -> str:
    return reverse("channel_accounts:inspect", args=[account.pk])
