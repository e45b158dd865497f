"""The sandbox's parts in one object, handed to everything that acts."""

import random
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from flask import current_app

from .accounts import Accounts
from .clock import Clock
from .jobs import Jobs
from .store import Store


def _browser() -> httpx.Client:
    # An answer later than 5 s is no answer; every push has a connection of its own.
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(timeout=5.0, trust_env=False, limits=limits)


@dataclass
class Box:
    store: Store
    clock: Clock
    jobs: Jobs
    accounts: Accounts
    media: Path
    public_base: str  # how readers' browsers reach this server; no trailing slash
    callback_base: str  # where the CMS listens; no trailing slash
    retry_seconds: float = 5.0
    http: httpx.Client = field(default_factory=_browser)  # pushes callbacks
    chance: random.Random = field(default_factory=random.Random)  # decides about faults by rate

    @classmethod
    def open(
        cls, data: Path, *, public_base: str, callback_base: str, retry_seconds: float = 5.0
    ) -> "Box":
        """Open (or make) the state kept in the directory ``data``."""
        media = Path(data) / "media"
        media.mkdir(parents=True, exist_ok=True)
        store = Store(Path(data) / "sandbox.sqlite3")
        clock = Clock(store)
        return cls(
            store=store,
            clock=clock,
            jobs=Jobs(store, clock),
            accounts=Accounts(store, clock),
            media=media,
            public_base=public_base.rstrip("/"),
            callback_base=callback_base.rstrip("/"),
            retry_seconds=retry_seconds,
        )

    @property
    def latency(self) -> float:
        """Seconds that every call takes."""
        return float(self.store.setting("latency", "0"))

    def save_file(self, content: bytes) -> str:
        """Keep an uploaded file; returns the name it is served under."""
        name = secrets.token_urlsafe(24)
        (self.media / name).write_bytes(content)
        return name


def current_box() -> Box:
    return current_app.extensions["sandbox"]
