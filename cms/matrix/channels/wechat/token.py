"""Short-lived secrets of one WeChat account, shared by all processes: the access token (contract
§2) and the ticket of the JS-SDK (§12)."""

import time
from datetime import datetime
from typing import Any, Protocol

from ..base import Account, CredentialError, Purpose, TokenStore
from ..http import Wire, as_object, number, required, text
from .errors import BEIJING, error_for

_MARGIN = 300
_FORCED_GAP = 30
_FORCED_PER_DAY = 20


class AccessToken:
    """`stable_token` only: the other endpoint makes workers invalidate each other's tokens."""

    def __init__(self, account: Account, tokens: TokenStore, wire: Wire) -> None:
        self._account = account
        self._tokens = tokens
        self._wire = wire
        self._key = f"wechat:token:{account.app_id}"

    def current(self) -> str:
        """The shared token, fetched if there is none. Raises CredentialError and others."""
        return self._shared() or self.renewed("")

    def renewed(self, rejected: str) -> str:
        """Another token than `rejected`: one another process fetched meanwhile, or a fresh one."""
        with self._tokens.lock(self._key):
            shared = self._shared()
            return shared if shared and shared != rejected else self._fetch(force=False)

    def forced(self, rejected: str) -> str:
        """A token that is certainly new: the platform kills the old one.

        The platform allows this every 30 s and 20 times a day. Raises CredentialError beyond.
        """
        with self._tokens.lock(self._key):
            shared = self._shared()
            if shared and shared != rejected:
                return shared
            self._count_forced()
            return self._fetch(force=True)

    def _shared(self) -> str:
        kept = self._tokens.get(self._key)
        return kept[0] if kept else ""

    def _fetch(self, *, force: bool) -> str:
        body = {
            "grant_type": "client_credential",
            "appid": self._account.app_id,
            "secret": self._account.secret,
            "force_refresh": force,
        }
        _status, data = self._wire.call("POST", "/cgi-bin/stable_token", json=body)
        answer = as_object(data)
        code = text(answer.get("errcode"))
        if code not in ("", "0"):
            raise error_for(code, text(answer.get("errmsg")))
        token = required(answer, "access_token")
        lifetime = number(answer.get("expires_in")) or 0
        self._tokens.set(self._key, token, time.time() + max(lifetime - _MARGIN, 0))
        return token

    def _count_forced(self) -> None:
        """Raises CredentialError when forcing again would break the platform's own limits."""
        now = time.time()
        today = f"{self._key}:forced:{datetime.now(BEIJING):%Y-%m-%d}"
        kept = self._tokens.get(today)
        used = int(kept[0]) if kept else 0
        if used >= _FORCED_PER_DAY or self._tokens.get(f"{self._key}:forced"):
            raise CredentialError(
                "40001",
                "token refused right after a forced refresh",
                "微信反复拒绝访问令牌。请管理员核对 AppSecret，并确认没有别的系统在用同一个账号。",
            )
        self._tokens.set(f"{self._key}:forced", "1", now + _FORCED_GAP)
        self._tokens.set(today, str(used + 1), now + 86400)


class Getter(Protocol):
    """What fetching a ticket needs of the transport."""

    def get(self, path: str, purpose: Purpose, **params: str) -> dict[str, Any]:
        """The answer of one GET call with the account's token."""


class JsTicket:
    """The jsapi ticket: the platform wants it cached, it gives out few of them."""

    def __init__(self, account: Account, tokens: TokenStore, calls: Getter) -> None:
        self._tokens = tokens
        self._calls = calls
        self._key = f"wechat:ticket:{account.app_id}"

    def current(self) -> str:
        """The shared ticket, fetched if there is none."""
        if kept := self._tokens.get(self._key):
            return kept[0]
        with self._tokens.lock(self._key):
            if kept := self._tokens.get(self._key):
                return kept[0]
            answer = self._calls.get("/cgi-bin/ticket/getticket", Purpose.REPLY, type="jsapi")
            ticket = required(answer, "ticket")
            lifetime = number(answer.get("expires_in")) or 0
            self._tokens.set(self._key, ticket, time.time() + max(lifetime - _MARGIN, 0))
            return ticket
