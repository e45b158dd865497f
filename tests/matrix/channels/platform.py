"""What the two stand-ins for a platform share: faults, and a record of calls.

They are written from the platforms' public contract, and stand for the platform, not for our code.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import httpx

Fault = Callable[[Callable[[], httpx.Response]], httpx.Response]


class Platform(ABC):
    """Answers HTTP requests in this process. Use `transport` for a channel."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.requests: list[httpx.Request] = []
        self.faults: dict[str, list[Fault]] = defaultdict(list)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._handle)

    def fail(self, path: str, **answer: Any) -> None:
        """The next call of `path` is answered with this JSON instead of being done."""
        status = answer.pop("http", 200)
        self.faults[path].append(lambda _do: httpx.Response(status, json=answer))

    def lose_answer(self, path: str) -> None:
        """The next call of `path` is done, but its answer never arrives."""

        def lost(do: Callable[[], httpx.Response]) -> httpx.Response:
            do()
            raise httpx.ReadTimeout("lost")

        self.faults[path].append(lost)

    def say(self, path: str, response: httpx.Response) -> None:
        """The next call of `path` gets exactly this response."""
        self.faults[path].append(lambda _do: response)

    def count(self, path: str) -> int:
        """How often `path` was called."""
        return self.calls.count(path)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.calls.append(path)
        self.requests.append(request)
        if self.faults[path]:
            return self.faults[path].pop(0)(lambda: self.answer(request))
        return self.answer(request)

    @abstractmethod
    def answer(self, request: httpx.Request) -> httpx.Response:
        """What the platform answers when nothing is made to fail."""


def form_of(request: httpx.Request) -> dict[str, str]:
    """The fields of a form or of the text parts of a multipart body."""
    content = request.read()
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        return dict(parse_qsl(content.decode()))
    boundary = kind.partition("boundary=")[2].encode()
    fields = {}
    for part in content.split(b"--" + boundary):
        head, _blank, value = part.partition(b"\r\n\r\n")
        if b'name="' in head and b"filename=" not in head:
            name = head.partition(b'name="')[2].partition(b'"')[0].decode()
            fields[name] = value.rstrip(b"\r\n").decode()
    return fields
