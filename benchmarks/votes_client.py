"""The voters of benchmarks/votes.py, in a process of their own: raw HTTP on kept connections.

Takes one JSON object as its argument, writes one to the path it names. Knows no Django.
"""

import itertools
import json
import re
import select
import socket
import sys
import threading
import time
from pathlib import Path

CODE = re.compile(rb'class="poll-code">([A-Z0-9-]+)<')
TOKEN = "a" * 32
# Of EVERY people in a row, one votes again afterwards and one twice at the same moment.
EVERY, AGAIN, AT_ONCE = 10, 0, 5


class Connection:
    """One kept HTTP connection; opened again when the server closed it."""

    def __init__(self, port: int):
        self._port, self._socket, self.answered = port, None, time.monotonic()

    def send(self, request: bytes) -> None:
        """Send on a kept connection only while the server keeps it too, as browsers do."""
        if self._socket and select.select([self._socket], [], [], 0)[0]:
            self.close()
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)

    def read(self) -> tuple[int, bytes]:
        """(status, body) of the answer. Raises OSError when none comes."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _blank, body = data.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
        while len(body) < length:
            body += self._more()
        if b"connection: close" in head.lower():
            self.close()
        self.answered = time.monotonic()
        return int(head.split()[1]), body

    def _more(self) -> bytes:
        more = self._socket.recv(65536)
        if not more:
            raise ConnectionResetError
        return more

    def close(self) -> None:
        if self._socket:
            self._socket.close()
        self._socket = None


class Load:
    def __init__(self, asked: dict):
        self.asked = asked
        self.people = iter(json.loads(Path(asked["sessions"]).read_text()))
        self.until = time.monotonic() + asked["seconds"]
        self.numbers = itertools.count()
        self.accepted: list[tuple[int, str]] = []
        self.wrong: list[str] = []
        self.requests = self.refused = 0
        self.lock = threading.Lock()

    def _request(self, number: int, session: str) -> bytes:
        options = self.asked["options"]
        option = options[number % len(options) if self.asked.get("spread") else 0]
        body = f"compact=1&option={option}"
        path = self.asked.get("path") or f"/polls/{self.asked['poll']}/vote/"
        return (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.asked['port']}\r\n"
            f"Cookie: sessionid={session}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n"
            "HX-Request: true\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def run(self) -> dict:
        started = time.monotonic()
        threads = [threading.Thread(target=self._vote_on) for _n in range(self.asked["voters"])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {
            "requests": self.requests,
            "seconds": time.monotonic() - started,
            "accepted": self.accepted,
            "refused": self.refused,
            "errors": len(self.wrong),
            "wrong": self.wrong[:5],
        }

    def _vote_on(self) -> None:
        first, second = Connection(self.asked["port"]), Connection(self.asked["port"])
        while time.monotonic() < self.until:
            with self.lock:
                number = next(self.numbers)
                person = next(self.people, None)
            if person is None or number >= self.asked["most"]:
                break
            self._vote(first, second, number, *person)
        first.close()

    def _vote(self, first: Connection, second: Connection, number: int, person, session) -> None:
        """One vote; of some people a second one after it, of others another at the same moment."""
        request = self._request(number, session)
        twice = self.asked.get("twice")
        if twice and number % EVERY == AT_ONCE:
            self._post([first, second], request, person)
            second.close()  # Rarely used: the server would hang up on it meanwhile.
            return
        self._post([first], request, person)
        if twice and number % EVERY == AGAIN:
            self._post([first], request, person)

    def _post(self, connections: list[Connection], request: bytes, person: int) -> None:
        """Send on all of `connections` before reading from any."""
        try:
            for connection in connections:
                connection.send(request)
            answers = [connection.read() for connection in connections]
        except OSError as error:
            for connection in connections:
                connection.close()
            idle = time.monotonic() - min(connection.answered for connection in connections)
            with self.lock:
                self.wrong.append(f"{error!r}, {idle:.2f} s after the last answer")
            time.sleep(0.05)
            return
        for answer in answers:
            self._take_down(person, *answer)

    def _take_down(self, person: int, status: int, page: bytes) -> None:
        code = CODE.search(page)
        with self.lock:
            self.requests += 1
            if status == 200 and code:
                self.accepted.append((person, code[1].decode()))
            elif status == 422:
                self.refused += 1
            elif status != 200 or "path" not in self.asked:
                self.wrong.append(f"{status} {page[:200]!r}")


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    Path(asked["out"]).write_text(json.dumps(Load(asked).run()))
