"""The broker in a folder: what one process sends, another takes whole and in order."""

import json
import threading

import pytest
from kombu import Connection

MESSAGES = 300


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "control").mkdir()
    return tmp_path


@pytest.fixture
def connect(folder):
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder / "control"),
    }
    return lambda: Connection("filesystem://localhost", transport_options=options)


def test_no_message_is_seen_before_it_is_complete_and_all_come_in_order(folder, connect):
    def send():
        with connect() as connection, connection.SimpleQueue("jobs") as queue:
            for number in range(MESSAGES):
                queue.put({"number": number, "text": "高温津贴" * 2000})

    sender = threading.Thread(target=send)
    sender.start()
    while sender.is_alive():
        for message in folder.glob("*.msg"):
            json.loads(message.read_text("utf-8"))
    sender.join()

    with connect() as connection, connection.SimpleQueue("jobs") as queue:
        taken = [queue.get(timeout=10).payload["number"] for _ in range(MESSAGES)]
    assert taken == list(range(MESSAGES))


def test_the_embedded_queue_is_this_broker():
    with Connection("filesystem://localhost") as connection:
        assert type(connection.transport).__module__ == "cms.broker"
