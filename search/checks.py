"""System check: the one internal of modelsearch that our backends rest on."""

import inspect

from django.core import checks
from django.db import connection


@checks.register(checks.Tags.compatibility)
def indexer_is_ours(app_configs, **kwargs):
    """``Index.add_items`` must still look its indexer up as the global that our backend rebinds."""
    if connection.vendor == "sqlite":
        from search.backends import sqlite as ours

        add_items = ours.stock.SQLiteIndex.add_items
    elif connection.vendor == "postgresql":
        from search.backends import postgresql as ours

        add_items = ours.stock.PostgresIndex.add_items
    else:
        return []
    names_it = "ObjectIndexer(" in inspect.getsource(add_items)
    if names_it and add_items.__globals__.get("ObjectIndexer") is ours.ObjectIndexer:
        return []
    return [
        checks.Error(
            "modelsearch no longer builds its index entries through ObjectIndexer.",
            hint="Chinese texts would be indexed as one word each. Keep modelsearch below 1.4.",
            id="search.E001",
        )
    ]
