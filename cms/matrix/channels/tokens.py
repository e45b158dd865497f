"""A token store for one process: tests, the demo, a shell."""

import threading
import time
from collections import defaultdict
from contextlib import AbstractContextManager
from typing import Any


class MemoryTokenStore:
    """Keeps tokens in a dict. Production shares them between processes instead."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, float]] = {}
        self._locks: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)
        self._guard = threading.Lock()

    def get(self, key: str) -> tuple[str, float] | None:
        """The value and its end, or None when unknown or over."""
        kept = self._kept.get(key)
        return kept if kept and kept[1] > time.time() else None

    def set(self, key: str, value: str, expires_at: float) -> None:
        """Keep `value` until `expires_at` (seconds since the epoch)."""
        self._kept[key] = (value, expires_at)

    def lock(self, key: str) -> AbstractContextManager[Any]:
        """One lock per key."""
        with self._guard:
            return self._locks[key]
