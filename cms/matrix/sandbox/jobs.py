"""Delayed work: one background thread that runs due rows of the ``job`` table."""

import json
import logging
import threading
from collections.abc import Callable

from .clock import Clock
from .store import Store

log = logging.getLogger(__name__)
LONGEST_NAP = 0.5  # seconds; also how late a job may start after another process queued it


class Jobs:
    def __init__(self, store: Store, clock: Clock):
        self._store = store
        self._clock = clock
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._handlers: dict[str, Callable[[dict], None]] = {}

    def handle(self, kind: str, handler: Callable[[dict], None]) -> None:
        self._handlers[kind] = handler

    def add(self, kind: str, payload: dict, delay: float = 0) -> None:
        """Run ``kind`` after ``delay`` seconds of the virtual clock."""
        self._store.execute(
            "insert into job (kind, payload, run_at) values (?, ?, ?)",
            kind,
            json.dumps(payload),
            self._clock.now() + delay,
        )
        self.wake()

    def wake(self) -> None:
        self._wake.set()

    def start(self) -> None:
        # What a crash interrupted is run again: the platforms do not forget a submitted article.
        self._store.execute("update job set state = 'waiting' where state = 'running'")
        self._thread = threading.Thread(target=self._run, name="sandbox-jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self.wake()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            while not self._stopping and self._run_next():
                pass
            self._wake.wait(self._nap())
        self._store.close()

    def _nap(self) -> float:
        due = self._store.value("select min(run_at) from job where state = 'waiting'")
        if due is None:
            return LONGEST_NAP
        return min(LONGEST_NAP, max(0.0, due - self._clock.now()))

    def _run_next(self) -> bool:
        with self._store.transaction():
            job = self._store.row(
                "select * from job where state = 'waiting' and run_at <= ? order by run_at limit 1",
                self._clock.now(),
            )
            if job is None:
                return False
            self._store.execute("update job set state = 'running' where id = ?", job["id"])
        try:
            self._handlers[job["kind"]](json.loads(job["payload"]))
        except Exception:
            # One job that fails must not keep the others from being done.
            log.exception("job %s %s failed", job["kind"], job["payload"])
            self._store.execute("update job set state = 'failed' where id = ?", job["id"])
        else:
            self._store.execute("delete from job where id = ?", job["id"])
        return True
