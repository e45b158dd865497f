"""The backend for whichever database ``DATABASES["default"]`` is."""

from importlib import import_module

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

MODULES = {"sqlite": "search.backends.sqlite", "postgresql": "search.backends.postgresql"}


def SearchBackend(params):
    """Return the backend; raises ImproperlyConfigured for a database without one."""
    try:
        # Imported here because each module works with its own database only.
        module = import_module(MODULES[connection.vendor])
    except KeyError:
        raise ImproperlyConfigured(
            f"Search needs SQLite or PostgreSQL; the default database is {connection.vendor}."
        ) from None
    return module.SearchBackend(params)
