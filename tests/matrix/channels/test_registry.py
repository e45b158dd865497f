"""The registry fails loudly, and channels stay alone."""

import ast
import pickle
import sys
from pathlib import Path

import pytest

import cms.matrix.channels
from cms.matrix.channels import registry
from cms.matrix.channels.base import Account, Channel, ContentRejected, Payload, QuotaExceeded
from cms.matrix.channels.console.channel import ConsoleChannel
from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.channels.wechat.channel import WeChatChannel

ROOT = Path(cms.matrix.channels.__file__).parent
ALLOWED = {"httpx", "cryptography", "defusedxml", "bs4", "PIL"}


def test_choices_are_slug_and_chinese_name():
    assert registry.choices() == [
        ("wechat", "微信公众号"),
        ("weibo", "微博"),
        ("console", "控制台"),
    ]


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
        ({"limits": 3}, "limits"),
    ],
)
def test_a_broken_channel_fails_by_name(changes, complaint):
    kind = type("Broken", (ConsoleChannel,), changes)
    with pytest.raises(registry.BrokenChannel, match=f"Broken: {complaint}"):
        registry.built((kind,))


def test_a_half_built_channel_names_what_is_missing():
    with pytest.raises(registry.BrokenChannel, match=r"HalfBuilt.*answer.*withdraw"):
        registry.built((HalfBuilt,))


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
    slugs = {path.name for path in ROOT.iterdir() if (path / "channel.py").exists()}
    assert slugs == {slug for slug, _label in registry.choices()}
    for slug in slugs:
        for path in (ROOT / slug).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            for other in slugs - {slug}:
                assert f"..{other}" not in source


def test_every_channel_has_the_same_files():
    for slug, _label in registry.choices():
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
