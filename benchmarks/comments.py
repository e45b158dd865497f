"""Comments under the production server: handing one in, and listing 100, 1,000 and 10,000 of them,
beside Isso (from the package index, in an environment of its own) in the same run.

    python benchmarks/comments.py [--rounds 5] [--posts 200] [--var DIR] [--isso DIR] [--json-only]

Prints one JSON object. Server CPU is that of the server's processes; a ratio is the median over the
rounds, in each of which both servers do the same work one after the other. Isso checks nothing:
its guard is off, there is no account, no 先审后发 and no trail. Ours does everything that it does
for a worker: session, CSRF, form marks, limits, the machine's reading, the queue, the trail, and
answers with the form. The bars: `listing_times_isso` ≤ 0.25, `post_times_isso` ≤ 3, and the same
`queries` for each number of comments. `--var` names a folder that `load_demo` has filled (it is
copied), `--isso` a virtual environment that has Isso and gunicorn.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import comment_load
import isso_peer
import load
import server

PREPARE = "from benchmarks.comment_data import print_plan; print_plan({people})"
HTMX = {"HX-Request": "true"}
COUNT = {**HTMX, "X-Benchmark-Count": "1"}
LISTED = 150
LISTING_BAR, POST_BAR = 0.25, 3.0


def main() -> None:
    options = parse()
    with tempfile.TemporaryDirectory(prefix="rongmei-bench-") as folder:
        port = server.free_port()
        env = server.environment(Path(folder), port)
        say(options, "preparing the site")
        server.prepare(Path(folder), env, options.var)
        script = PREPARE.format(people=options.posts * (options.rounds + 1))
        plan = json.loads(
            server.manage(env, "shell", "--no-imports", "-c", script, stdout=subprocess.PIPE)
        )
        say(options, "preparing Isso")
        peer = isso_peer.Isso(Path(folder) / "isso", options.isso)
        with server.running(env, port, workers=1) as ours, peer.running() as theirs:
            report = measure(options, port, ours, peer, theirs, plan)
    print(json.dumps(report, ensure_ascii=False, indent=2))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--posts", type=int, default=200, help="in each round, on each server")
    parser.add_argument("--var", type=Path)
    parser.add_argument("--isso", type=Path)
    parser.add_argument("--json-only", action="store_true")
    return parser.parse_args()


def say(options, words: str) -> None:
    if not options.json_only:
        print(words, file=sys.stderr, flush=True)


def measure(options, port, ours, peer, theirs, plan) -> dict:
    lists = {size: f"/comments/{pk}/list/" for size, pk in plan["stories"].items()}
    writers = iter(plan["writers"])
    peer.fill(plan["texts"])
    queries = {size: _queries(port, path) for size, path in lists.items()}
    _posts(options, port, plan, writers)  # Warm, and so is the peer by its filling.
    rounds = []
    for number in range(options.rounds):
        say(options, f"round {number + 1} of {options.rounds}")
        took = {f"list_{size}": _listing(port, ours, path) for size, path in lists.items()}
        took["list_isso"] = _listing(peer.port, theirs, peer.listing)
        took["post"] = _spent(ours, lambda: _posts(options, port, plan, writers))
        took["post_isso"] = _spent(theirs, lambda: peer.post(plan["texts"], options.posts))
        rounds.append(took)
    figures = {name: _figures(name, rounds) for name in rounds[0]}
    times = {
        "listing_times_isso": _ratio(rounds, "list_100", "list_isso"),
        "post_times_isso": _ratio(rounds, "post", "post_isso"),
    }
    return {
        **times,
        "queries": queries,
        "bars": {
            "listing": times["listing_times_isso"] <= LISTING_BAR,
            "post": times["post_times_isso"] <= POST_BAR,
            "constant_queries": len(set(queries.values())) == 1,
        },
        "figures": figures,
        "meta": {
            "server": "gunicorn gthread, 1 worker, 8 threads, both; SQLite, both",
            "rounds": options.rounds,
            "posts_per_round": options.posts,
            "isso": peer.version,
        },
    }


def _queries(port: int, path: str) -> int:
    for _time in range(20):
        answer = comment_load.get(port, path, COUNT)
    return int(answer.headers["X-Benchmark-Queries"])


def _listing(port: int, master: int, path: str) -> dict:
    return _spent(
        master, lambda: load.run(port, path, HTMX, seconds=20, most=LISTED, connections=2)
    )


def _posts(options, port: int, plan: dict, writers) -> load.Load:
    todo = [next(writers) for _number in range(options.posts)]
    return comment_load.hand_in(port, plan, todo)


def _spent(master: int, work) -> dict[str, float]:
    before = server.cpu_seconds(master)
    done = work()
    spent = server.cpu_seconds(master) - before
    return {"cpu_ms": 1000 * spent / len(done.waits), "rps": done.rate, "p95_ms": done.p95_ms}


def _figures(name: str, rounds: list[dict]) -> dict[str, float]:
    return {
        "cpu_ms": round(median(each[name]["cpu_ms"] for each in rounds), 2),
        "rps": round(median(each[name]["rps"] for each in rounds)),
        "p95_ms": round(median(each[name]["p95_ms"] for each in rounds), 1),
    }


def _ratio(rounds: list[dict], mine: str, other: str) -> float:
    return round(median(each[mine]["cpu_ms"] / each[other]["cpu_ms"] for each in rounds), 3)


if __name__ == "__main__":
    main()
