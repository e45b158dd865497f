"""The table of API endpoints and the shape of one call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from flask import Response
from werkzeug.datastructures import FileStorage

from ..accounts import WeChatAccount
from ..box import Box
from ..faults import Fault
from .errors import WeChatError

Body = Literal["json", "optional", "files", "none"]


@dataclass
class Call:
    """One API call after authentication. ``account`` is None only where the token is not needed."""

    box: Box
    account: WeChatAccount | None
    args: dict
    body: dict
    files: dict[str, FileStorage] = field(default_factory=dict)
    form: dict = field(default_factory=dict)
    ip: str = ""
    fault: Fault | None = None

    def text(self, name: str, default: str = "") -> str:
        value = self.body.get(name, default)
        if not isinstance(value, str):
            raise WeChatError(47001)
        return value

    def number(self, name: str, default: int | None = None) -> int:
        """An integer field; digits in a string are understood, as the platform does."""
        value = self.body.get(name, default)
        if isinstance(value, str) and value.isdigit():
            return int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise WeChatError(47001)
        return value


@dataclass(frozen=True)
class Endpoint:
    path: str
    method: Literal["GET", "POST"]
    handler: Callable[[Call], dict | Response]
    needs_token: bool
    certified_only: bool
    service_only: bool
    body: Body


ENDPOINTS: dict[str, Endpoint] = {}


def endpoint(
    path: str,
    *,
    method: Literal["GET", "POST"] = "POST",
    body: Body = "json",
    needs_token: bool = True,
    certified_only: bool = False,
    service_only: bool = False,
):
    """Register a handler for ``path``; it gets a ``Call`` and returns the JSON body.

    ``body="optional"``: JSON where some is sent.
    """

    def register(handler: Callable[[Call], dict | Response]):
        ENDPOINTS[path] = Endpoint(
            path, method, handler, needs_token, certified_only, service_only, body
        )
        return handler

    return register


OK = {"errcode": 0, "errmsg": "ok"}
