import re

from django.db import connection
from django.utils import timezone

from search.models import SearchLog
from search.signals import search_performed
from search.text.normalise import clean, normalise

TERM_LENGTH = SearchLog._meta.get_field("term").max_length
SOURCE_LENGTH = SearchLog._meta.get_field("source").max_length
#: A telephone, identity or card number, or an address: somebody's own, not to be kept.
PERSONAL = re.compile(r"\d[\d\s-]{5,}\dx?|@")


def search_log(*, query: str, hits: int, source: str = "site") -> None:
    """Count one search for today, in one statement, and send ``search_performed``.

    Nothing is kept of blank queries and of those that hold a long number or an "@".
    """
    term = normalise(query, TERM_LENGTH)[:TERM_LENGTH]
    if not term or PERSONAL.search(term):
        return
    shown = " ".join(clean(query[:TERM_LENGTH]).split())
    table = SearchLog._meta.db_table
    with connection.cursor() as cursor:
        # The ORM's upsert can set a value but not add to it.
        cursor.execute(
            f"INSERT INTO {table} (term, shown, day, source, count, hits)"
            " VALUES (%s, %s, %s, %s, 1, %s) ON CONFLICT (term, day, source) DO UPDATE"
            f" SET count = {table}.count + 1, hits = excluded.hits, shown = excluded.shown",
            [term, shown, timezone.localdate(), source[:SOURCE_LENGTH], hits],
        )
    search_performed.send(sender=SearchLog, query=term, hits=hits, source=source)
