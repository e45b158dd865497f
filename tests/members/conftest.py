"""The outbox of text messages, empty at the start of each test, and a sign-up form filled in."""

import json

import pytest

from cms.members import sms

SIGN_UP = {
    "phone": "13700000001",
    "password1": "高温津贴要发到手",
    "password2": "高温津贴要发到手",
    "nickname": "塔吊上的风",
    "agree": "on",
}


@pytest.fixture(autouse=True)
def outbox():
    """`outbox()` is what was sent so far, oldest first."""
    sms.outbox_file().unlink(missing_ok=True)

    def sent() -> list[dict]:
        if not sms.outbox_file().exists():
            return []
        return [json.loads(line) for line in sms.outbox_file().read_text("utf-8").splitlines()]

    yield sent
    sms.outbox_file().unlink(missing_ok=True)


@pytest.fixture
def half_a_minute_later(monkeypatch):
    """Call it and the limits of one breath are over: the clock of allauth's cache is emptied."""
    from django.core.cache import cache

    return cache.clear
