"""The lexicon as edited in the admin: read from the table, kept per process."""

import threading
import time

from django.db import connection, transaction
from django.db.models import F

from search.lexicon import base
from search.models import LexiconStamp, Term

#: Another process's change is noticed at the latest after this many seconds.
CHECK_SECONDS = 30

_lock = threading.Lock()
_held: base.Lexicon | None = None
_checked_at = 0.0


def current() -> base.Lexicon:
    """Return the lexicon in force; one small query every ``CHECK_SECONDS``, else none.

    The files answer while the table does not exist yet (first migrate) or is empty.
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
    """Tell every process that the words changed. Called after each change of a Term."""
    row, _created = LexiconStamp.objects.get_or_create(pk=1)
    LexiconStamp.objects.filter(pk=row.pk).update(version=F("version") + 1)
    transaction.on_commit(forget)


def _tables_exist() -> bool:
    names = set(connection.introspection.table_names())
    return {Term._meta.db_table, LexiconStamp._meta.db_table} <= names


def _version() -> str:
    version = LexiconStamp.objects.filter(pk=1).values_list("version", flat=True).first()
    return f"table-{version or 0}"


def _load(version: str) -> base.Lexicon:
    words = list(Term.objects.values("term", "kind", "topic", "weight", "canonical__term"))
    if not words:
        return base.from_files()
    kinds = {kind: [word for word in words if word["kind"] == kind] for kind in Term.Kind}
    terms = kinds[Term.Kind.TOPIC] + [w for w in kinds[Term.Kind.SYNONYM] if w["topic"]]
    return base.build(
        [(word["term"], word["topic"], word["weight"]) for word in terms],
        [(word["term"], word["canonical__term"]) for word in kinds[Term.Kind.SYNONYM]],
        [word["term"] for word in kinds[Term.Kind.STOP]],
        version,
    )
