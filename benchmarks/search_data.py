"""Builds what is measured, or takes what an earlier run has kept."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORKER = "from benchmarks.search_worker import main; main()"
ENGINES = {"product": "search.backends.auto", "stock": "modelsearch.backends.database"}
# What decides the rows, and what decides the index made of them.
ROWS = ("benchmarks/search_text.py", "benchmarks/search_pages.py", "cms/*/migrations/*.py")
INDEX = (
    "search/backends/*.py",
    "search/migrations/*.py",
    "search/models.py",
    "search/text/segment.py",
    "search/text/normalise.py",
    "search/lexicon/data/terms.tsv",
    "search/lexicon/data/synonyms.tsv",
)


class Worker:
    """A process with Django in it, beside one database; see benchmarks.search_worker."""

    def __init__(self, url: str, var: Path, engine: str):
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", WORKER],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "benchmarks.search_settings",
                "DATABASE_URL": url,
                "VAR_DIR": str(var),
                "SEARCH_BACKEND": ENGINES[engine],
                "LOG_LEVEL": "ERROR",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, name: str, **arguments):
        """Ask and wait; raises RuntimeError when the process has ended instead."""
        print(json.dumps({"do": name, **arguments}), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"The worker ended at {name!r}; its last words are above.")
        return json.loads(answer)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=30)


class Builder:
    """The databases of one kind for one number of pages.

    Each is stamped with what it was made from: kept ones that are stale are made again, unless
    ``as_built`` trusts them (when only the asking side of the code has changed).
    """

    def __init__(self, database, count: int, seed: int, *, cards: bool, folder: Path, as_built):
        self.database, self.count, self.seed, self.cards = database, count, seed, cards
        self.as_built = as_built
        self.var = folder / "var"
        self._stamps = folder / f"{database.name}.json"
        self._rows = f"{count} {seed} {cards} {_digest(ROWS)}"

    def worker(self, engine: str) -> Worker:
        return Worker(self.database.url(self._name(engine)), self.var, engine)

    def build(self, engine: str) -> dict:
        """Have the pages indexed by ``engine``; returns what building the index took."""
        made_from = f"{self._rows} {_digest(INDEX) if engine == 'product' else ''}"
        name = self._name(engine)
        kept = self._stamp(name)
        if kept and (kept["made_from"] == made_from or self.as_built):
            return {**kept["figures"], "from_an_earlier_run": True}
        self._pages()
        say(f"{self.database.name}: {engine} indexes {self.count} pages")
        self.database.make(name, copy_of=self._name("pages"))
        with self.worker(engine) as worker:
            figures = worker.do("index")
            self._write(name, made_from, figures)
            return figures

    def raw(self, worker: Worker) -> None:
        """Open the raw full-text table for ``worker``, made from the product's entries."""
        name, product = self._name("raw"), self._stamp(self._name("product"))["made_from"]
        path = str(self._stamps.with_name(f"{name}.sqlite3"))
        kept = self._stamp(name)
        if not kept or kept["made_from"] != product:
            worker.do("raw_make", path=path)
            self._write(name, product, {})
        worker.do("raw_open", path=path)

    def _pages(self) -> None:
        name = self._name("pages")
        kept = self._stamp(name)
        if kept and kept["made_from"] == self._rows:
            return
        say(f"{self.database.name}: writing {self.count} pages")
        self.database.make(name)
        with Worker(self.database.url(name), self.var, "product") as worker:
            seconds = worker.do("load", count=self.count, seed=self.seed, cards=self.cards)
        self._write(name, self._rows, {"seconds": seconds})

    def _name(self, what: str) -> str:
        return f"{what}_{self.count}"

    def _stamp(self, name: str) -> dict | None:
        return self._all_stamps().get(name)

    def _all_stamps(self) -> dict:
        return json.loads(self._stamps.read_text()) if self._stamps.exists() else {}

    def _write(self, name: str, made_from: str, figures: dict) -> None:
        stamp = {"made_from": made_from, "figures": figures}
        self._stamps.write_text(json.dumps({**self._all_stamps(), name: stamp}, indent=1))


def _digest(patterns: Iterable[str]) -> str:
    files = sorted(path for pattern in patterns for path in ROOT.glob(pattern))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def say(text: str) -> None:
    """Progress, beside the one JSON object on the standard output."""
    print(text, file=sys.stderr, flush=True)
