"""Waiting time of Chinese searches, speed of indexing and size of the index, on both databases.

    python benchmarks/search_speed.py [--pages 10000,100000] [--database sqlite,postgres]
        [--queries 200] [--seed 1] [--keep DIR]

Prints one JSON object. The same questions go, a few at a time and in turn, to the product
(`Page.objects.live().search(…)[:10]`, and the call of the public page), to Wagtail's stock backend
on a database of its own, and on SQLite to a raw FTS5 table with the product's tokens. A query's
time is the median over the rounds, after one round that is not timed. `--keep` names a folder in
which the databases stay; a next run builds again only what its code has changed.
"""

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from search_data import Builder, Worker, say
from search_databases import DATABASES

#: Queries to one engine before it is the next one's turn.
TURN = 20
PUBLISHED = 20
#: Stories among which the words' document frequencies are taken.
SAMPLE = 10_000
KINDS = ("words", "sentences", "prefixes")
TIMES_RAW, WORD_P95_MS = 2.0, 100
# Who is asked: a name in the report, the process, and what it does.
EVERYWHERE = {
    "product": ("product", "pages"),
    "product_statement_alone": ("product", "statement"),
    "stock": ("stock", "pages"),
}
WITH_CARDS = {"public_page": ("product", "public")}
ON_SQLITE = {
    "raw_fts5": ("product", "raw"),
    "raw_fts5_with_rows": ("product", "raw_rows"),
    "raw_fts5_same_expression": ("product", "raw_same"),
}


def main() -> None:
    options = parse()
    # Stopped from outside, too, it must not leave a database server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    with ExitStack() as stack:
        folder = options.keep or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="rongmei-speed-"))
        )
        folder.mkdir(parents=True, exist_ok=True)
        found = {name: _database(name, folder, options) for name in options.database}
    print(json.dumps(report(found, options), ensure_ascii=False, indent=2))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=_numbers, default=[10_000, 100_000])
    parser.add_argument("--database", type=_databases, default=list(DATABASES))
    parser.add_argument("--queries", type=int, default=200, help="of each kind")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-cards", action="store_true", help="no public page's cards")
    parser.add_argument(
        "--stock-to", type=int, default=100_000, help="build the stock index up to so many pages"
    )
    parser.add_argument("--keep", type=Path, help="a folder in which the databases stay")
    parser.add_argument("--as-built", action="store_true", help="measure stale kept indexes too")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return sorted(int(number) for number in text.split(","))


