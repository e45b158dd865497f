"""Isso under gunicorn on a port of its own, with a database of its own."""

import json
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import comment_load
import server

VERSION = "0.14.0"
URI = "/story/"
CONFIG = """[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1:{port}/
notify =
[moderation]
enabled = false
[guard]
enabled = false
[server]
listen = http://127.0.0.1:{port}/
"""


class Isso:
    version = VERSION
    listing = f"/?uri={URI}"

    def __init__(self, folder: Path, environment: Path | None):
        folder.mkdir()
        self.port = server.free_port()
        self.bin = (environment or _installed(folder / "venv")) / "bin"
        self.config = folder / "isso.cfg"
        self.config.write_text(CONFIG.format(folder=folder, port=self.port))

    @contextmanager
    def running(self) -> Iterator[int]:
        """Started as ours is; gives the master's process id once it answers."""
        command = (
            f"{self.bin}/gunicorn --worker-class gthread --workers 1 --threads 8"
            f" --log-level error -b 127.0.0.1:{self.port} isso.run"
        )
        env = {"ISSO_SETTINGS": str(self.config), "PATH": "/usr/bin:/bin"}
        process = subprocess.Popen(
            command.split(), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            server.wait_for(self.port, process)
            yield process.pid
        finally:
            process.terminate()
            process.wait(timeout=15)

    def fill(self, texts: list[str]) -> None:
        """As many comments as ours lists, every second an answer."""
        connection = comment_load.http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        parent = None
        for place, text in enumerate(texts):
            made = _post(connection, text, parent if place % 2 else None, URI)
            parent = made["id"]

    def post(self, texts: list[str], number: int) -> comment_load.Load:
        """`number` comments below another story."""
        jobs = [f"{texts[place % len(texts)]}{place}" for place in range(number)]
        return comment_load.in_parallel(
            self.port, jobs, lambda connection, text: _post(connection, text, None, "/other/")
        )


def _post(connection, text: str, parent: int | None, uri: str) -> dict:
    body = {"text": text, "author": "老李", "title": "高温津贴", "parent": parent}
    connection.request(
        "POST",
        f"/new?uri={uri}",
        body=json.dumps(body),
        headers={"Content-Type": "application/json"},
    )
    response = connection.getresponse()
    answer = response.read().decode()
    if response.status not in (201, 202):
        raise RuntimeError(f"Isso did not take a comment: {response.status} {answer[:300]}")
    return json.loads(answer)


def _installed(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    command = [folder / "bin" / "pip", "install", "-q", f"isso=={VERSION}", "gunicorn"]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return folder
