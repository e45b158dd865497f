"""Delayed work: small pools of background threads that run due rows of the ``job`` table.

A job may name a *lane*; of one lane only one job runs at a time. Callbacks use the account as
lane, so a slow receiver delays nobody but itself.
"""

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
        self._news = threading.Condition()
        self._told = 0  # how often somebody said that there may be work
        self._stopping = False
        self._threads: list[threading.Thread] = []
        self._handlers: dict[str, Callable[[dict], None]] = {}
        self._workers: dict[str, int] = {}

    def handle(self, kind: str, handler: Callable[[dict], None], workers: int = 1) -> None:
        """Jobs of ``kind`` are done by ``handler``, by so many threads of their own."""
        self._handlers[kind] = handler
        self._workers[kind] = workers

    def add(self, kind: str, payload: dict, delay: float = 0, lane: str = "") -> None:
        """Run ``kind`` after ``delay`` seconds of the virtual clock."""
        self._store.execute(
            "insert into job (kind, payload, run_at, lane) values (?, ?, ?, ?)",
            *(kind, json.dumps(payload), self._clock.now() + delay, lane),
        )
        self._store.after_commit(self.wake)

    def wake(self) -> None:
        with self._news:
            self._told += 1
            self._news.notify_all()

    def start(self) -> None:
        # What a crash interrupted is run again: the platforms do not forget a submitted article.
        self._store.execute("update job set state = 'waiting' where state = 'running'")
        for kind, workers in self._workers.items():
            for number in range(workers):
                name = f"sandbox-{kind}-{number}"
                thread = threading.Thread(target=self._run, args=(kind,), name=name, daemon=True)
                self._threads.append(thread)
                thread.start()

    def stop(self) -> None:
        self._stopping = True
        self.wake()
        for thread in self._threads:
            thread.join()

    def _run(self, kind: str) -> None:
        while not self._stopping:
            told = self._told
            while not self._stopping and self._run_next(kind):
                pass
            nap = self._nap(kind)
            self._store.close()
            with self._news:
                self._news.wait_for(lambda: self._told != told, nap)  # noqa: B023  awaited at once
        self._store.close()

    def _nap(self, kind: str) -> float:
        """Until the next job is due; a due one that waits for its lane is announced by ``wake``."""
        now = self._clock.now()
        due = self._store.value(
            "select min(run_at) from job where state = 'waiting' and kind = ? and run_at > ?",
            *(kind, now),
        )
        return LONGEST_NAP if due is None else min(LONGEST_NAP, due - now)

    def _run_next(self, kind: str) -> bool:
        job = self._take(kind)
        if job is None:
            return False
        try:
            self._handlers[kind](json.loads(job["payload"]))
        except Exception:
            # One job that fails must not keep the others from being done.
            log.exception("job %s %s failed", kind, job["payload"])
            self._store.execute("update job set state = 'failed' where id = ?", job["id"])
        else:
            self._store.execute("delete from job where id = ?", job["id"])
        if job["lane"]:
            self.wake()
        return True

    def _take(self, kind: str):
        due = (
            "select * from job where state = 'waiting' and kind = ?1 and run_at <= ?2"
            " and (lane = '' or lane not in (select lane from job where state = 'running'))"
            " order by run_at, id limit 1"
        )
        wanted = (kind, self._clock.now())
        if self._store.value(due, *wanted) is None:
            return None
        with self._store.transaction():
            job = self._store.row(due, *wanted)
            if job is not None:
                self._store.execute("update job set state = 'running' where id = ?", job["id"])
        return job
