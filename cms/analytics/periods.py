"""The days a dashboard looks at, and the same number of days before them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

CHOICES = {1: _("今天"), 7: _("7 天"), 28: _("28 天"), 84: _("84 天")}
DEFAULT_DAYS = 28


@dataclass(frozen=True)
class Period:
    """`since` and `until` are both inside."""

    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def before(self) -> "Period":
        return last_days(self.days, self.since - timedelta(days=1))

    def each_day(self) -> list[date]:
        return [self.since + timedelta(days=number) for number in range(self.days)]


def last_days(days: int, until: date | None = None) -> Period:
    """The last `days` days up to `until` (today), that day included."""
    until = until or timezone.localdate()
    return Period(until - timedelta(days=days - 1), until)


def asked_for(value: str, choices=CHOICES, usual: int = DEFAULT_DAYS) -> int:
    """The number of days in an address; what is none of the choices means the usual one."""
    days = int(value) if value.isascii() and value.isdecimal() and len(value) < 4 else 0
    return days if days in choices else usual
