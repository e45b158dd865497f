"""Acting out a fault on the HTTP connection: before the work, or after it."""

import contextlib
import socket
import time

from flask import Response, request

from .faults import Fault


def before(fault: Fault | None) -> Response | None:
    """What comes before the work; a response ends the call with nothing done.

    ``error`` is not acted out here: each API says no in its own way.
    """
    if fault is None or fault.effect not in {"error", "http", "timeout", "delay"}:
        return None
    time.sleep(fault.hold)
    if fault.effect == "http":
        return Response("upstream error", status=fault.status or 502, mimetype="text/plain")
    if fault.effect == "timeout":
        return hang_up()
    return None


def after(fault: Fault | None, response: Response) -> Response:
    """Lose the answer of a call whose work is done, if so planned."""
    if fault is None or fault.effect != "lost":
        return response
    time.sleep(fault.hold)
    return hang_up()


def hang_up() -> Response:
    """Close the caller's connection without a byte of answer."""
    connection = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    if connection is not None:
        # An OSError means the caller gave up first, which is the same to it.
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    return Response(status=504)
