"""A real browser against the real processes: web, worker, beat and sandbox, seeded once."""

import os
import shutil
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.stack import Stack
from tests.e2e.visitors import Visitor

CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever a page asks for, nothing leaves this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
WIDTHS = {"phone": (390, 844), "desk": (1280, 900), "wide": (1440, 900)}
PATIENCE_MS = 45_000
LOG_LINES = 80

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failing test shows what the processes said."""
    report = yield
    stack = item.funcargs.get("stack")
    if report.failed and isinstance(stack, Stack) and stack.log_file.exists():
        lines = stack.log_file.read_text("utf-8", "replace").splitlines()[-LOG_LINES:]
        report.sections.append(("the processes", "\n".join(lines)))
    return report


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path. Without one these tests are skipped, but not in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return found
    reason = "没有 chromium:apt install chromium fonts-noto-cjk 之后再运行浏览器测试"
    if os.environ.get("RONGMEI_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser(chromium, playwright):
    # Playwright's loop runs in this thread; Django would refuse to work beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def stack(chromium, tmp_path_factory):
    """All processes, with the demo union. The ports are new after each start."""
    stack = Stack(tmp_path_factory.mktemp("stack"))
    try:
        stack.start()
        yield stack
    finally:
        stack.end()


@pytest.fixture
def mark() -> str:
    """Tells this test's texts from those of another, and of an earlier run."""
    return f"{time.time_ns() // 1_000_000 % 10**8:08d}"


@pytest.fixture
def visitor(stack, browser):
    """`visitor()` is a person with a browser of their own; `visitor("phone")` is on a phone, and
    with `scripts=False` no script runs there.

    Whatever they did, nothing went off this machine and no page broke its own policy.
    """
    everybody: list[Visitor] = []

    def arrive(width: str = "desk", *, scripts: bool = True) -> Visitor:
        across, down = WIDTHS[width]
        context = browser.new_context(
            viewport={"width": across, "height": down},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
        )
        context.set_default_timeout(PATIENCE_MS)
        person = Visitor(context, stack)
        everybody.append(person)
        return person

    yield arrive
    for person in everybody:
        person.page.context.close()
        assert person.outside() == []
        assert person.complaints == []
