"""The SMS gateway over real HTTP: what it is sent, and what a failure leaves in the log."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cms.members import sms


class Gateway(BaseHTTPRequestHandler):
    status = 200
    seen: list[tuple[str, dict]] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.headers["Authorization"], json.loads(body)))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def gateway(settings):
    handler = type("Handler", (Gateway,), {"seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.SMS_BACKEND = "cms.members.sms.gateway"
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_GATEWAY_TOKEN = "secret-token"
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_gateway_gets_number_text_and_code_with_the_token(gateway):
    sms.send(phone="13700000001", text="验证码 123456", code="123456")
    assert gateway.seen == [
        ("Bearer secret-token", {"phone": "13700000001", "text": "验证码 123456", "code": "123456"})
    ]


def test_a_failure_is_raised_and_logged_without_number_or_code(gateway, caplog):
    gateway.status = 503
    with pytest.raises(sms.SmsFailed):
        sms.send(phone="13700000001", text="验证码 123456", code="123456")
    assert "503" in caplog.text
    assert "137****0001" in caplog.text
    for private in ("13700000001", "123456", "secret-token"):
        assert private not in caplog.text


def test_a_gateway_that_is_not_there_is_a_failure(settings, caplog):
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/send"
    settings.SMS_BACKEND = "cms.members.sms.gateway"
    with pytest.raises(sms.SmsFailed):
        sms.send(phone="13700000001", text="", code="123456")
    assert "13700000001" not in caplog.text
