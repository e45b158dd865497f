"""Votes: what one costs the server, and that each counts once, also when the server is killed.

    python benchmarks/votes.py [--database postgres] [--voters 64] [--members 20000]

Over real HTTP under gunicorn, from clients in another process. Three loads of the same kind of
POST behind the same middleware: a bare view, votes that are all for one option (hot), votes that
are spread (cold). After a load to warm up, hot and cold take turns (hot, cold, cold, hot), each on
its own poll, so that neither finds what the other warmed. Every tenth person votes twice, and every
tenth from two connections at once. `times_bare` is the server's CPU time of a vote as a multiple of
the bare view's. Then the server is killed in mid-run and started again: every vote whose answer was
a success must be in the turnout and in the count, and its receipt must be found. Prints one JSON
object.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import server  # noqa: E402
from benchmarks.matrix_stack import BACKENDS, Process, wait_for  # noqa: E402

BAR = 15
#: The loads in their order → whether the votes are spread over the options.
TURNS = {"hot_1": False, "cold_1": True, "cold_2": True, "hot_2": False}
KILL_AFTER = 2.0


def main() -> None:
    options = parse()
    with tempfile.TemporaryDirectory(prefix="rongmei-votes-", ignore_cleanup_errors=True) as folder:
        backend = BACKENDS[options.database](Path(folder))
        port = server.free_port()
        env = {**server.environment(Path(folder), port), **backend.environment()}
        os.environ.update(env)
        import django

        django.setup()
        try:
            report = measure(Path(folder), env, port, options)
        finally:
            from django.db import connections

            connections.close_all()
            backend.stop()
    print(json.dumps(report, ensure_ascii=False, indent=2))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", choices=list(BACKENDS), default="sqlite")
    parser.add_argument("--voters", type=int, default=64, help="at the same moment")
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument(
        "--seconds", type=float, default=20, help="the longest a poll's load may last"
    )
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def measure(folder: Path, env: dict, port: int, options: argparse.Namespace) -> dict:
    from django.core.management import call_command

    from benchmarks.votes_data import make_members, make_polls, options_of, tokens

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    make_members(options.members)
    polls = make_polls(("bare", "warm", *TURNS, "killed"))
    sessions = tokens(options.members, folder / "sessions.json")
    web = Process(
        "web",
        f"{server.BIN}/gunicorn --worker-class gthread --workers {options.workers} --threads 8"
        f" --no-control-socket --log-level error -b 127.0.0.1:{port} cms.wsgi",
        env,
        folder / "web.log",
    )
    with started(web, port):
        ask = {"port": port, "sessions": str(sessions), "voters": options.voters}
        ask |= {"most": options.members, "seconds": options.seconds}
        polls = {name: {"poll": pk, "options": options_of(pk)} for name, pk in polls.items()}
        rounds = {"bare": {**ask, "path": "/-/bare/", **polls["bare"]}}
        for name, spread in TURNS.items():
            rounds[name] = {**ask, **polls[name], "twice": True, "spread": spread}
        for warm in ({"path": "/-/bare/"}, {}):
            load(folder, {**ask, **polls["warm"], **warm})
        found = {name: costed(web, folder, asked) for name, asked in rounds.items()}
        killed = kill_in_mid_run(web, port, folder, {**ask, **polls["killed"], "spread": True})
    bare = found["bare"]["cpu_ms"]
    hot, cold = (together(found[f"{name}_1"], found[f"{name}_2"]) for name in ("hot", "cold"))
    checks = {name: check(polls[name]["poll"], found[name]) for name in TURNS}
    checks["killed"] = check(polls["killed"]["poll"], killed)
    report = {
        "bare": shown(found["bare"]),
        "hot": {**shown(hot), "times_bare": round(hot["cpu_ms"] / bare, 2)},
        "cold": {**shown(cold), "times_bare": round(cold["cpu_ms"] / bare, 2)},
        "turns_cpu_ms": {name: round(found[name]["cpu_ms"], 2) for name in TURNS},
        "hot_times_cold": round(hot["cpu_ms"] / cold["cpu_ms"], 2),
        "times_bare": round(max(hot["cpu_ms"], cold["cpu_ms"]) / bare, 2),
        "errors": sum(found[name]["errors"] for name in found),
        "double": sum(one["double"] for one in checks.values()),
        "tally_off": sum(one["tally_off"] for one in checks.values()),
        "killed": {
            "accepted": len(killed["accepted"]),
            "unanswered": killed["errors"],
            "accepted_not_counted": checks["killed"]["accepted_not_counted"],
        },
        "meta": {
            "database": options.database,
            "members": options.members,
            "voters": options.voters,
            "cores": os.cpu_count(),
        },
    }
    report["bars"] = {
        "times_bare": report["times_bare"] <= BAR,
        "exact": not (report["errors"] or report["double"] or report["tally_off"]),
        "nothing_lost": report["killed"]["accepted_not_counted"] == 0,
    }
    return report


@contextmanager
def started(web: Process, port: int):
    web.start()
    wait_for(f"http://127.0.0.1:{port}/-/bare/")
    try:
        yield
    finally:
        web.stop()


def load(folder: Path, asked: dict, *, running: bool = False):
    """Run the clients in a process of their own; gives what they saw."""
    out = folder / f"load-{time.monotonic_ns()}.json"
    command = [sys.executable, "benchmarks/votes_client.py", json.dumps({**asked, "out": str(out)})]
    process = subprocess.Popen(command, cwd=ROOT)
    if running:
        return process, out
    if process.wait():
        raise SystemExit("The clients failed.")
    return json.loads(out.read_text())


def costed(web: Process, folder: Path, asked: dict) -> dict:
    before = web.cpu_seconds()
    found = load(folder, asked)
    found["cpu_ms"] = 1000 * (web.cpu_seconds() - before) / found["requests"]
    took = f"{found['requests']} in {found['seconds']:.1f} s"
    print(took, *found["wrong"], file=sys.stderr, flush=True)
    return found


def together(first: dict, second: dict) -> dict:
    """Two loads as one."""
    both = {key: first[key] + second[key] for key in ("requests", "seconds", "refused")}
    cpu = sum(one["cpu_ms"] * one["requests"] for one in (first, second))
    return {**both, "cpu_ms": cpu / both["requests"]}


def shown(found: dict) -> dict:
    return {
        "requests": found["requests"],
        "a_second": round(found["requests"] / found["seconds"], 1),
        "cpu_ms": round(found["cpu_ms"], 3),
        "refused_twice": found["refused"],
    }


def kill_in_mid_run(web: Process, port: int, folder: Path, asked: dict) -> dict:
    """SIGKILL to all server processes while votes come in; then up again, and the rest come."""
    process, out = load(folder, {**asked, "most": 10**9, "seconds": 3 * KILL_AFTER}, running=True)
    time.sleep(KILL_AFTER + 0.5)
    os.killpg(web.process.pid, signal.SIGKILL)
    web.process.wait()
    web.start()
    wait_for(f"http://127.0.0.1:{port}/-/bare/")
    if process.wait():
        raise SystemExit("The clients failed.")
    return json.loads(out.read_text())


def check(poll_id: int, found: dict) -> dict:
    """What the database says of a poll, against what the clients were told."""
    from cms.interactions import selectors
    from cms.interactions.models import PollPage, Receipt, Tally, Turnout
    from cms.interactions.services import receipt_digest

    poll = PollPage.objects.get(pk=poll_id)
    recount = selectors.recount(poll)
    count = Tally.objects.get(poll=poll_id)
    crosses = sum(n for cell, n in count.cells.items() if not cell.startswith("@"))
    digests = set(Receipt.objects.filter(poll=poll_id).values_list("digest", flat=True))
    voted = set(Turnout.objects.filter(poll=poll_id).values_list("user_id", flat=True))
    accepted = found["accepted"]
    people = [person for person, _code in accepted]
    lost = sum(
        person not in voted or receipt_digest(poll_id, code) not in digests
        for person, code in accepted
    )
    return {
        "double": len(people) - len(set(people)),
        "tally_off": abs(recount.ballots - recount.turnout)
        + abs(recount.ballots - recount.receipts)
        + abs(crosses - recount.ballots),
        "accepted_not_counted": lost,
    }


if __name__ == "__main__":
    main()
