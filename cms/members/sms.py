"""Text messages. `SMS_BACKEND` names who sends them: the outbox (demo, tests) or the gateway.

A backend is a function `(*, phone, text, code) -> None` that raises SmsFailed; `code` is empty
when the message carries none.
"""

import json
import logging

import httpx
from django.conf import settings
from django.utils.module_loading import import_string

from cms.members.masking import masked

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10


class SmsFailed(Exception):
    """The message did not go out; the sender may try again."""


def send(*, phone: str, text: str, code: str = "") -> None:
    """Hand a message to the backend in force. Raises SmsFailed."""
    import_string(settings.SMS_BACKEND)(phone=phone, text=text, code=code)


def outbox(*, phone: str, text: str, code: str) -> None:
    """Nothing is sent: a line of JSON is added to the outbox, for a newcomer and for tests."""
    line = json.dumps({"phone": phone, "text": text, "code": code}, ensure_ascii=False)
    with outbox_file().open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def outbox_file():
    return settings.VAR_DIR / "sms-outbox.jsonl"


def outbox_last(phone: str) -> str:
    """The last message to `phone` in the outbox; empty when there is none."""
    if not outbox_file().exists():
        return ""
    for line in reversed(outbox_file().read_text("utf-8").splitlines()):
        message = json.loads(line)
        if message["phone"] == phone:
            return message["text"]
    return ""


def gateway(*, phone: str, text: str, code: str) -> None:
    """POST to the union's SMS gateway. The log gets the masked number and the status, no more."""
    if not settings.SMS_GATEWAY_URL:
        log.error("SMS_GATEWAY_URL is empty: no message sent")
        raise SmsFailed
    try:
        response = httpx.post(
            settings.SMS_GATEWAY_URL,
            json={"phone": phone, "text": text, "code": code},
            headers={"Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}"},
            timeout=TIMEOUT_SECONDS,
        )
        response.raise_for_status()
    except httpx.HTTPStatusError as error:
        log.error("SMS gateway answered %s for %s", error.response.status_code, masked(phone))
        raise SmsFailed from None
    except httpx.HTTPError as error:
        log.error("SMS gateway: %s for %s", type(error).__name__, masked(phone))
        raise SmsFailed from None
