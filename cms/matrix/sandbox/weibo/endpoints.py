"""The table of API endpoints and the shape of one call."""

from collections.abc import Callable
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage

from ..accounts import WeiboAccount
from ..box import Box
from ..faults import Fault
from .errors import WeiboError


@dataclass
class Call:
    box: Box
    account: WeiboAccount
    params: dict[str, str]
    files: dict[str, FileStorage] = field(default_factory=dict)
    is_multipart: bool = False
    fault: Fault | None = None
    ip: str = ""

    def number(self, name: str, default: int | None = None) -> int:
        value = self.params.get(name)
        if value in (None, "") and default is not None:
            return default
        if value is None:
            raise WeiboError(10016, f"Miss required parameter ({name}), see doc for more info")
        # More digits than SQLite's integers hold cannot name anything here either.
        if not value.isascii() or not value.isdigit() or len(value) > 18:
            raise WeiboError(10017, f"Parameter ({name})'s value invalid, expect (long)")
        return int(value)

    def numbers(self, name: str, most: int) -> list[int]:
        """A comma-separated list of ids; those too long to exist here are left out."""
        parts = [part.strip() for part in self.params.get(name, "").split(",") if part.strip()]
        if not 1 <= len(parts) <= most or not all(p.isascii() and p.isdigit() for p in parts):
            raise WeiboError(10017, f"Parameter ({name})'s value invalid")
        return [int(part) for part in parts if len(part) <= 18]


@dataclass(frozen=True)
class Redirect:
    """An answer that sends the browser elsewhere instead of JSON."""

    address: str


@dataclass(frozen=True)
class Endpoint:
    method: str
    handler: Callable[[Call], dict | list | Redirect]
    counted: bool


ENDPOINTS: dict[str, Endpoint] = {}


def endpoint(path: str, method: str = "GET", *, counted: bool = True):
    """Register ``/2/<path>.json``; the handler returns the JSON value."""

    def register(handler: Callable[[Call], dict | list | Redirect]):
        ENDPOINTS[f"/2/{path}.json"] = Endpoint(method, handler, counted)
        return handler

    return register
