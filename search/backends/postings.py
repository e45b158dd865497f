"""Postings for PostgreSQL, in plain tables: which documents hold a token, and how much it says.

``search_posting`` has a row for each token, field and segment: entries (numbers of the index's
rows) and impacts (``bm25.impact`` in thousandths, as an array beside it). A batch of documents
makes a new segment and no row is ever changed; ``LEVEL_SIZE`` segments of a level are merged into
one of the next, which also drops entries that have gone. So a write costs what the batch is long,
a search reads few rows for each token, and an entry's number is never used again.
"""

from collections import defaultdict
from collections.abc import Iterable

from search.backends import bm25, statistics

#: What a token stands in: title and body together, the title, what autocomplete looks in.
TEXT, TITLE, TYPED = 0, 1, 2

#: Impacts are kept as whole thousandths.
THOUSANDTHS = 1000

#: So many segments of a level become one of the next.
LEVEL_SIZE = 8

#: Writers of segments queue here; readers never wait.
_LOCK = 7_305_411

_MERGE = """
INSERT INTO search_posting (token, field, segment, holding, entries, impacts)
SELECT p.token, p.field, %(into)s, count(*), array_agg(u.entry), array_agg(u.impact)
FROM search_posting p, unnest(p.entries, p.impacts) AS u(entry, impact)
WHERE p.segment = ANY(%(segments)s) AND u.entry IN (SELECT id FROM wagtailsearch_indexentry)
GROUP BY p.token, p.field
"""


def add(connection, entries: list[int], documents: list) -> None:
    """Write the postings of ``documents``, whose entries have these numbers."""
    average = _average(documents)
    found: dict[tuple[str, int], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for entry, document in zip(entries, documents, strict=True):
        length = document.length
        for field, token, frequency in _frequencies(document):
            impact = bm25.impact(frequency, length, average)
            numbers, impacts = found[token, field]
            numbers.append(entry)
            impacts.append(round(impact * THOUSANDTHS))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        segment = _segment(cursor, _level(len(documents)), len(documents))
        columns = "token, field, segment, holding, entries, impacts"
        with cursor.cursor.copy(f"COPY search_posting ({columns}) FROM STDIN") as copy:
            for (token, field), (numbers, impacts) in found.items():
                row = (token, field, segment, len(numbers), _array(numbers), _array(impacts))
                copy.write_row(row)
        _merge(cursor)


def _average(documents: list) -> float:
    """Return the average length of a document, these ones included."""
    known = statistics.current()
    units = sum(document.length for document in documents)
    return max((known.documents * known.average + units) / (known.documents + len(documents)), 1.0)


def _frequencies(document) -> Iterable[tuple[int, str, float]]:
    text: dict[str, float] = defaultdict(float)
    title: dict[str, int] = defaultdict(int)
    for token in document.title.every:
        title[token] += 1
        text[token] += bm25.TITLE
    for token in document.body.every:
        text[token] += 1
    yield from ((TEXT, token, frequency) for token, frequency in text.items())
    yield from ((TITLE, token, frequency) for token, frequency in title.items())
    yield from ((TYPED, token, 1) for token in set(document.autocomplete.every))


def _array(numbers: list[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def _level(documents: int) -> int:
    level = 0
    while documents >= LEVEL_SIZE:
        documents //= LEVEL_SIZE
        level += 1
    return level


def _segment(cursor, level: int, documents: int) -> int:
    cursor.execute(
        "INSERT INTO search_segment (level, documents) VALUES (%s, %s) RETURNING id",
        [level, documents],
    )
    return cursor.fetchone()[0]


def _merge(cursor) -> None:
    """Merge full levels, from the smallest up."""
    while True:
        cursor.execute(
            "SELECT level, array_agg(id), sum(documents) FROM search_segment"
            " GROUP BY level HAVING count(*) >= %s ORDER BY level LIMIT 1",
            [LEVEL_SIZE],
        )
        full = cursor.fetchone()
        if full is None:
            return
        level, segments, documents = full
        into = _segment(cursor, level + 1, documents)
        cursor.execute(_MERGE, {"into": into, "segments": segments})
        cursor.execute("DELETE FROM search_posting WHERE segment = ANY(%s)", [segments])
        cursor.execute("DELETE FROM search_segment WHERE id = ANY(%s)", [segments])


def clear(connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE search_posting, search_segment")


def frequent(connection, documents: int) -> dict[str, float]:
    """Return the share of so many documents that hold a token, for all over FREQUENT_SHARE."""
    if documents < statistics.FREQUENT_FROM:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT token, sum(holding) FROM search_posting WHERE field = %s GROUP BY token"
            " HAVING sum(holding) > %s",
            [TEXT, statistics.FREQUENT_SHARE * documents],
        )
        return {token: round(float(holding) / documents, 3) for token, holding in cursor}
