"""The lexicon as edited in the admin: read from the table, kept per process."""

import threading
import time

from django.db import connection, transaction
from django.db.models import F

from search.lexicon import base, words
from search.models import Apart, LexiconStamp, Term

#: Another process's change is noticed at the latest after this many seconds.
CHECK_SECONDS = 30

_COLUMNS = {"canonical": "canonical_term"}

_lock = threading.Lock()
_held: base.Lexicon | None = None
_checked_at = 0.0


def current() -> base.Lexicon:
    """Return the lexicon in force; one small query every ``CHECK_SECONDS``, else none.

    The files answer while the tables do not exist yet (first migrate) or are empty.
    """
    global _held, _checked_at
    if _held is not None and time.monotonic() - _checked_at < CHECK_SECONDS:
        return _held
    with _lock:
        if _held is not None and time.monotonic() - _checked_at < CHECK_SECONDS:
            return _held
        if _held is None and not _tables_exist():
            return base.from_files()
        version = _version()
        if _held is None or _held.version != version:
            _held = _load(version)
        _checked_at = time.monotonic()
        return _held


def forget() -> None:
    """Make the next ``current()`` look at the table again."""
    global _checked_at
    _checked_at = 0.0


def stamp() -> None:
    """Tell every process that the words changed. Called after each change of the tables."""
    row, _created = LexiconStamp.objects.get_or_create(pk=1)
    LexiconStamp.objects.filter(pk=row.pk).update(version=F("version") + 1)
    transaction.on_commit(forget)


def state() -> dict[words.Key, words.Word]:
    """Read every row of the tables. Two queries."""
    rows = Term.objects.order_by().values(
        "kind",
        "term",
        "topic",
        "weight",
        "meaning",
        "category",
        "level",
        canonical_term=F("canonical__term"),
    )
    held = words.state_of(
        words.Word(
            kind=row["kind"],
            term=row["term"],
            **{name: row[_COLUMNS.get(name, name)] or "" for name in words.USED[row["kind"]]},
        )
        for row in rows
    )
    pairs = Apart.objects.order_by().values_list("term", "other", "reason")
    return held | words.state_of(
        words.Word(words.APART, term, other=other, reason=reason) for term, other, reason in pairs
    )


def _tables_exist() -> bool:
    names = set(connection.introspection.table_names())
    return {model._meta.db_table for model in (Term, Apart, LexiconStamp)} <= names


def _version() -> str:
    version = LexiconStamp.objects.filter(pk=1).values_list("version", flat=True).first()
    return f"table-{version or 0}"


def _load(version: str) -> base.Lexicon:
    held = state()
    empty = all(word.kind == words.APART for word in held.values())
    return base.from_files() if empty else words.lexicon_of(held, version)
