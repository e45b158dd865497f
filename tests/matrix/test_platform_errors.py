"""docs/platform-errors.md: every code stands in the section of its class, and in no other."""

import re
from pathlib import Path

import pytest

from cms.matrix.channels.base import CallerBug
from cms.matrix.channels.wechat import errors as wechat
from cms.matrix.channels.weibo import errors as weibo
from cms.matrix.services.failing import CLASS_OF, class_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "platform-errors.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^## .+?（(\w+)）\n(.*?)(?=^## |^---|\Z)", re.MULTILINE | re.DOTALL)
SECTIONS = dict(SECTION.findall(PAGE))
PLATFORMS = {"微信": wechat, "微博": weibo}
OURS = {"check", "seal", "repeat", "refused", "given_up", "bug"}
# Answers that mean "no clear word": harmless for a read, an unknown outcome for an effect.
UNCLEAR = {"微信": {"-1"}, "微博": {"10001", "10002", "10003", "10009", "10010", "10011"}}


def codes_in(section: str, platform: str) -> set[str]:
    rows = re.findall(rf"^\| {platform} \| ([^|]+) \|", section, re.MULTILINE)
    return set(re.findall(r"`(-?\d+)`", "".join(rows)))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_code_stands_under_its_class_and_no_other(platform):
    errors = PLATFORMS[platform]
    wanted = {}
    for code in {*errors.RULES, *UNCLEAR[platform]}:
        kinds = {type(errors.error_for(code, "", effect=effect)) for effect in (False, True)}
        wanted[code] = {class_of(kind) for kind in kinds}
    found = {}
    for kind, section in SECTIONS.items():
        for code in codes_in(section, platform):
            found.setdefault(code, set()).add(kind)
    assert found == wanted


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_unclear_codes_have_a_class_of_their_own(platform):
    for code in UNCLEAR[platform]:
        error = PLATFORMS[platform].error_for(code, "", effect=True)
        assert not isinstance(error, CallerBug), code


def test_every_class_has_its_section_and_its_line_in_the_overview():
    assert set(SECTIONS) == {*CLASS_OF.values(), *OURS}
    for kind, section in SECTIONS.items():
        assert re.search(rf"^\| \[.+\]\(#\S*{kind}\) \|", PAGE, re.MULTILINE), kind
        for part in ("**意思**：", "**系统**：", "**您**："):
            assert section.count(part) == 1, (kind, part)


def test_the_classes_that_services_write_are_the_ones_explained():
    written = set()
    for file in (ROOT / "cms" / "matrix" / "services").glob("*.py"):
        source = file.read_text(encoding="utf-8")
        written |= set(re.findall(r"""(?:error_class"?[=:]\s*|fail\(delivery, )"(\w+)\"""", source))
    assert written == OURS
