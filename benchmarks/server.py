"""The production server on a free port of this machine, with data of its own."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
TICK = os.sysconf("SC_CLK_TCK")
START_SECONDS = 60


def environment(var: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "VAR_DIR": str(var),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "LOG_LEVEL": "ERROR",
    }


def prepare(var: Path, env: dict[str, str], copy_of: Path | None) -> None:
    """Fill `var`: the demo content, or a copy of what an earlier run prepared; static files."""
    if copy_of:
        shutil.copytree(copy_of, var, dirs_exist_ok=True)
        shutil.rmtree(var / "cache", ignore_errors=True)
    manage(env, "migrate", "--verbosity", "0")
    if not copy_of:
        manage(env, "load_demo", "--without-channels")
    manage(env, "collectstatic", "--noinput", "--verbosity", "0")


def manage(env: dict[str, str], *arguments: str, stdout=sys.stderr) -> str | None:
    """Run a management command; with stdout=PIPE gives what it printed."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=stdout, text=True)
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(env: dict[str, str], port: int, *, workers: int) -> Iterator[int]:
    """gunicorn as deploy/run.py starts it; gives the master's process id once it answers."""
    command = (
        f"{BIN}/gunicorn --worker-class gthread --workers {workers} --threads 8"
        f" --graceful-timeout 4 --log-level error -b 127.0.0.1:{port} cms.wsgi"
    )
    process = subprocess.Popen(command.split(), cwd=ROOT, env=env)
    try:
        wait_for(port, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=15)


def wait_for(port: int, process: subprocess.Popen) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The server did not start.")


def cpu_seconds(master: int) -> float:
    """User and system time of the master and its workers so far, in seconds."""
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return sum(_ticks(pid) for pid in (master, *workers)) / TICK


def _ticks(pid) -> int:
    # The name in brackets may hold blanks; utime and stime are fields 14 and 15.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
