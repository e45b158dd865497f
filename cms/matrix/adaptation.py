"""Adapting a story to its accounts: what each allows, what is wrong by field, sendings left.

Everything comes from the registry and the ledger: the editor's counters, the preview and the
check before review go by the same rules as sending.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.matrix.budget import BEIJING
from cms.matrix.channels import registry
from cms.matrix.channels.base import Capability, Channel, Payload, Problem, Story, Way
from cms.matrix.channels.links import with_source
from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.gateway import overrides_of
from cms.matrix.models import ChannelAccount, ChannelVersion, Delivery
from cms.members.models import Union

# Contract §8: a certified subscription account sends once a day, a service account four times a
# month.
MASS_A_DAY, MASS_A_MONTH = 1, 4
MASS_OVERRIDE = "mass_per_month"
# Which field of the version mends a fault in a field of the payload; any other is the account's.
MENDED_IN = {
    "title": "title",
    "digest": "digest",
    "cover": "cover",
    "text": "text",
    "status": "text",
    "content": "text",
}


def accounts_in_line(union: Union | None) -> QuerySet[ChannelAccount]:
    """The accounts a story of `union` may go out through: its own, of those above and below it."""
    if union is None:
        return ChannelAccount.objects.none()
    above = [union.path[: Union.steplen * depth] for depth in range(1, union.depth + 1)]
    line = Union.objects.filter(path__in=above) | Union.objects.filter(path__startswith=union.path)
    return ChannelAccount.objects.filter(union__in=line)


def shaped(story: Story, version: ChannelVersion) -> tuple[Payload, list[Problem]]:
    """What would go out for `version`, and what must be mended first. No I/O."""
    account = version.account
    kind = registry.get(account.channel)
    with kind(account.as_value(), MemoryTokenStore()) as channel:
        payload = channel.render(story, overrides_of(version))
        return payload, channel.check(payload)


def faults(story: Story, version: ChannelVersion) -> list[tuple[str, str]]:
    """(field of the version, what to do) for whatever would stop `version` after review."""
    _payload, problems = shaped(story, version)
    found = [(MENDED_IN.get(one.field, "account"), one.message) for one in problems]
    if version.way == Way.MASS and not version.account.may(Capability.MASS):
        found.append(("way", _("这个账号不能群发。请改为“发布”。")))
    if version.send_at and version.send_at < timezone.now():
        found.append(("send_at", _("定时已经过了。请改到以后的时间，或者留空。")))
    return found


def length(kind: type[Channel], text: str) -> int:
    """How long the platform takes `text` to be: some count two ASCII letters as one."""
    if not kind.counts_halves:
        return len(text)
    halves = (1 if ord(sign) < 128 else 2 if ord(sign) < 0x10000 else 4 for sign in text)
    return (sum(halves) + 1) // 2


@dataclass(frozen=True)
class Counter:
    """How much of a limit is used."""

    label: str
    used: int
    limit: int

    @property
    def over(self) -> int:
        return max(0, self.used - self.limit)


COUNTED = (
    ("title", gettext_lazy("标题")),
    ("digest", gettext_lazy("摘要")),
    ("text", gettext_lazy("全文")),
)


def counters(kind: type[Channel], payload: Payload) -> list[Counter]:
    """The payload measured by the channel's limits."""
    texts = {"text": payload.fields.get("status", ""), **payload.fields}
    return [
        Counter(str(label), length(kind, str(texts.get(name, ""))), kind.limits[name])
        for name, label in COUNTED
        if name in kind.limits
    ]


def account_facts(accounts: Iterable[ChannelAccount], url: str) -> dict[str, dict]:
    """By account's primary key, as JSON: what the editor's form needs to know of each account.

    `url` is the story's address, which a channel that sends one short text adds to it.
    """
    accounts = list(accounts)
    left = mass_left(accounts)
    return {str(account.pk): _facts(account, url, left[account.pk]) for account in accounts}


def _facts(account: ChannelAccount, url: str, left: "MassLeft") -> dict:
    kind = registry.get(account.channel)
    return {
        "label": kind.label,
        "limits": {name: kind.limits[name] for name, _label in COUNTED if name in kind.limits},
        "halves": kind.counts_halves,
        "link": with_source(url, account.channel) if "text" in kind.limits else "",
        "hasMass": Capability.MASS in kind.capabilities,
        "mayMass": account.may(Capability.MASS),
        "massLeft": str(left),
    }


# --- 群发 -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MassLeft:
    """How often an account may still send to all its followers in this period."""

    left: int
    monthly: bool

    def __str__(self):
        if self.monthly:
            return _("本月还可群发 %(left)s 次") % {"left": self.left}
        return _("今天还可群发 %(left)s 次") % {"left": self.left}


def mass_left(accounts: Iterable[ChannelAccount]) -> dict[int, MassLeft]:
    """By account's primary key; counts our own sendings, days and months are Beijing's."""
    accounts = list(accounts)
    today = timezone.now().astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    month = today.replace(day=1)
    sent: dict[int, list[datetime]] = {account.pk: [] for account in accounts}
    for pk, moment in Delivery.objects.filter(
        account__in=accounts, way=Way.MASS.value, submitted_at__gte=min(month, today)
    ).values_list("account_id", "submitted_at"):
        sent[pk].append(moment)
    return {account.pk: _mass_left(account, sent[account.pk], today) for account in accounts}


def _mass_left(account: ChannelAccount, sent: list[datetime], today: datetime) -> MassLeft:
    most = account.extra.get(MASS_OVERRIDE)
    if isinstance(most, int) or account.extra.get("kind") == "service":
        most = most if isinstance(most, int) else MASS_A_MONTH
        return MassLeft(max(0, most - len(sent)), monthly=True)
    used = sum(today <= moment < today + timedelta(days=1) for moment in sent)
    return MassLeft(max(0, MASS_A_DAY - used), monthly=False)
