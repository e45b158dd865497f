"""The outbox of text messages, empty at the start of each test, and a sign-up form filled in."""

import json

import pytest
from django.core.cache import cache

from cms.members import sms

SIGN_UP = {
    "phone": "13700000001",
    "password1": "高温津贴要发到手",
    "password2": "高温津贴要发到手",
    "nickname": "塔吊上的风",
    "agree": "on",
}


@pytest.fixture(autouse=True)
def outbox(settings, tmp_path):
    """`outbox()` is what was sent so far, oldest first. Each test has a file of its own."""
    settings.VAR_DIR = tmp_path

    def sent() -> list[dict]:
        if not sms.outbox_file().exists():
            return []
        return [json.loads(line) for line in sms.outbox_file().read_text("utf-8").splitlines()]

    return sent


@pytest.fixture
def half_a_minute_later():
    """Call it and what may not be done in one breath may be done again."""
    return cache.clear
