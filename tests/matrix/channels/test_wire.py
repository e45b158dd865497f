"""One connection over real sockets: time, size, and what a broken connection means."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cms.matrix.channels.base import CallerBug, OutcomeUnknown, Transient
from cms.matrix.channels.http import MAX_ANSWER_BYTES, Wire, number, text

OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"


@contextmanager
def server(*pieces: bytes, pause: float = 0.0) -> Iterator[str]:
    """A server on loopback that sends `pieces` to one caller, `pause` seconds apart."""
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _address = listener.accept()
        with connection:
            connection.recv(65536)
            for piece in pieces:
                try:
                    connection.sendall(piece)
                except OSError:
                    return
                if stop.wait(pause):
                    return
            if pause:
                stop.wait(5)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        thread.join(5)
        listener.close()


def call(url: str, *, effect: bool = False, timeout: float = 2.0):
    wire = Wire(url, None, timeout)
    try:
        return wire.call("POST", "/x", effect=effect, json={})
    finally:
        wire.close()


def test_an_answer_is_read_as_utf8_whatever_its_header_says():
    body = '{"名":"工会"}'.encode()
    with server(OK % (len(body), body)) as url:
        assert call(url) == (200, {"名": "工会"})


@pytest.mark.parametrize(("effect", "error"), [(False, Transient), (True, OutcomeUnknown)])
def test_silence_is_transient_for_reads_and_unknown_for_effects(effect, error):
    with server(b"", pause=0.01) as url, pytest.raises(error) as caught:
        call(url, effect=effect, timeout=0.1)
    assert caught.value.code == "timeout"


@pytest.mark.parametrize(("effect", "error"), [(False, Transient), (True, OutcomeUnknown)])
def test_a_connection_that_breaks_off_is_unknown_for_effects(effect, error):
    with server(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{") as url, pytest.raises(error):
        call(url, effect=effect)


def test_nobody_listening_is_transient_even_for_effects():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Transient):
        call(f"http://127.0.0.1:{port}", effect=True)


def test_an_answer_that_drips_is_given_up():
    drip = [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"] + [b" "] * 200
    with server(*drip, pause=0.02) as url, pytest.raises(Transient) as caught:
        call(url, timeout=0.05)
    assert caught.value.code == "timeout"


def test_an_answer_that_is_too_large_is_given_up():
    size = MAX_ANSWER_BYTES + 10
    with server(OK % (size, b" " * size)) as url, pytest.raises(Transient):
        call(url)


def test_redirects_are_not_followed():
    away = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\n{}"
    with server(away) as url:
        assert call(url) == (302, {})


@pytest.mark.parametrize("address", ["", "ftp://x", "api.weixin.qq.com"])
def test_a_base_address_must_be_a_web_address(address):
    with pytest.raises(CallerBug) as caught:
        Wire(address, None, 1.0)
    assert "https://" in caught.value.human


def test_values_of_a_foreign_answer_are_read_with_care():
    assert [text(value) for value in (" a\x00 ", 7, True, None, [], 1.5)] == [
        "a",
        "7",
        "",
        "",
        "",
        "",
    ]
    assert [number(value) for value in (7, "7", -1, "٣", True, "9" * 30, None)] == [
        7, 7, None, None, None, None, None,
    ]  # fmt: skip
