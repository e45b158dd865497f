"""JSON Lines files, plain or (by the ending .gz) packed."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path


def read_rows(path: Path) -> list[dict]:
    with _open(path, "rt") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def write_rows(path: Path, rows: Iterable[dict]) -> None:
    with _open(path, "wt") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _open(path: Path, mode: str):
    opener = gzip.open if path.suffix == ".gz" else open
    return opener(path, mode, encoding="utf-8")
