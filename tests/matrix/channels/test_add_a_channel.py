"""docs/add-a-channel.md, followed literally: its files are a channel, with nothing else changed."""

import json
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "add-a-channel.md"
FILE = re.compile(r"^```\w+ title=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# In a process of its own, so that no other test ever meets the toy.
ADD = """
import sys
import cms.matrix.channels
cms.matrix.channels.__path__.append(sys.argv[1])
"""
RUN_ITS_TESTS = """
import os, pytest
options = ["-c", os.devnull, "-p", "no:django", "-p", "no:cacheprovider", "-q", "-W", "error"]
sys.exit(pytest.main([*options, "--rootdir", sys.argv[1], sys.argv[1]]))
"""
DELIVER = """
import django, json
from cms.matrix.channels import registry
from cms.matrix.channels.base import Account, Overrides
from cms.matrix.channels.tokens import MemoryTokenStore
from tests.matrix.channels.stories import make_story, pictures_of

django.setup()
from cms.matrix.models import ChannelAccount

story = make_story()
account = Account(1, "notice", "东门屏", sys.argv[2], "east-gate", "s3cret")
with registry.connect(account, MemoryTokenStore()) as channel:
    payload = channel.render(story, Overrides())
    assert channel.check(payload) == []
    progress = channel.prepare(payload, pictures_of(story), {"key": "rongmei-1-0"}, lambda done: None)
    outcome = channel.submit(payload, progress)
    seen = channel.poll(outcome.external)
print(json.dumps({
    "state": seen.state,
    "url": seen.url,
    "choices": ChannelAccount._meta.get_field("channel").flatchoices,
}))
"""  # noqa: E501


def run(script: str, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", ADD + script, *arguments],
        cwd=ROOT,
        env={"PATH": "", "DJANGO_SETTINGS_MODULE": "cms.settings.test", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def folder(tmp_path):
    """A folder with the files of the page, each where its title says."""
    for name, text in FILE.findall(PAGE.read_text(encoding="utf-8")):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


class Screens(BaseHTTPRequestHandler):
    """The server of the screens, on loopback."""

    notices: dict[str, dict]

    def do_POST(self):
        notice = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.notices.setdefault(notice["key"], notice)
        self._answer(notice["key"])

    def do_GET(self):
        self._answer(parse_qs(urlsplit(self.path).query)["key"][0])

    def _answer(self, key):
        known = key in self.notices
        answer = {"url": f"https://screens.test/{key}"} if known else {"code": "missing"}
        body = json.dumps(answer).encode()
        self.send_response(200 if known else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Quiet."""


@pytest.fixture
def screens():
    handler = type("Handler", (Screens,), {"notices": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", handler.notices
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_page_has_five_steps_and_every_file_of_a_channel(folder):
    steps = re.findall(r"^## (\d)\. ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert steps == ["1", "2", "3", "4", "5"]
    files = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert files == {
        "notice/__init__.py",
        "notice/templates/notice.txt",
        "notice/render.py",
        "notice/errors.py",
        "notice/client.py",
        "notice/channel.py",
        "test_notice.py",
    }


def test_the_toy_keeps_the_contract(folder):
    done = run(RUN_ITS_TESTS, str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    passed = int(re.search(r"(\d+) passed", done.stdout)[1])
    assert passed > 25
    assert not re.search(r"skipped|failed|error", done.stdout)


def test_the_toy_delivers_a_story_once_and_accounts_may_choose_it(folder, screens):
    address, notices = screens
    done = run(DELIVER, str(folder), address)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["state"] == "published"
    assert said["url"] == "https://screens.test/rongmei-1-0"
    assert ["notice", "公告屏"] in said["choices"]
    (notice,) = notices.values()
    assert notice["title"] == "高温津贴怎么领"
    assert "from=notice" in notice["text"]


def test_a_page_that_leaves_a_step_out_does_not_pass(folder):
    (folder / "notice" / "errors.py").unlink()
    done = run(RUN_ITS_TESTS, str(folder))
    assert done.returncode != 0
    assert "cms.matrix.channels.notice.errors" in done.stdout
