"""The registry fails loudly, and channels stay alone."""

import ast
import pickle
import sys
from pathlib import Path

import pytest

import cms.matrix.channels
from cms.matrix.channels import registry
from cms.matrix.channels.base import (
    Account,
    Capability,
    Channel,
    ContentRejected,
    Payload,
    QuotaExceeded,
    SetupField,
)
from cms.matrix.channels.console.channel import ConsoleChannel
from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.channels.wechat.channel import WeChatChannel

ROOT = Path(cms.matrix.channels.__file__).parent
ALLOWED = {"httpx", "cryptography", "defusedxml", "bs4", "PIL"}


def test_choices_are_slug_and_chinese_name_sorted_by_folder():
    choices = registry.choices()
    assert choices == sorted(choices)
    assert {("console", "控制台"), ("wechat", "微信公众号"), ("weibo", "微博")} <= set(choices)


def test_connect_binds_the_account_without_opening_a_connection():
    channel = registry.connect(Account(1, "console", "演示", "", "", ""), MemoryTokenStore())
    assert isinstance(channel, ConsoleChannel)
    with pytest.raises(LookupError, match="douyin"):
        registry.get("douyin")


def test_a_duplicate_fails_by_name():
    with pytest.raises(registry.BrokenChannel, match=r"WeChatChannel.*'wechat'"):
        registry.built((WeChatChannel, WeChatChannel))


class HalfBuilt(Channel):
    slug, label, limits = "half", "半成品", {}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"slug": ""}, "slug"),
        ({"slug": "We Chat"}, "slug"),
        ({"label": ""}, "label"),
        ({"label": "Console"}, "label"),
        ({"limits": 3}, "limits"),
        ({"capabilities": {Capability.PUBLISH}}, "capabilities"),
        ({"capabilities": frozenset({"publish"})}, "capabilities"),
        ({"setup": [SetupField("app_id", "名称")]}, "setup"),
        ({"setup": ("app_id",)}, "setup"),
        ({"setup": (SetupField("app_id", "Name"),)}, "setup field 'app_id' is not explained"),
        ({"setup": (SetupField("app_id", "", "说明"),)}, "setup field 'app_id' has no name"),
        ({"setup": (SetupField("app id", "名称"),)}, "setup field 'app id' has no name"),
    ],
)
def test_a_broken_channel_fails_by_name(changes, complaint):
    kind = type("Broken", (ConsoleChannel,), changes)
    with pytest.raises(registry.BrokenChannel, match=f"Broken: {complaint}"):
        registry.built((kind,))


def test_a_half_built_channel_names_what_is_missing():
    with pytest.raises(registry.BrokenChannel, match=r"HalfBuilt.*answer.*withdraw"):
        registry.built((HalfBuilt,))


# --- a folder is a channel ------------------------------------------------------------------------

WHOLE = """
from cms.matrix.channels.console.channel import ConsoleChannel

class Leaflet(ConsoleChannel):
    slug, label = "leaflet", "传单"
"""


@pytest.fixture
def add(tmp_path, monkeypatch):
    """Puts a channel.py into a folder beside the real channels."""
    monkeypatch.setattr(cms.matrix.channels, "__path__", [str(ROOT), str(tmp_path)])
    known = set(sys.modules)

    def add(folder: str, text: str) -> None:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "channel.py").write_text(text, encoding="utf-8")

    yield add
    for name in set(sys.modules) - known:
        if name.startswith("cms.matrix.channels."):
            del sys.modules[name]
            vars(cms.matrix.channels).pop(name.rpartition(".")[2], None)


def test_a_new_folder_is_a_new_channel_and_nothing_else_is_needed(add):
    add("leaflet", WHOLE)
    slugs = list(registry.built(registry.discovered()))
    assert slugs == sorted([*registry.CHANNELS, "leaflet"])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("import a_module_that_is_not_there", "cannot be imported.*a_module_that_is_not_there"),
        ("1 / 0", "cannot be imported.*zero"),
        ("", "defines none"),
        (WHOLE + "class Second(ConsoleChannel):\n    slug = 'second'", "defines Leaflet, Second"),
        (WHOLE.replace('"leaflet"', '"flyer"'), "slug 'flyer' is not the folder's name"),
    ],
)
def test_a_folder_that_is_no_channel_fails_by_its_name(add, text, complaint):
    add("leaflet", text)
    with pytest.raises(registry.BrokenChannel, match=f"channels/leaflet: .*{complaint}"):
        registry.discovered()


def test_a_folder_that_exists_twice_fails_by_its_name(add):
    add("weibo", WHOLE)
    with pytest.raises(registry.BrokenChannel, match=r"channels/weibo: .*twice"):
        registry.discovered()


# --- channels stay alone --------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: path.name)
def test_channels_import_nothing_of_ours_and_no_django(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        else:
            continue
        for name in names:
            top = name.partition(".")[0]
            assert top in ALLOWED or top in sys.stdlib_module_names, f"{path.name} imports {name}"


def test_a_channel_imports_no_other_channel():
    for slug in registry.CHANNELS:
        for path in (ROOT / slug).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            for other in set(registry.CHANNELS) - {slug}:
                assert f"..{other}" not in source


def test_every_channel_has_the_same_files():
    for slug in registry.CHANNELS:
        names = {path.name for path in (ROOT / slug).iterdir()}
        assert {"channel.py", "client.py", "render.py", "templates"} <= names


def test_payloads_refuse_what_json_cannot_hold():
    with pytest.raises(ValueError, match="payload"):
        Payload.from_json("[]")
    with pytest.raises(TypeError):
        _ = Payload({"picture": b"bytes"}).content_hash
    assert Payload({"a": 1, "b": 2}).content_hash == Payload({"b": 2, "a": 1}).content_hash


def test_errors_travel_between_processes():
    rejected = ContentRejected("45003", "too long", "标题太长。", "rid", None, "title")
    again = pickle.loads(pickle.dumps(rejected))
    assert (again.code, again.human, again.field) == ("45003", "标题太长。", "title")
    assert pickle.loads(pickle.dumps(QuotaExceeded("1", "m", "h"))).until is None
