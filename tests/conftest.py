"""For every test: an empty cache, and no way out of this machine."""

import ipaddress
import socket

import pytest
from django.core.cache import caches
from django.db.backends.sqlite3.base import DatabaseOperations as SQLiteOperations

from cms.interactions import audit
from tests.factories import committed as run_after_commit
from tests.factories import make_site

pytest_plugins = ["tests.sandbox_server"]


@pytest.fixture(autouse=True)
def clear_cache():
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def newsroom(db):
    """A union with its home page, a section, 三审 and people for all roles."""
    return make_site()


@pytest.fixture
def committed():
    """`with committed(): …` runs the callbacks that wait for the commit."""
    return run_after_commit


@pytest.fixture(autouse=True, scope="session")
def records_are_flushed():
    """Between tests with transactions of their own Django empties all tables. The record of
    moderation refuses that, as it should; on PostgreSQL, where tables are truncated, no row is
    asked."""
    real = SQLiteOperations.sql_flush

    def sql_flush(self, *args, **kwargs):
        gone = ["moderation_events_stay", "moderation_events_kept"]
        drop = [f"DROP TRIGGER IF EXISTS {name}" for name in gone]
        return [*drop, *real(self, *args, **kwargs), *audit.ON_SQLITE]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLiteOperations, "sql_flush", sql_flush)
        yield


@pytest.fixture(autouse=True, scope="session")
def network_guard():
    """Refuse every connection that would leave this machine."""
    real_connect, real_connect_ex = socket.socket.connect, socket.socket.connect_ex

    def connect(self, address):
        refuse_outside(self, address)
        return real_connect(self, address)

    def connect_ex(self, address):
        refuse_outside(self, address)
        return real_connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        yield


def refuse_outside(connection, address):
    if connection.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = address[0]
    if host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback):
        return
    raise RuntimeError(f"A test tried to reach {host}: tests stay on this machine.")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
