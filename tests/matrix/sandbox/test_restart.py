"""Another process, killed without warning, comes back with everything it had promised."""

import socket
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest

from tests.sandbox_server import Client, WeChat

from .test_weibo import Weibo


@contextmanager
def running(data, port):
    command = [sys.executable, "-m", "cms.matrix.sandbox", "--port", str(port), "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        with Client(base_url=base, timeout=10, trust_env=False) as client:
            client.wait_for(lambda: _answers(client), seconds=30)
            yield client
    finally:
        process.kill()
        process.wait()


def _answers(client):
    try:
        return client.get("/__sandbox/health").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def test_killed_process_keeps_its_word(tmp_path, port):
    with running(tmp_path, port) as client:
        service = WeChat(client, "wxdemo_service")
        client.account("wechat", service.app_id, publish_delay=600, callback_token="")
        picture = service.cover()
        kept = service.draft(title="留在草稿箱")["media_id"]
        queued = service.draft(title="还在排队", thumb_media_id=picture)["media_id"]
        job = service.post("/cgi-bin/freepublish/submit", {"media_id": queued})
        sent = service.draft(title="等着群发")["media_id"]
        mass = {"filter": {"is_to_all": True}, "msgtype": "mpnews", "mpnews": {"media_id": sent}}
        mass_id = service.post("/cgi-bin/message/mass/sendall", mass)["msg_id"]
        post = Weibo(client).share().json()
        client.fault(path="/cgi-bin/draft/count", effect="error", code=45009)
        client.put("/__sandbox/pace", json={"latency_ms": 5})
        client.advance(seconds=30)
        token = service.token

    with running(tmp_path, port) as client:
        service.client = client
        assert service.token == token
        assert client.get("/__sandbox/pace").json() == {"latency_ms": 5}
        assert client.get("/__sandbox/clock").json()["offset_seconds"] == 30
        assert service.get("/cgi-bin/draft/count")["errcode"] == 45009
        assert "news_item" in service.post("/cgi-bin/draft/get", {"media_id": kept})
        assert Weibo(client).get("statuses/show", id=post["idstr"]).json()["mid"] == post["mid"]
        asked = {"publish_id": job["publish_id"]}
        assert service.post("/cgi-bin/freepublish/get", asked)["publish_status"] == 1
        client.advance(minutes=11)
        client.wait_for(
            lambda: service.post("/cgi-bin/freepublish/get", asked)["publish_status"] == 0
        )
        client.wait_for(
            lambda: (
                service.post("/cgi-bin/message/mass/get", {"msg_id": mass_id})["msg_status"]
                == "SEND_SUCCESS"
            )
        )
        published = client.get("/__sandbox/books").json()["published"]
        assert sorted((item["how"], item["times"]) for item in published) == [
            ("freepublish", 1),
            ("mass", 1),
            ("share", 1),
        ]
        assert client.get(published[0]["url"]).status_code == 200
