"""One HTTP connection to a platform: bounded in time and size, and never trusting the answer."""

import json
import logging
import re
import ssl
import time
from functools import cache, cached_property
from typing import Any

import httpx

from .base import CallerBug, ChannelError, Json, OutcomeUnknown, Transient

MAX_ANSWER_BYTES = 4 * 1024 * 1024
RETRY_AFTER = 30
_SECRETS = re.compile(r"((?:access_token|secret|client_secret|code)=)[^&\s\"']+")


class _HideSecrets(logging.Filter):
    """httpx logs whole addresses, and both platforms want their token in the address."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _SECRETS.sub(r"\1***", record.getMessage()), ()
        return True


logging.getLogger("httpx").addFilter(_HideSecrets())


def lost(effect: bool, code: str, message: str) -> ChannelError:
    """No clear answer came: harmless for a read, an unknown outcome for a call with an effect."""
    if effect:
        return OutcomeUnknown(
            code,
            message,
            "平台没有给出明确答复，不知道是否成功。系统会先核对结果，请不要重复发送。",
        )
    return Transient(
        code, message, "平台暂时没有正常答复，系统会自动再试。", retry_after=RETRY_AFTER
    )


@cache
def _trust() -> ssl.SSLContext:
    """Whom we trust: read once, as reading the certificates costs more than a call."""
    return httpx.create_ssl_context(trust_env=False)


class Wire:
    """A connection to one base address. Opened at the first call.

    `timeout` (seconds) bounds each wait and, six-fold, the whole answer, so that a platform which
    sends one byte at a time cannot hold a worker. Proxies of the environment are not used: the
    platforms admit callers by IP address.
    """

    def __init__(
        self, base_url: str, transport: httpx.BaseTransport | None, timeout: float
    ) -> None:
        if not base_url.startswith(("https://", "http://")):
            raise CallerBug(
                "base_url", base_url, "账号的接口地址不对：请填写以 https:// 开头的完整地址。"
            )
        self._base_url = base_url
        self._transport = transport
        self._timeout = timeout

    @cached_property
    def _client(self) -> httpx.Client:
        return httpx.Client(
            base_url=self._base_url,
            transport=self._transport,
            verify=_trust(),
            timeout=self._timeout,
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        if "_client" in self.__dict__:
            self._client.close()
            del self._client

    def call(
        self, method: str, path: str, *, effect: bool = False, **request: Any
    ) -> tuple[int, Any]:
        """Status and decoded JSON of one call; `request` goes to httpx.

        Raises Transient, or OutcomeUnknown where `effect` says the call changes something others
        see and the request may have arrived.
        """
        try:
            status, body = self._exchange(method, path, request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise lost(False, "unreachable", type(error).__name__) from error
        except httpx.TimeoutException as error:
            raise lost(effect, "timeout", type(error).__name__) from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise lost(effect, "broken", type(error).__name__) from error
        if status >= 500:
            raise lost(effect, f"http{status}", "")
        try:
            return status, json.loads(body.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise lost(effect, "not_json", f"HTTP {status}") from error

    def _exchange(self, method: str, path: str, request: Json) -> tuple[int, bytes]:
        deadline = time.monotonic() + 6 * self._timeout
        with self._client.stream(method, path, **request) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise httpx.DecodingError("the answer is too large")
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("the answer takes too long")
            return response.status_code, bytes(body)


# --- reading answers: hostile until checked -------------------------------------------------------


def as_object(data: Any, *, effect: bool = False) -> dict[str, Any]:
    """`data` if it is a JSON object; raises Transient or OutcomeUnknown otherwise."""
    if not isinstance(data, dict):
        raise lost(effect, "shape", f"an object was expected, not {type(data).__name__}")
    return data


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; [] for anything that is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def nested(value: Any) -> dict[str, Any]:
    """`value` if it is an object, else {}."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:
    """A string, or a number as its digits; "" for anything else."""
    if isinstance(value, str):
        return value.replace("\x00", "").strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def address(value: Any) -> str:
    """A web address; "" for anything else, so that no other scheme reaches a link of ours."""
    found = text(value)
    return found if found.startswith(("https://", "http://")) else ""


def number(value: Any) -> int | None:
    """A count ≥ 0, also when it comes as digits; None for anything else."""
    digits = text(value)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def fraction(value: Any) -> float | None:
    """A finite number ≥ 0 with or without decimals; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 1e18 else None


def required(data: Json, name: str, *, effect: bool = False) -> str:
    """The non-empty string or number at `name`; raises Transient or OutcomeUnknown if missing."""
    found = text(data.get(name))
    if not found:
        raise lost(effect, "shape", f"'{name}' is missing in the answer")
    return found
