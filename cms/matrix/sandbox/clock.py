"""The platforms' clock: real time plus an offset that tests and demos may move."""

import time
from datetime import date, datetime, timedelta, timezone

from .store import Store

BEIJING = timezone(timedelta(hours=8))


class Clock:
    def __init__(self, store: Store):
        self._store = store
        self.offset = float(store.setting("offset", "0"))

    def now(self) -> float:
        return time.time() + self.offset

    def move(self, offset: float) -> None:
        """Stand ``offset`` seconds away from real time, also after a restart."""
        self._store.keep_setting("offset", str(offset))
        self.offset = offset

    def local(self, at: float | None = None) -> datetime:
        """Beijing wall-clock time: the platforms count days and reset quotas by it."""
        return datetime.fromtimestamp(self.now() if at is None else at, BEIJING)

    def today(self) -> date:
        return self.local().date()

    def day(self, at: float | None = None) -> str:
        return self.local(at).date().isoformat()
