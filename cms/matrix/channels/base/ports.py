"""What a channel is lent by its caller: token store, upload memory, call meter.

Production keeps them in the cache and the database; the ones in memory here are for one process.
"""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from .values import Purpose


class TokenStore(Protocol):
    """A shared place for short-lived secrets; `expires_at` is seconds since the epoch."""

    def get(self, key: str) -> tuple[str, float] | None:
        """The value and its end, or None when unknown or over."""

    def set(self, key: str, value: str, expires_at: float) -> None:
        """Keep `value` until `expires_at`."""

    def lock(self, key: str) -> AbstractContextManager[Any]:
        """A lock all processes share; held while one of them fetches."""


class Uploads(Protocol):
    """Which pictures an account already holds: uploaded once, found by content.

    `digest` is SHA-256 (hex) of the bytes sent, `use` a word of the channel ("body", "cover").
    """

    def get(self, digest: str, use: str) -> str:
        """The platform's address or id of the picture, or "" when it was never uploaded."""

    def put(self, digest: str, use: str, reference: str) -> None:
        """Remember what the platform calls it."""

    def drop(self, digest: str, use: str) -> None:
        """Forget it: the platform no longer knows it."""


class Meter(Protocol):
    """Counts the calls of one account, day by day (contract §1.1, §17)."""

    def spend(self, call: str, purpose: Purpose) -> None:
        """Count one call that is about to be made; `call` is its path.

        Raises QuotaExceeded when the day's budget has nothing left for this purpose.
        """

    def exhausted(self, call: str, until: datetime) -> None:
        """The platform itself says that this call has no quota left before `until`."""


class MemoryUploads:
    """Keeps what was uploaded in a dict: tests, a shell."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], str] = {}

    def get(self, digest: str, use: str) -> str:
        """The reference, or ""."""
        return self._kept.get((digest, use), "")

    def put(self, digest: str, use: str, reference: str) -> None:
        """Remember it."""
        self._kept[digest, use] = reference

    def drop(self, digest: str, use: str) -> None:
        """Forget it."""
        self._kept.pop((digest, use), None)


class Unmetered:
    """Counts nothing: tests, a shell."""

    def spend(self, call: str, purpose: Purpose) -> None:
        """Always allowed."""

    def exhausted(self, call: str, until: datetime) -> None:
        """Not remembered."""
