"""Server CPU, rate and waiting time of the public pages under the production server.

    python benchmarks/pages.py [--seconds 1.0] [--rounds 5] [--var DIR] [--json-only]

Prints one JSON object. Every round measures a bare view behind the same middleware and then every
page, cold (its kept copy dropped before each request, everything else warm) and cached; a page's
`times_bare` is the median over the rounds of its CPU by the bare view's in the same round, which
a busy machine disturbs least. `queries` come from requests of their own. `--var` names a folder
that `load_demo` has filled (a VAR_DIR); it is copied, and loading the demo is saved.
"""

import argparse
import http.client
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import load
import server

PREPARE = "from benchmarks.prepare import print_pages; print_pages()"
BARE = "/-/bare/"
COLD = {"X-Benchmark-Cold": "1"}
COUNT = {"X-Benchmark-Count": "1"}
MOST = {"cold": 400, "cached": 2000}
WARM_UP = 30
# Times the bare view, and queries.
COLD_TIMES, COLD_TIMES_COMMENTS, CACHED_TIMES, COLD_QUERIES = 30, 40, 3, 15


def main() -> None:
    options = parse()
    with tempfile.TemporaryDirectory(prefix="rongmei-bench-") as folder:
        port = server.free_port()
        env = server.environment(Path(folder), port)
        server.prepare(Path(folder), env, options.var)
        paths = json.loads(
            server.manage(env, "shell", "--no-imports", "-c", PREPARE, stdout=subprocess.PIPE)
        )
        with server.running(env, port, workers=options.workers) as master:
            report = measure(port, master, paths, options)
    print(json.dumps(report, ensure_ascii=False, indent=2))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1.0, help="at most, per page and round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--var", type=Path, help="a folder that load_demo has filled; is copied")
    parser.add_argument("--json-only", action="store_true", help="no progress on stderr")
    return parser.parse_args()


def measure(port: int, master: int, paths: dict[str, str], options) -> dict:
    slots = {("bare", "cached"): BARE}
    for name, path in paths.items():
        slots |= {(name, "cold"): path, (name, "cached"): path}
    queries = {slot: _warm(port, path, slot[1]) for slot, path in slots.items()}
    rounds = []
    for number in range(options.rounds):
        if not options.json_only:
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
        rounds.append(
            {slot: _slot(port, master, path, slot[1], options) for slot, path in slots.items()}
        )
    figures = {slot: {**_figures(slot, rounds), "queries": queries[slot]} for slot in slots}
    bare = figures.pop(("bare", "cached"))
    pages = {name: {state: figures[name, state] for state in ("cold", "cached")} for name in paths}
    return {
        "bare_view": {key: value for key, value in bare.items() if key != "times_bare"},
        "pages": pages,
        "bars": bars(pages),
        "meta": {
            "server": f"gunicorn gthread, {options.workers} worker(s), 8 threads",
            "settings": "production; manifest static names, SQLite, caches as files",
            "client": "2 kept-alive connections in Python: it bounds the rate of what is cached",
            "rounds": options.rounds,
            "seconds_per_round": options.seconds,
            "paths": paths,
        },
    }


def _headers(state: str) -> dict[str, str]:
    return COLD if state == "cold" else {}


def _warm(port: int, path: str, state: str) -> int:
    """The number of queries of a request, once everything but the page itself is warm."""
    load.run(port, path, _headers(state), seconds=20, most=WARM_UP)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=load.TIMEOUT)
    response = load.answer(connection, path, {**_headers(state), **COUNT})
    connection.close()
    return int(response.headers["X-Benchmark-Queries"])


def _slot(port: int, master: int, path: str, state: str, options) -> dict[str, float]:
    before = server.cpu_seconds(master)
    done = load.run(port, path, _headers(state), seconds=options.seconds, most=MOST[state])
    spent = server.cpu_seconds(master) - before
    return {"cpu_ms": 1000 * spent / len(done.waits), "rps": done.rate, "p95_ms": done.p95_ms}


def _figures(slot, rounds: list[dict]) -> dict[str, float]:
    bare = [each["bare", "cached"]["cpu_ms"] for each in rounds]
    mine = [each[slot] for each in rounds]
    times = median(one["cpu_ms"] / measure for one, measure in zip(mine, bare, strict=True))
    return {
        "cpu_ms": round(median(one["cpu_ms"] for one in mine), 2),
        "times_bare": round(times, 1),
        "rps": round(median(one["rps"] for one in mine)),
        "p95_ms": round(median(one["p95_ms"] for one in mine), 1),
    }


def bars(pages: dict) -> dict[str, bool]:
    held = {}
    for name, states in pages.items():
        most = COLD_TIMES_COMMENTS if name == "article_100_comments" else COLD_TIMES
        held[f"{name}_cold_times"] = states["cold"]["times_bare"] <= most
        held[f"{name}_cold_queries"] = states["cold"]["queries"] <= COLD_QUERIES
        held[f"{name}_cached_times"] = states["cached"]["times_bare"] <= CACHED_TIMES
        held[f"{name}_cached_queries"] = states["cached"]["queries"] == 0
    return held


if __name__ == "__main__":
    main()
