"""docs/sandbox.md promises to be complete: it names everything that can be set or called."""

import re
from dataclasses import fields
from pathlib import Path

from cms.matrix.sandbox.app import create_app
from cms.matrix.sandbox.faults import EFFECTS
from cms.matrix.sandbox.profiles import PLATFORMS

ROOT = Path(__file__).resolve().parents[3]
DOC = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")


def test_every_effect_has_its_row():
    rows = re.findall(r"^\| `(\w+)` \|", DOC, re.MULTILINE)
    assert set(EFFECTS) <= set(rows)


def test_every_profile_field_is_named():
    for account in PLATFORMS.values():
        missing = [field.name for field in fields(account) if f"`{field.name}`" not in DOC]
        assert missing == []


def test_every_route_of_the_admin_api_is_listed(tmp_path):
    app = create_app(tmp_path)
    app.extensions["sandbox"].jobs.stop()
    app.extensions["sandbox"].store.close()
    listed = set(re.findall(r"^ {4}(\w+) +(/__sandbox/\S+)", DOC, re.MULTILINE))
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/__sandbox/"):
            path = re.sub(r"<\w+:", "<", rule.rule)
            methods = rule.methods - {"HEAD", "OPTIONS"}
            if path == "/__sandbox/clock":
                methods.discard("POST")
            assert {(method, path) for method in methods} <= listed


def test_every_default_of_a_conflict_is_the_one_in_force():
    """The table of §13 says true or false, or a number, first."""
    account = PLATFORMS["wechat"](app_id="a", secret="b", name="c")
    rows = re.findall(r"^\| (?:\d+|–) \| [^|]+ \| `(\w+)` \| ([^|]+) \|", DOC, re.MULTILINE)
    assert len(rows) >= 20
    for name, default in rows:
        if hasattr(account, name):
            value = getattr(account, name)
            shown = str(value).lower() if isinstance(value, bool) else str(value)
            assert default.strip("` ").startswith(shown), name
