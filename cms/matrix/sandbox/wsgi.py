"""For gunicorn: one process, several threads, settings from the environment."""

import os

from .app import create_app

port = os.environ.get("SANDBOX_PORT", "8100")
app = create_app(
    os.environ.get("SANDBOX_DATA", "var/sandbox"),
    public_base=os.environ.get("SANDBOX_PUBLIC_BASE", f"http://127.0.0.1:{port}"),
    callback_base=os.environ.get("SANDBOX_CALLBACK_BASE", "http://127.0.0.1:8000"),
)
