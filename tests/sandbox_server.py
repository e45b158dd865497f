"""The real server on a free port, reset before every test, and a receiver for its callbacks."""

import struct
import threading
import time
import zlib
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from cms.matrix.sandbox.app import create_app


class Quiet(WSGIRequestHandler):
    def log(self, *args):
        pass


class Late:
    """A WSGI app set after the server knows its port."""

    app = None

    def __call__(self, environ, start_response):
        return self.app(environ, start_response)


class Receiver:
    """The account owner's callback server: keeps what came in, answers what it is told to."""

    def __init__(self):
        self.calls = []
        self.answer = b"success"
        self.refusals = 0
        self._slow_for = ""
        self._may_answer = threading.Event()

    def wait_if(self, text: str) -> None:
        """Answer calls whose body contains ``text`` only after ``go_on``."""
        self._slow_for = text

    def go_on(self) -> None:
        self._may_answer.set()

    def take_time(self, body: str) -> None:
        if self._slow_for and self._slow_for in body:
            self._may_answer.wait(4)

    def events(self, text: str) -> list:
        return [call for call in self.calls if call["method"] == "POST" and text in call["body"]]


class Client(httpx.Client):
    """Speaks to the sandbox; keeps one WeChat token per account."""

    def wait_for(self, condition, seconds=8.0):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = condition()
            if found:
                return found
            time.sleep(0.02)
        pytest.fail("condition was not met in time")

    def state(self):
        return self.get("/__sandbox/state").json()

    def account(self, platform, app_id, **changes):
        answer = self.put(f"/__sandbox/accounts/{platform}/{app_id}", json=changes)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, **fault):
        answer = self.post("/__sandbox/faults", json=fault)
        assert answer.status_code == 201, answer.text

    def advance(self, **delta):
        seconds = timedelta(**delta).total_seconds()
        self.put("/__sandbox/clock", json={"advance_seconds": seconds})

    def today(self):
        return datetime.fromisoformat(self.get("/__sandbox/clock").json()["now"]).date()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    late = Late()
    running = make_server("127.0.0.1", 0, late, threaded=True, request_handler=Quiet)
    base = f"http://127.0.0.1:{running.port}"
    late.app = create_app(
        tmp_path_factory.mktemp("sandbox"),
        public_base=base,
        callback_base="http://127.0.0.1:9",
        retry_seconds=0.05,
    )
    thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield base
    running.shutdown()
    thread.join()
    running.server_close()
    late.app.extensions["sandbox"].jobs.stop()


@pytest.fixture
def sandbox(server):
    """A client of a freshly reset sandbox, where it is noon and publishing takes no time."""
    with Client(base_url=server, timeout=10, trust_env=False) as client:
        client.post("/__sandbox/reset")
        now = datetime.fromisoformat(client.get("/__sandbox/clock").json()["now"])
        noon = now.replace(hour=12, minute=0, second=0) + timedelta(days=1)
        client.advance(seconds=(noon - now).total_seconds())
        for app_id in ("wxdemo_service", "wxdemo_sub", "wxdemo_plain"):
            client.account("wechat", app_id, publish_delay=0, callback_token="")
        yield client


@pytest.fixture
def receiver():
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._keep("")
            query = dict(parse_qsl(urlsplit(self.path).query))
            self._answer(200, query.get("echostr", "").encode())

        def do_POST(self):
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length).decode()
            self._keep(body)
            kept.take_time(body)
            if kept.refusals:
                kept.refusals -= 1
                self._answer(500, b"busy")
            else:
                self._answer(200, kept.answer)

        def _keep(self, body):
            query = dict(parse_qsl(urlsplit(self.path).query))
            kept.calls.append({"method": self.command, "query": query, "body": body})

        def _answer(self, status, body):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    kept.url = f"http://127.0.0.1:{running.server_port}/callback"
    yield kept
    running.shutdown()
    thread.join()
    running.server_close()


class WeChat:
    """Calls of one account, written from the contract for these tests."""

    def __init__(self, client, app_id):
        self.client = client
        self.app_id = app_id
        accounts = client.get("/__sandbox/accounts").json()
        self.secret = next(a["secret"] for a in accounts if a["app_id"] == app_id)
        self.token = self.new_token()["access_token"]

    def new_token(self, **extra):
        body = {"grant_type": "client_credential", "appid": self.app_id, "secret": self.secret}
        return self.client.post("/wechat/cgi-bin/stable_token", json=body | extra).json()

    def post(self, path, body):
        address = f"/wechat{path}?access_token={self.token}"
        return self.client.post(address, json=body).json()

    def get(self, path):
        return self.client.get(f"/wechat{path}?access_token={self.token}").json()

    def upload(self, path, content, name="a.png", kind="image/png", **query):
        address = f"/wechat{path}"
        query |= {"access_token": self.token}
        return self.client.post(
            address, params=query, files={"media": (name, content, kind)}
        ).json()

    def cover(self):
        return self.upload("/cgi-bin/material/add_material", png(), type="image")["media_id"]

    def draft(self, **article):
        usual = {"title": "高温津贴怎么发", "content": "<p>按月发放。</p>"}
        usual["thumb_media_id"] = article.pop("thumb_media_id", None) or self.cover()
        return self.post("/cgi-bin/draft/add", {"articles": [usual | article]})

    def publish(self, **article):
        """Submit and wait for the job; returns the freepublish/submit answer."""
        media_id = self.draft(**article)["media_id"]
        answer = self.post("/cgi-bin/freepublish/submit", {"media_id": media_id})
        self.client.wait_for(lambda: self._status(answer["publish_id"]) != 1)
        return answer

    def article_url(self, publish_id):
        answer = self.post("/cgi-bin/freepublish/get", {"publish_id": publish_id})
        return answer["article_detail"]["item"][0]["article_url"]

    def _status(self, publish_id):
        jobs = self.client.state()["wx_publish"]
        return next(job["status"] for job in jobs if job["publish_id"] == int(publish_id))


@pytest.fixture
def service(sandbox):
    return WeChat(sandbox, "wxdemo_service")


@pytest.fixture
def plain(sandbox):
    return WeChat(sandbox, "wxdemo_plain")


def png(size: int = 0) -> bytes:
    """A one-pixel PNG, padded to ``size`` bytes."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\x00\xc0\x30\x20")), (b"IEND", b"")]
    body = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return body.ljust(size, b"\x00")
