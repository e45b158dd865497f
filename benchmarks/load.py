"""A small HTTP load: a few kept-alive connections, bounded in time and number."""

import http.client
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

TIMEOUT = 30


@dataclass(frozen=True)
class Load:
    """`waits`: seconds of each request, in no order; `seconds`: what the whole took."""

    waits: list[float]
    seconds: float

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds

    @property
    def p95_ms(self) -> float:
        return sorted(self.waits)[int(len(self.waits) * 0.95)] * 1000


def run(
    port: int,
    path: str,
    headers: Mapping[str, str],
    *,
    seconds: float,
    most: int,
    connections: int = 2,
) -> Load:
    """Ask for `path` until `seconds` have passed or `most` requests were made.

    Raises RuntimeError when an answer is not 200: an error page is quick and proves nothing.
    """
    waits: list[float] = []
    errors: list[Exception] = []
    started = time.perf_counter()

    def ask():
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
            while time.perf_counter() - started < seconds and len(waits) < most:
                before = time.perf_counter()
                answer(connection, path, headers)
                waits.append(time.perf_counter() - before)
            connection.close()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return Load(waits, time.perf_counter() - started)


def answer(connection, path: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
    """The answer to one GET, read to its end."""
    connection.request("GET", path, headers=dict(headers))
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}")
    return response
