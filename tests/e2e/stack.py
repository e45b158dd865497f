"""The real processes, started as a newcomer starts them, on ports and in a folder of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READY = "融媒工会已启动"
# Two cores may be busy with other things: these are limits, not expectations.
START_SECONDS = 420
STOP_SECONDS = 40
# What a shell would hand down. The tests' own settings and folders stay out.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "DATABASE_URL", "REDIS_URL")
# The platforms are asked often, so that nobody waits for minutes.
OFTEN = {"REPLY_SECONDS": "2", "FIGURE_SECONDS": "3", "TOPIC_SECONDS": "3"}


class StackFailed(AssertionError):
    """The processes did not come up or did not go down."""


class Stack:
    """`deploy/run.py` with all its processes; data stay in `folder` from one start to the next."""

    def __init__(self, folder: Path):
        self.var = folder / "var"
        self.log_file = folder / "stack.log"
        self.port = self.sandbox_port = 0
        self.process: subprocess.Popen | None = None
        self._printed_from = 0

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    def start(self) -> None:
        """Start on free ports and wait for the block that says so."""
        self.port, self.sandbox_port = free_port(), free_port()
        self._printed_from = self.log_file.stat().st_size if self.log_file.exists() else 0
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [*command(self.port), "--sandbox-port", str(self.sandbox_port)],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(
            lambda: READY in self.printed() or self.process.poll() is not None,
            START_SECONDS,
            "the start of all processes",
        )
        if self.process.poll() is not None:
            raise StackFailed(f"deploy/run.py ended by itself:\n{self.printed()[-4000:]}")

    def environment(self) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        return {**inherited, **OFTEN, "VAR_DIR": str(self.var), "PYTHONUTF8": "1"}

    def stop(self) -> int:
        """Ctrl-C, as a terminal sends it; returns the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=STOP_SECONDS)

    def end(self) -> None:
        """Whatever happened, leave no process behind."""
        if self.process and self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.process.kill()
        for pid in self.alive():
            os.kill(pid, signal.SIGKILL)

    def alive(self) -> list[int]:
        """Ids of the processes that work in our folder."""
        mark = f"VAR_DIR={self.var}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue  # Gone meanwhile, or somebody else's.
        return found

    def printed(self) -> str:
        """What this start has printed so far."""
        text = self.log_file.read_bytes()[self._printed_from :]
        return text.decode("utf-8", "replace")


def command(port: int) -> list[str]:
    return [sys.executable, "deploy/run.py", "--port", str(port)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=20) as response:
            return response.status == 200
    except OSError:
        return False


def wait_until(condition: Callable[[], object], seconds: float, what: str) -> object:
    """The first true answer of `condition`; raises StackFailed when it does not come in time."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > until:
            raise StackFailed(f"Waited {seconds:.0f} s in vain for {what}.")
        time.sleep(0.2)
    return found
