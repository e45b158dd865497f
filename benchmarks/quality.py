"""How well the language room reads: the product's own answers, for a scorer to judge.

    python benchmarks/quality.py keywords --docs DOCS.jsonl --out PREDICTED.jsonl

Files are JSON Lines, plain or (by the ending .gz) packed. Prints one JSON object. A command is a
function of its parsed options that returns what is printed; `parse` lists them.
"""

import argparse
import gzip
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

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


def read_rows(path: Path) -> list[dict]:
    with _open(path, "rt") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def write_rows(path: Path, rows: Iterable[dict]) -> None:
    with _open(path, "wt") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _open(path: Path, mode: str):
    opener = gzip.open if path.suffix == ".gz" else open
    return opener(path, mode, encoding="utf-8")


if __name__ == "__main__":
    main()
