"""Connections that go only to checked addresses and end by a fixed moment."""

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

# One dead address must not use up the time of the others.
CONNECT_SECONDS = 5.0


class Deadline:
    """A moment by which everything must be done; survives any number of small steps."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, always above 0. Raises httpcore.ReadTimeout when none are."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout("deadline passed")
        return seconds


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to the given addresses in turn, whatever name the request carries.

    The request keeps its host name, so the Host header, SNI and the certificate check are right.
    """

    def __init__(self, addresses: tuple[str, ...], deadline: Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises the last address's httpcore.ConnectError or ConnectTimeout."""
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses:
            seconds = min(CONNECT_SECONDS, self._deadline.left())
            try:
                stream = self._sockets.connect_tcp(address, port, timeout=seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return DeadlineStream(stream, self._deadline)
        raise failure


class DeadlineStream(httpcore.NetworkStream):
    """Gives every read and write only what is left of the whole time.

    A per-read timeout alone would let a server drip one byte at a time for ever.
    """

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
