"""Demo dates are relative to the day of loading, so that the site always looks alive."""

from datetime import datetime, time, timedelta

from django.utils import timezone


def moment(days_ago: int, minute: int = 9 * 60 + 30) -> datetime:
    """The local time `minute` minutes into the day `days_ago` days back, never in the future."""
    day = timezone.localdate() - timedelta(days=days_ago)
    at = timezone.make_aware(datetime.combine(day, time())) + timedelta(minutes=minute)
    return min(at, timezone.now() - timedelta(minutes=1))


def planned(when: dict | None) -> datetime | None:
    """{"day": -3, "time": "09:00"} → that moment; days count from today, positive is ahead."""
    if not when:
        return None
    day = timezone.localdate() + timedelta(days=when["day"])
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(when["time"])))
