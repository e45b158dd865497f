"""Workers who hand comments in, as a browser with scripts does it."""

import http.client
import threading
import time
from urllib.parse import urlencode

from load import TIMEOUT, Load

TOKEN = "a" * 32
CONNECTIONS = 4


def get(port: int, path: str, headers) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    connection.request("GET", path, headers=dict(headers))
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def hand_in(port: int, plan: dict, writers: list[dict]) -> Load:
    """Each of `writers` hands one comment in. Raises RuntimeError when one is not taken."""
    return in_parallel(port, writers, lambda connection, writer: _hand_in(connection, plan, writer))


def in_parallel(port: int, jobs: list, do) -> Load:
    """Do all `jobs` over CONNECTIONS kept-alive connections."""
    waits: list[float] = []
    errors: list[Exception] = []
    left = iter(jobs)
    lock = threading.Lock()

    def work():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        try:
            while True:
                with lock:
                    job = next(left, None)
                if job is None:
                    return
                before = time.perf_counter()
                do(connection, job)
                waits.append(time.perf_counter() - before)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    started = time.perf_counter()
    threads = [threading.Thread(target=work) for _number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return Load(waits, time.perf_counter() - started)


def _hand_in(connection, plan: dict, writer: dict) -> None:
    body = urlencode({**plan["marks"], "comment": writer["text"]})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{plan['cookie']}={writer['session']}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "HX-Request": "true",
    }
    connection.request("POST", plan["address"], body=body, headers=headers)
    response = connection.getresponse()
    answer = response.read().decode()
    if response.status != 200 or "已收到" not in answer:
        raise RuntimeError(f"a comment was not taken: {response.status} {answer[:500]}")
