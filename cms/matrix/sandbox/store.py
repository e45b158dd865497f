"""State in one SQLite file (WAL), so that a restart loses nothing.

Many request threads share the file. Reads run side by side; writes queue at one lock of this
process, because SQLite's own waiting sleeps in growing steps and is unfair under load.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")
SURVIVES_RESET = {"counter", "sqlite_sequence"}
MOST_IDLE = 64
PATIENCE = 15  # seconds to wait for another process that writes


class Store:
    """Rows by plain SQL; one connection per thread, writes grouped by ``transaction()``.

    A thread that is done lays its connection aside for the next one: opening costs more than
    most calls need.
    """

    def __init__(self, path: Path):
        self.path = path
        self._local = threading.local()
        self._idle: list[sqlite3.Connection] = []
        self._writing = threading.RLock()
        connection = self._connection()
        connection.executescript(SCHEMA)
        _add_new_columns(connection)

    def _connection(self) -> sqlite3.Connection:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._open()
            self._local.connection = connection
        return connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        return connection

    def close(self) -> None:
        """This thread is done with its connection; its next query takes another."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            return
        self._local.connection = None
        if len(self._idle) < MOST_IDLE:
            self._idle.append(connection)
        else:
            connection.close()

    def execute(self, sql: str, *params) -> sqlite3.Cursor:
        """A statement that writes and answers with no rows."""
        with self._writing:
            return self._connection().execute(sql, params)

    def rows(self, sql: str, *params) -> list[sqlite3.Row]:
        return self._connection().execute(sql, params).fetchall()

    def row(self, sql: str, *params) -> sqlite3.Row | None:
        return self._connection().execute(sql, params).fetchone()

    def value(self, sql: str, *params):
        """First column of the first row, or None."""
        row = self.row(sql, *params)
        return None if row is None else row[0]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Take the write lock at once; inside another transaction, join it."""
        connection = self._connection()
        if connection.in_transaction:
            yield
            return
        with self._writing:
            connection.execute("begin immediate")
            self._local.afterwards = []
            try:
                yield
            except BaseException:
                # Also when stopped in the middle: the lock must go. It is raised again.
                connection.rollback()
                raise
            connection.commit()
        for call in self._local.afterwards:
            call()

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call when what this thread writes can be seen by the others: now, or at the commit."""
        if self._connection().in_transaction:
            self._local.afterwards.append(call)
        else:
            call()

    def next_id(self, name: str, start: int, step: int = 1) -> int:
        """A number never given out before, also not before a reset."""
        with self.transaction():
            return self.value(
                "insert into counter (name, value) values (?1, ?2)"
                " on conflict (name) do update set value = value + ?3 returning value",
                name,
                start,
                step,
            )

    def setting(self, key: str, default: str = "") -> str:
        return self.value("select value from setting where key = ?", key) or default

    def keep_setting(self, key: str, value: str) -> None:
        self.execute(
            "insert into setting (key, value) values (?, ?)"
            " on conflict (key) do update set value = excluded.value",
            *(key, value),
        )

    def clear(self) -> None:
        with self.transaction():
            for row in self.rows("select name from sqlite_master where type = 'table'"):
                if row["name"] not in SURVIVES_RESET:
                    self.execute(f'delete from "{row["name"]}"')


def _add_new_columns(connection: sqlite3.Connection) -> None:
    """A data directory of an earlier version gets the columns the schema has gained since."""
    wanted = sqlite3.connect(":memory:")
    wanted.executescript(SCHEMA)
    for (table,) in wanted.execute("select name from sqlite_master where type = 'table'"):
        if table in SURVIVES_RESET:
            continue
        present = {row[1] for row in connection.execute(f"pragma table_info({table})")}
        for _, name, kind, required, default, _ in wanted.execute(f"pragma table_info({table})"):
            if name not in present:
                rule = f" not null default {default}" if required else ""
                connection.execute(f"alter table {table} add column {name} {kind}{rule}")
    wanted.close()
