"""The documents tell the truth: settings, commands, links, places and the import chain."""

import os
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from cms.interactions.models import ModerationItem
from cms.matrix.models import Delivery

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")])
SCREENSHOTS = ROOT / "docs" / "screenshots"

READ = re.compile(r"""\benv(?:\.\w+)?\(\s*f?["']([^"']+)["']""")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PLACE = re.compile(r"`((?:cms|search|tests|templates|deploy|docs|benchmarks)/[\w./-]*)`")


def variables() -> set[str]:
    """Every environment variable that cms/settings reads."""
    found = set()
    for file in (ROOT / "cms" / "settings").glob("*.py"):
        for name in READ.findall(file.read_text()):
            # The login settings are read in a loop over the two providers.
            for provider in ("WEIXIN", "WEIBO"):
                found.add(name.replace("{provider.upper()}", provider))
    assert all(re.fullmatch(r"[A-Z_]+", name) for name in found), found
    return found


def relative_links(document: Path) -> list[str]:
    links = LINK.findall(document.read_text())
    return [link for link in links if not re.match(r"[a-z]+:", link)]


def anchors(document: Path) -> set[str]:
    """Headings as GitHub and Gitee make them into anchors."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_every_setting_stands_in_the_readme_table():
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert table == variables()


def test_every_setting_stands_in_the_sample_file():
    lines = (ROOT / ".env.example").read_text().splitlines()
    sample = {found[1] for line in lines if (found := re.match(r"(?:# )?([A-Z_]+)=", line))}
    assert sample == variables()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_named_exists(document):
    targets = set(re.findall(r"^([\w-]+):(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z][a-z-]+)", document.read_text()))
    assert named <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document):
    for link in relative_links(document):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if target.is_relative_to(SCREENSHOTS):
            continue  # The next test's business.
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def test_pictures_in_the_readme_exist():
    if not SCREENSHOTS.is_dir() and os.environ.get("RONGMEI_REQUIRE_ALL") != "1":
        pytest.skip("docs/screenshots has not been made yet")
    pictures = [link for link in relative_links(ROOT / "README.md") if link.endswith(".png")]
    assert len(pictures) == 2
    for picture in pictures:
        assert (ROOT / picture).is_file(), picture


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_places_named_in_the_code_exist(document):
    for place in set(PLACE.findall(document.read_text())):
        assert (ROOT / place).exists(), place


def test_the_import_chain_is_the_one_that_is_kept():
    chain = re.search(
        r"## Who may import whom.*?```\n(.*?)```",
        (ROOT / "docs" / "architecture.md").read_text(),
        re.DOTALL,
    )[1].split()
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(rule["layers"] for rule in contracts["contracts"] if rule["type"] == "layers")
    assert chain == layers


def test_the_architecture_lists_every_decision():
    architecture = (ROOT / "docs" / "architecture.md").read_text()
    for page in (ROOT / "docs" / "decisions").glob("*.md"):
        assert f"(decisions/{page.name})" in architecture


def test_the_state_diagram_knows_every_state():
    diagram = re.search(
        r"stateDiagram-v2(.*?)```", (ROOT / "docs" / "deliveries.md").read_text(), re.DOTALL
    )[1]
    assert set(re.findall(r"\b[a-z_]+\b(?= -->)|(?<=--> )[a-z_]+", diagram)) == set(
        Delivery.State.values
    )


def test_the_guide_explains_every_state_and_reason():
    guide = (ROOT / "docs" / "editors-guide.md").read_text()
    for state in Delivery.State:
        assert f"| {state.label} |" in guide
    for reason in ModerationItem.Reason:
        assert str(reason.label) in guide


def test_containers_and_units_run_the_same_three_processes():
    services = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text())["services"]
    units = {file.stem for file in (ROOT / "deploy" / "systemd").glob("*.service")}
    assert units == {"rongmei-web", "rongmei-worker", "rongmei-beat"}
    assert {"web", "worker", "beat"} <= services.keys()
    for name in ("worker", "beat"):
        unit = (ROOT / "deploy" / "systemd" / f"rongmei-{name}.service").read_text()
        assert services[name]["command"] in unit
