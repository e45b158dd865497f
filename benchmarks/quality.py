"""How well the language room reads: the product's own answers, for a scorer to judge.

    python benchmarks/quality.py keywords --docs DOCS.jsonl --out PREDICTED.jsonl
    python benchmarks/quality.py search --docs DOCS.jsonl --queries QUERIES.jsonl
        --database sqlite --out RUN.jsonl
    python benchmarks/quality.py classify --train T.jsonl --test X.jsonl --out C.jsonl
    python benchmarks/quality.py topics --messages MESSAGES.jsonl --out CLUSTERS.jsonl
    python benchmarks/quality.py bursts --messages MESSAGES.jsonl --out ALERTS.jsonl

Files are JSON Lines, plain or (by the ending .gz) packed. Prints one JSON object. A command is a
function of its parsed options that returns what is printed; `parse` lists them.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import topics_replay
from benchmarks.rows import read_rows, write_rows
from benchmarks.search_data import Worker
from benchmarks.search_databases import DATABASES
from cms.topics.classifier import train
from search.text.keywords import keywords

#: Keywords written for each text.
TOP = 10


def main() -> None:
    options = parse()
    print(json.dumps(options.run(options), ensure_ascii=False))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)

    words = commands.add_parser("keywords", help="{id, title, text} to {id, keywords: [ranked]}")
    words.add_argument("--docs", type=Path, required=True)
    words.add_argument("--out", type=Path, required=True)
    words.set_defaults(run=run_keywords)

    search = commands.add_parser("search", help="{qid, query} to {qid, ranked: [ids]}")
    search.add_argument("--docs", type=Path, required=True, help="{id, title, text}")
    search.add_argument("--queries", type=Path, required=True)
    search.add_argument("--database", choices=DATABASES, default="sqlite")
    search.add_argument("--out", type=Path, required=True)
    search.set_defaults(run=run_search)

    labels = commands.add_parser("classify", help="learn {id, text, label}, give {id, label}")
    labels.add_argument("--train", type=Path, required=True, help="{id, title, text, label}")
    labels.add_argument("--test", type=Path, required=True, help="{id, title, text}")
    labels.add_argument("--out", type=Path, required=True)
    labels.set_defaults(run=run_classify)

    for name, replay, help in (
        ("topics", topics_replay.ranked, "{id, time, title, text, user} to {id, cluster, rank}"),
        ("bursts", topics_replay.alerts, "the same to {date, members, why}"),
    ):
        messages = commands.add_parser(name, help=help)
        messages.add_argument("--messages", type=Path, required=True)
        messages.add_argument("--out", type=Path, required=True)
        messages.set_defaults(run=run_replay, replay=replay)
    return parser.parse_args()


def run_keywords(options: argparse.Namespace) -> dict:
    """Write the keywords of each text; `seconds` leave out the files and the first loading."""
    docs = read_rows(options.docs)
    keywords("", "预热", TOP)
    began = time.perf_counter()
    found = [
        {
            "id": doc["id"],
            "keywords": [
                one.word for one in keywords(doc.get("title", ""), doc.get("text", ""), TOP)
            ],
        }
        for doc in docs
    ]
    seconds = time.perf_counter() - began
    write_rows(options.out, found)
    return {"docs": len(docs), "seconds": round(seconds, 3)}


def run_search(options: argparse.Namespace) -> dict:
    """Publish each text as a page of a throw-away database and ask as the search page asks."""
    with tempfile.TemporaryDirectory(prefix="rongmei-quality-") as folder:
        database = DATABASES[options.database](Path(folder) / options.database)
        try:
            database.make("quality")
            with Worker(database.url("quality"), Path(folder) / "var", "product") as worker:
                loaded = worker.do("publish_rows", docs=str(options.docs.resolve()))
                answered = worker.do(
                    "answer", queries=str(options.queries.resolve()), out=str(options.out.resolve())
                )
        finally:
            database.close()
    return {"database": f"{database.name} {database.version}", **loaded, **answered}


def run_classify(options: argparse.Namespace) -> dict:
    """Write the best label of each text; `seconds` of the processor, without files and loading."""
    learnt, asked = read_rows(options.train), read_rows(options.test)
    train([("预热", "预热")])
    began = time.process_time()
    model = train([(_titled(row), row["label"]) for row in learnt])
    trained = time.process_time()
    found = [{"id": row["id"], "label": model.classify(_titled(row))[0][0]} for row in asked]
    classified = time.process_time()
    write_rows(options.out, found)
    return {
        "train": len(learnt),
        "labels": len(model.labels),
        "test": len(asked),
        "model_bytes": len(model.dump()),
        "train_seconds": round(trained - began, 3),
        "classify_seconds": round(classified - trained, 3),
    }


def _titled(row: dict) -> str:
    return "\n".join(part for part in (row.get("title"), row.get("text")) if part)


def run_replay(options: argparse.Namespace) -> dict:
    """Read dated messages day by day, as detection does; nothing is known before its day."""
    messages = read_rows(options.messages)
    began = time.perf_counter()
    found = options.replay(messages)
    seconds = time.perf_counter() - began
    write_rows(options.out, found)
    return {"messages": len(messages), "rows": len(found), "seconds": round(seconds, 3)}


if __name__ == "__main__":
    main()