def _databases(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(DATABASES):
        raise argparse.ArgumentTypeError(f"not a database: {', '.join(unknown)}")
    return names


def _database(name: str, folder: Path, options) -> dict:
    """Build and measure on one database; {"version": …, "pages": {number: figures}}."""
    database = DATABASES[name](folder / name)
    try:
        figures = {}
        for count in options.pages:
            builder = Builder(
                database,
                count,
                options.seed,
                cards=not options.without_cards,
                folder=folder,
                as_built=options.as_built,
            )
            figures[count] = _size(builder, options)
        return {"version": database.version, "pages": figures}
    finally:
        database.close()


def _size(builder: Builder, options) -> dict:
    engines = ("product", "stock") if builder.count <= options.stock_to else ("product",)
    built = {engine: builder.build(engine) for engine in engines}
    with ExitStack() as stack:
        workers = {engine: stack.enter_context(builder.worker(engine)) for engine in engines}
        product = workers["product"]
        asked = EVERYWHERE | ({} if options.without_cards else WITH_CARDS)
        asked = {who: way for who, way in asked.items() if way[0] in workers}
        if builder.database.name == "sqlite":
            builder.raw(product)
            asked |= ON_SQLITE
        queries = product.do(
            "queries",
            count=options.queries,
            seed=options.seed,
            sample=min(SAMPLE, *options.pages),
        )
        say(f"{builder.database.name}: asks {builder.count} pages")
        return {
            "asking": {kind: _ask(kind, queries[kind], asked, workers, options) for kind in KINDS},
            "word_queries_by_document_frequency": queries["bands"],
            "publishing": {
                engine: _spread(worker.do("publish", count=PUBLISHED))
                for engine, worker in workers.items()
            },
            "building": {
                engine: _building(figures, builder.count) for engine, figures in built.items()
            },
        }


def _ask(kind: str, queries: list[str], asked: dict, workers: dict[str, Worker], options) -> dict:
    """{who: figures}; every round asks everyone everything, TURN queries in a row."""
    times = {who: [[] for _query in queries] for who in asked}
    for number in range(options.rounds + 1):
        for start in range(0, len(queries), TURN):
            for who, (engine, method) in asked.items():
                part = queries[start : start + TURN]
                answers = workers[engine].do(method, kind=kind, queries=part)
                if number:
                    for place, answer in enumerate(answers, start=start):
                        times[who][place].append(answer)
    return {who: _figures(answers) for who, answers in times.items()}


def _figures(answers: list[list[list]]) -> dict:
    """Of [query][round][ms of ten, CPU ms of that, number, ms with the number or null]."""
    found = [rounds[0][2] for rounds in answers]
    counted = [[one[3] for one in rounds] for rounds in answers if rounds[0][3] is not None]
    return {
        **_spread([median(one[0] for one in rounds) for rounds in answers]),
        "cpu": _spread([median(one[1] for one in rounds) for rounds in answers]),
        **({"with_count": _spread(list(map(median, counted)))} if counted else {}),
        "queries_that_find": sum(number > 0 for number in found),
        "found": {"median": median(found), "most": max(found)},
    }


def _spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "p50_ms": round(median(ordered), 2),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 2),
    }


def _building(figures: dict, count: int) -> dict:
    return {
        **figures,
        "pages_per_second": round(count / figures["seconds"]),
        "pages_per_python_cpu_second": round(count / figures["python_cpu_seconds"]),
        "bytes_per_page": round(figures["bytes"] / count),
    }


def report(found: dict[str, dict], options) -> dict:
    return {
        **found,
        "growth": {name: _growth(each["pages"]) for name, each in found.items()},
        "bars": _bars(found),
        "meta": {
            "settings": "production; SQLite with the product's pragmas, PostgreSQL as shipped"
            " (durable) and analysed",
            "a_page": "its rows in the tree and as policy, law or activity"
            + ("" if options.without_cards else "; its card, indexed a second time"),
            "raw_fts5": "one table of the pages alone with the product's tokens, keys by bm25();"
            " a word's longer tokens all, a sentence's any",
            "cpu": "of the process that asks: all there is on SQLite, Python's part on PostgreSQL;"
            " neighbours on a busy machine do not change it",
            "queries": options.queries,
            "rounds": options.rounds,
            "seed": options.seed,
            "python": platform.python_version(),
            "cpus": os.cpu_count(),
            "load_average": os.getloadavg(),
        },
    }


def _growth(pages: dict[int, dict]) -> dict:
    """How many times longer the product takes with the most pages than with the fewest."""
    least, most = (pages[count]["asking"] for count in (min(pages), max(pages)))
    return {
        "pages": max(pages) / min(pages),
        **{
            kind: {
                key: round(most[kind]["product"][key] / least[kind]["product"][key], 1)
                for key in ("p50_ms", "p95_ms")
            }
            for kind in KINDS
        },
    }


def _bars(found: dict[str, dict]) -> dict[str, bool]:
    held = {}
    for name, each in found.items():
        for count, figures in each["pages"].items():
            words = figures["asking"]["words"]
            held[f"{name}_{count}_word_p95_within_{WORD_P95_MS}_ms"] = (
                words["product"]["p95_ms"] <= WORD_P95_MS
            )
            if "raw_fts5" in words:
                held[f"{name}_{count}_word_p95_within_{TIMES_RAW:g}_times_raw_fts5"] = (
                    words["product"]["p95_ms"] <= TIMES_RAW * words["raw_fts5"]["p95_ms"]
                )
    return held


if __name__ == "__main__":
    main()
