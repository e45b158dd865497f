"""A worker keeps its database connection from task to task, and gets over one that broke."""

import pytest
from django.db import OperationalError, connection, connections

from cms.celery import app, start_on_a_connection_that_works


@pytest.fixture
def begin_task():
    task = app.tasks["matrix.advance_delivery"]
    task.push_request(is_eager=False)
    yield lambda: start_on_a_connection_that_works(sender=task)
    task.pop_request()


def ask() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_connection_stays_between_tasks(begin_task):
    ask()
    kept = connection.connection
    begin_task()
    assert ask() == 1
    assert connection.connection is kept


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_connection_that_the_server_ended_is_opened_anew(begin_task):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server that could end a connection")
    ask()
    end_connection(connection.connection.info.backend_pid)
    with pytest.raises(OperationalError):
        ask()
    begin_task()
    assert ask() == 1


def end_connection(pid: int) -> None:
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()
