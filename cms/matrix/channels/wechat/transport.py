"""How every call to WeChat is made: counted, with the account's token, its answer read with care.

The token rule is contract §2, what a code means §14 (`errors`).
"""

import json
from collections.abc import Collection
from typing import Any

import httpx

from ..base import Account, ChannelError, Json, Meter, Purpose, QuotaExceeded, TokenStore
from ..http import Wire, as_object, text
from ..pictures import Upload
from .errors import TOKEN_REJECTED, error_for
from .token import AccessToken

BASE_URL = "https://api.weixin.qq.com"
_DAY_USED_UP = "45009"


class WeChatTransport:
    """Calls for one account. Each is counted right before it is made, a repeated one too.

    Only fetching the token is not counted: its quota of 500,000 a day is never the narrow one.
    """

    def __init__(
        self,
        account: Account,
        tokens: TokenStore,
        transport: httpx.BaseTransport | None,
        timeout: float,
        meter: Meter,
    ) -> None:
        self._wire = Wire(account.base_url or BASE_URL, transport, timeout)
        self._token = AccessToken(account, tokens, self._wire)
        self._meter = meter

    def close(self) -> None:
        """Give the connection back; the next call opens another."""
        self._wire.close()

    def get(self, path: str, purpose: Purpose, **params: str) -> dict[str, Any]:
        """The answer of one GET call."""
        return self._call("GET", path, purpose, params=params)

    def post(
        self,
        path: str,
        purpose: Purpose,
        body: Json,
        *,
        effect: bool = False,
        accepted: Collection[str] = (),
    ) -> dict[str, Any]:
        """The answer of one POST call with a JSON body.

        `effect`: see `Wire.call`. A code in `accepted` is an answer like any other.
        """
        # Raw UTF-8: the platform stores \\uXXXX escapes as they are (contract §1).
        content = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return self._call(
            "POST",
            path,
            purpose,
            effect=effect,
            accepted=accepted,
            content=content,
            headers=headers,
        )

    def upload(self, path: str, purpose: Purpose, upload: Upload, **params: str) -> dict[str, Any]:
        """The answer to one file, sent as the multipart field `media` (contract §4)."""
        files = {"media": (upload.filename, upload.data, upload.content_type)}
        return self._call("POST", path, purpose, params=params, files=files)

    def _call(
        self,
        method: str,
        path: str,
        purpose: Purpose,
        *,
        effect: bool = False,
        accepted: Collection[str] = (),
        **request: Any,
    ) -> dict[str, Any]:
        """One call with the token rule of §2: renew once, force once, then give up."""

        def attempt(token: str) -> tuple[dict[str, Any], str]:
            self._meter.spend(path, purpose)
            params = {**request.get("params", {}), "access_token": token}
            sent = {**request, "params": params}
            _status, data = self._wire.call(method, path, effect=effect, **sent)
            answer = as_object(data, effect=effect)
            return answer, text(answer.get("errcode"))

        token = self._token.current()
        answer, code = attempt(token)
        if code in TOKEN_REJECTED:
            renewed = self._token.renewed(token)
            answer, code = attempt(renewed)
            if code in TOKEN_REJECTED and renewed == token:
                answer, code = attempt(self._token.forced(renewed))
        if code in ("", "0") or code in accepted:
            return answer
        raise self._refused(path, error_for(code, text(answer.get("errmsg")), effect=effect))

    def _refused(self, path: str, error: ChannelError) -> ChannelError:
        """`error`; the meter learns of a day that the platform itself says is used up."""
        if isinstance(error, QuotaExceeded) and error.code == _DAY_USED_UP and error.until:
            self._meter.exhausted(path, error.until)
        return error
