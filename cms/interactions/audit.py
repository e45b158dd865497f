"""The record of moderation: written once, sealed in a row, kept as long as the law asks.

Rules: records are kept (《跟帖评论服务管理规定》 art. 8) for six months at least (网络安全法
art. 23 as amended, in force 2026-01-01) and protected from change (GB/T 22239-2019, 8.1.4.3). The
database itself refuses to change a row, and to delete one before its time, whoever asks.
"""

import hashlib
import json
from collections.abc import Iterable

from django.db import connections

#: Six months, the longest six.
LEAST_DAYS = 184
TABLE = "interactions_moderationevent"

ON_SQLITE = (
    f"""CREATE TRIGGER IF NOT EXISTS moderation_events_stay BEFORE UPDATE ON {TABLE}
    BEGIN SELECT RAISE(ABORT, 'moderation events are never changed'); END""",
    f"""CREATE TRIGGER IF NOT EXISTS moderation_events_kept BEFORE DELETE ON {TABLE}
    WHEN OLD.at > datetime('now', '-{LEAST_DAYS} days')
    BEGIN SELECT RAISE(ABORT, 'moderation events are kept for six months'); END""",
)
ON_POSTGRES = (
    f"""CREATE OR REPLACE FUNCTION moderation_events_stay() RETURNS trigger AS $$
    BEGIN
      IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'moderation events are never changed';
      END IF;
      IF OLD.at > now() - interval '{LEAST_DAYS} days' THEN
        RAISE EXCEPTION 'moderation events are kept for six months';
      END IF;
      RETURN OLD;
    END $$ LANGUAGE plpgsql""",
    f"""CREATE OR REPLACE TRIGGER moderation_events_stay BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION moderation_events_stay()""",
)


def protect(using: str) -> None:
    """Put the triggers there; safe to repeat. After every migration, because rebuilding a table
    on SQLite loses them."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        for statement in ON_POSTGRES if connection.vendor == "postgresql" else ON_SQLITE:
            cursor.execute(statement)


def seal(event, before: str) -> str:
    """The seal of `event` (SHA-256, hex) in the row of its item; `before`: the seal before it."""
    words = [
        before,
        event.item_id,
        event.number,
        event.action,
        event.reason,
        event.words,
        event.by_id,
        event.at.isoformat(),
    ]
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()


def broken_at(events: Iterable) -> int | None:
    """The number of the first event of one item that is not as it was written, or is missing.

    `events`: all that are kept of the item, in order. The oldest may have been purged: the chain is
    followed from the first that is there, which is only checked itself when it is number 1.
    """
    before: str | None = ""
    expected = None
    for event in events:
        if expected is None and event.number != 1:
            before = None
        elif expected is not None and event.number != expected:
            return expected
        if before is not None and event.seal != seal(event, before):
            return event.number
        before, expected = event.seal, event.number + 1
    return None
