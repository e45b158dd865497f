"""The calls an account may make in a day, shared out by purpose (contract §1.1, §17).

A platform counts the calls of a day. So that a publication at 23:00 still finds some left, each
purpose keeps a part in reserve for itself that lesser purposes may not touch.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cms.matrix.channels.base import Purpose, QuotaExceeded
from cms.matrix.models import CallCount, ChannelAccount

BEIJING = ZoneInfo("Asia/Shanghai")
ALL_CALLS = "*"
# Parts of a day's calls, most important first; the rest (14 %) is for whoever comes.
RESERVED = {
    Purpose.PUBLISH: 0.30,
    Purpose.REPLY: 0.20,
    Purpose.COMMENTS: 0.24,
    Purpose.STATISTICS: 0.12,
}


def allowed(purpose: Purpose, limit: int, used: Mapping[str, int]) -> bool:
    """Whether one more call for `purpose` leaves the more important ones what is theirs.

    `used` are the day's calls so far by purpose.
    """
    return sum(used.values()) + kept_for_others(purpose, limit, used) < limit


def kept_for_others(purpose: Purpose, limit: int, used: Mapping[str, int]) -> int:
    """How many of the calls left are reserved for what is more important than `purpose`."""
    order = list(RESERVED)
    return sum(
        max(0, int(limit * RESERVED[other]) - used.get(other, 0))
        for other in order[: order.index(purpose)]
    )


class DatabaseMeter:
    """Counts in the database, so that all processes share one budget.

    `before_call` runs before each call: whoever works on a row proves there that it is still his.
    """

    def __init__(
        self,
        account: ChannelAccount,
        daily_calls: Mapping[str, int],
        before_call: Callable[[], None] | None = None,
    ):
        self._account = account
        self._limits = {**daily_calls, **account.extra.get("daily_calls", {})}
        self._before_call = before_call

    def spend(self, call: str, purpose: Purpose) -> None:
        """See channels.base.Meter."""
        now = timezone.now().astimezone(BEIJING)
        # One transaction for both: a call to the platform costs one commit.
        with transaction.atomic():
            if self._before_call:
                self._before_call()
            mine = CallCount.objects.filter(account=self._account, day=now.date())
            counts = list(mine if ALL_CALLS in self._limits else mine.filter(call=call))
            self._refuse_if_spent(counts, call, purpose, now)
            self._count(call, purpose, now, counts)

    def exhausted(self, call: str, until: datetime) -> None:
        """See channels.base.Meter."""
        day = timezone.now().astimezone(BEIJING).date()
        CallCount.objects.update_or_create(
            account=self._account,
            day=day,
            call=call,
            purpose="",
            defaults={"exhausted_until": until},
        )

    def _refuse_if_spent(self, counts, call: str, purpose: Purpose, now: datetime) -> None:
        for count in counts:
            if count.call in (call, ALL_CALLS) and (count.exhausted_until or now) > now:
                raise _spent(count.exhausted_until)
        limit = self._limits.get(ALL_CALLS) or self._limits.get(call)
        if limit is None:
            return
        used: dict[str, int] = {}
        for count in counts:
            if count.purpose:
                used[count.purpose] = used.get(count.purpose, 0) + count.used
        if not allowed(purpose, limit, used):
            raise _spent(midnight_after(now))

    def _count(self, call: str, purpose: Purpose, now: datetime, counts) -> None:
        if any(count.call == call and count.purpose == purpose for count in counts):
            CallCount.objects.filter(
                account=self._account, day=now.date(), call=call, purpose=purpose
            ).update(used=F("used") + 1)
            return
        row, made = CallCount.objects.get_or_create(
            account=self._account, day=now.date(), call=call, purpose=purpose, defaults={"used": 1}
        )
        if not made:
            CallCount.objects.filter(pk=row.pk).update(used=F("used") + 1)


def midnight_after(now: datetime) -> datetime:
    """When the platforms' day ends: 00:00 in Beijing."""
    today = now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=1)


def _spent(until: datetime) -> QuotaExceeded:
    return QuotaExceeded(
        "budget",
        "our own budget",
        "今天调用平台接口的次数已用完，或要留给更重要的事。次数恢复后系统自动继续。",
        until=until,
    )
