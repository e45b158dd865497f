"""`make run` behind the scenes: one command starts all, Ctrl-C ends all, data stay.

The tests restart the session's own processes: nobody else uses them meanwhile.
"""

import re
import socket
import subprocess

from tests.e2e.stack import ROOT, answers, command, wait_until

LOGINS = ("editor", "first", "second", "final", "moderator", "manager", "admin", "13900000001")


def test_it_says_where_to_go_and_who_may_log_in(stack):
    block = stack.printed().partition("融媒工会已启动")[2]
    for address in (f"{stack.site}/", f"{stack.site}/admin/", f"{stack.sandbox}/"):
        assert f" {address}\n" in block
        assert answers(address)
    for login in (*LOGINS, "rongmei-demo"):
        assert re.search(rf"\b{login}\b", block)


def test_a_taken_port_is_named_and_nothing_starts(stack):
    with socket.socket() as neighbour:
        neighbour.bind(("127.0.0.1", 0))
        neighbour.listen()
        port = neighbour.getsockname()[1]
        refused = subprocess.run(
            command(port), env=stack.environment(), cwd=ROOT, capture_output=True, text=True
        )
    assert refused.returncode == 1
    assert f"端口 {port} 已被占用" in refused.stdout


def test_ctrl_c_ends_all_processes_and_a_new_start_elsewhere_keeps_the_data(stack, visitor):
    reader = visitor()
    titles = titles_of_home(reader)
    old_site, old_sandbox = stack.site, stack.sandbox
    assert len(stack.alive()) > 4

    assert stack.stop() == 0
    assert wait_until(lambda: not stack.alive(), 20, "the end of every process")
    assert "Traceback" not in stack.printed()

    stack.start()
    assert stack.site != old_site
    assert not answers(f"{old_site}/")
    assert not answers(f"{old_sandbox}/")
    assert titles_of_home(visitor()) == titles
    assert "首次运行" not in stack.printed()


def titles_of_home(reader) -> list[str]:
    reader.go("/")
    return reader.page.locator("main h2, main h3").all_inner_texts()
