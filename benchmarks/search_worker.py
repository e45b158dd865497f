"""Run in Django's shell: does what the benchmark asks of one database, a line of JSON each.

In: {"do": name, …arguments}. Out: what the method of that name returns. Ends with its input.
"""

import json
import os
import sqlite3
import sys
import time
from dataclasses import asdict
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from modelsearch.index import insert_or_update_object
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from benchmarks import search_pages, search_text
from benchmarks.rows import read_rows, write_rows
from cms.news.models import StoryCard
from search.lexicon import from_files
from search.registry import Filters, source
from search.text import segment

TEN, HUNDRED, THOUSAND = 10, 100, 1000
#: The columns of a full-text row: an entry's, as modelsearch keeps them.
RAW = "CREATE VIRTUAL TABLE raw USING fts5(autocomplete, body, title)"


class Worker:
    """The methods without an underscore are what may be asked for."""

    def __init__(self):
        self._statements: dict[tuple[str, str], tuple[str, tuple]] = {}
        self._raw: sqlite3.Connection | None = None

    # --- Building -------------------------------------------------------------------------------

    def load(self, count: int, seed: int, cards: bool) -> float:
        """Migrate and fill an empty database; returns the seconds of the filling."""
        call_command("migrate", verbosity=0)
        started = time.perf_counter()
        search_pages.load(count, seed, cards=cards)
        seconds = time.perf_counter() - started
        self._settle()
        return seconds

    def publish_rows(self, docs: str) -> dict:
        """Publish {id, title, text} rows as pages with cards; the cards are indexed."""
        call_command("migrate", verbosity=0)
        rows = read_rows(Path(docs))
        self._ids = [row["id"] for row in rows]
        search_pages.write(
            (search_text.Story(row["title"], "", (row["text"],), ()) for row in rows), cards=True
        )
        started = time.perf_counter()
        index = get_search_backend().get_index_for_model(StoryCard)
        rebuilder = get_search_backend().rebuilder_class(index)
        rebuilder.start()
        cards = StoryCard.objects.order_by("pk")
        for first in range(0, len(rows), THOUSAND):
            index.add_items(StoryCard, list(cards[first : first + THOUSAND]))
        rebuilder.finish()
        self._settle()
        return {"docs": len(rows), "index_seconds": round(time.perf_counter() - started, 1)}

    def answer(self, queries: str, out: str) -> dict:
        """Ask the search page's own question for each {qid, query}; write {qid, ranked}."""
        rows = read_rows(Path(queries))
        source().search("预热", Filters(), "relevance", 0, TEN)
        started = time.perf_counter()
        answers = [
            {
                "qid": row["qid"],
                "ranked": [
                    self._ids[int(card.url.rpartition("-")[2].strip("/"))]
                    for card in source()
                    .search(row["query"], Filters(), "relevance", 0, HUNDRED)
                    .items
                ],
            }
            for row in rows
        ]
        seconds = time.perf_counter() - started
        write_rows(Path(out), answers)
        return {"queries": len(rows), "ms_each": round(seconds / len(rows) * 1000, 1)}

    def index(self) -> dict:
        """Index all there is with Wagtail's own command; sizes are what the database grew by."""
        call_command("migrate", verbosity=0)  # Rows may be older than the tables of the index.
        segment.index_tokens("先读词典")
        before = self._sizes()
        started, cpu = time.perf_counter(), time.process_time()
        call_command("update_index", verbosity=0)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        self._settle()
        after = self._sizes()
        grown = {name: size - before.get(name, 0) for name, size in after.items()}
        return {
            "seconds": round(seconds, 1),
            "python_cpu_seconds": round(cpu, 1),
            "bytes": sum(grown.values()),
            "tables": {name: size for name, size in grown.items() if size > 100_000},
        }

    def publish(self, count: int) -> list[float]:
        """Milliseconds that the index adds to one publishing, ``count`` times."""
        waits = []
        for page in search_pages.spread(count):
            clock = _Clock()
            insert_or_update_object(page)
            waits.append(clock.read()[0])
        return waits

    def _settle(self) -> None:
        """What a running installation has had time for: the log written back, tables analysed.

        SQLite is not analysed, because the product never does.
        """
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            else:
                cursor.execute("VACUUM (ANALYZE)")

    def _sizes(self) -> dict[str, int]:
        """Bytes of each table; PostgreSQL's with its indexes, SQLite names an index apart."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name")
            else:
                cursor.execute(
                    "SELECT relname, pg_total_relation_size(oid) FROM pg_class"
                    " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                )
            return dict(cursor.fetchall())

    # --- Asking ---------------------------------------------------------------------------------

    def queries(self, count: int, seed: int, sample: int) -> dict:
        """Queries of each kind, for a corpus that begins with ``sample`` stories of ``seed``."""
        words = from_files()
        texts = list(search_text.stories(sample, seed, words))
        return asdict(search_text.queries(count, seed, words, texts))

    def pages(self, kind: str, queries: list[str]) -> list:
        """For each query [ms of ten pages, CPU ms of that, number, ms with the number (or null)].

        The CPU time is this process's: all there is on SQLite, Python's part on PostgreSQL.
        """
        return [self._pages(kind, query) for query in queries]

    def _pages(self, kind: str, query: str):
        clock = _Clock()
        found = self._asked(kind, query)
        list(found[:TEN])
        times = clock.read()
        number = found.count()
        return *times, number, clock.read()[0]

    def _asked(self, kind: str, query: str):
        pages = Page.objects.live()
        return pages.autocomplete(query) if kind == "prefixes" else pages.search(query)

    def public(self, kind: str, queries: list[str]) -> list:
        """The call of the public page: ten cards, their number and the facets; or suggestions."""
        return [self._public(kind, query) for query in queries]

    def _public(self, kind: str, query: str):
        clock = _Clock()
        if kind == "prefixes":
            number = len(source().suggest(query, 8))
        else:
            number = source().search(query, Filters(), "relevance", 0, TEN).total
        return *clock.read(), number, None

    def statement(self, kind: str, queries: list[str]) -> list:
        """The product's own statement without Python around it: what the database takes."""
        return [self._statement_time(kind, query) for query in queries]

    def _statement_time(self, kind: str, query: str):
        sql, parameters = self._statement(kind, query)
        with connection.cursor() as cursor:
            clock = _Clock()
            cursor.execute(sql, parameters)
            number = len(cursor.fetchall())
            return *clock.read(), number, None

    def _statement(self, kind: str, query: str) -> tuple[str, tuple]:
        key = (kind, query)
        if key not in self._statements:
            seen: list[tuple[str, tuple]] = []

            def note(execute, sql, parameters, many, context):
                seen.append((sql, parameters))
                return execute(sql, parameters, many, context)

            with connection.execute_wrapper(note):
                list(self._asked(kind, query)[:TEN])
            # A query of small words only may need no statement at all.
            self._statements[key] = seen[-1] if seen else ("SELECT 1", ())
        return self._statements[key]

    def explain(self, kind: str, query: str) -> dict:
        """The statement of one query and how the database means to answer it."""
        sql, parameters = self._statement(kind, query)
        how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN (ANALYZE)"
        with connection.cursor() as cursor:
            cursor.execute(f"{how} {sql}", parameters)
            plan = [str(row[-1]) for row in cursor.fetchall()]
        return {"sql": sql, "parameters": [str(each) for each in parameters or ()], "plan": plan}

    # --- The measure: FTS5 as it is, with the same tokens -----------------------------------------

    def raw_make(self, path: str) -> None:
        """Fill a full-text table of its own with the tokens of all stories."""
        entry = get_search_backend().get_index_for_model(Page).entries.model
        kinds = ContentType.objects.get_for_models(*set(search_pages.KINDS)).values()
        entries = entry.objects.filter(content_type__in=kinds)
        Path(path).unlink(missing_ok=True)
        raw = sqlite3.connect(path)
        raw.execute(RAW)
        rows = entries.values_list("object_id", "autocomplete", "body", "title")
        raw.executemany(
            "INSERT INTO raw (rowid, autocomplete, body, title) VALUES (?, ?, ?, ?)",
            ((int(key), *texts) for key, *texts in rows.iterator(search_pages.CHUNK)),
        )
        raw.commit()
        raw.close()

    def raw_open(self, path: str) -> None:
        """Open it with the product's pragmas, the product's database beside it for the rows."""
        self._raw = sqlite3.connect(path)
        self._raw.executescript(connection.settings_dict["OPTIONS"]["init_command"])
        self._raw.execute("ATTACH ? AS product", [str(connection.settings_dict["NAME"])])

    def raw(self, kind: str, queries: list[str]) -> list:
        """Ten keys by bm25: a word's tokens all, a sentence's any."""
        return [self._raw_time(_plain_match(kind, query)) for query in queries]

    def raw_rows(self, kind: str, queries: list[str]) -> list:
        """The same, and the ten page rows."""
        return [self._raw_time(_plain_match(kind, query), rows=True) for query in queries]

    def raw_same(self, kind: str, queries: list[str]) -> list:
        """Ten keys by bm25 for the very expression that the product gives FTS5."""
        return [self._raw_time(self._match(kind, query)) for query in queries]

    def _raw_time(self, match: str, *, rows: bool = False):
        clock = _Clock()
        keys = [
            key
            for (key,) in self._raw.execute(
                f"SELECT rowid FROM raw WHERE raw MATCH ? ORDER BY bm25(raw) LIMIT {TEN}", [match]
            )
        ]
        if rows:
            places = ", ".join("?" * len(keys))
            self._raw.execute(
                f"SELECT * FROM product.wagtailcore_page WHERE id IN ({places})", keys
            ).fetchall()
        return *clock.read(), len(keys), None

    def _match(self, kind: str, query: str) -> str:
        sql, parameters = self._statement(kind, query)
        before, found, _after = sql.partition("MATCH %s")
        return parameters[before.count("%s")] if found else _plain_match(kind, query)


def _plain_match(kind: str, query: str) -> str:
    """What one would write by hand: the query's longer tokens, or its characters if that is all."""
    tokens = list(dict.fromkeys(segment.index_tokens(query)))
    tokens = [token for token in tokens if len(token) > 1] or tokens
    joined = (" OR " if kind == "sentences" else " AND ").join(f'"{token}"' for token in tokens)
    columns = "autocomplete" if kind == "prefixes" else "title body"
    return f"{{{columns}}} : ({joined})"


class _Clock:
    def __init__(self):
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        """Milliseconds since the start, and those in which this process ran."""
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        return wall * 1000, cpu * 1000


def main() -> None:
    # What a library prints must not end up among the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    worker = Worker()
    for line in sys.stdin:
        asked = json.loads(line)
        answer = getattr(worker, asked.pop("do"))(**asked)
        print(json.dumps(answer), file=answers, flush=True)
