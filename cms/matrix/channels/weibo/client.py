"""Weibo HTTP calls, one method per row of the contract (part B, §16)."""

from datetime import datetime
from typing import Any

import httpx

from ..base import Account, Json
from ..http import Wire, as_object, lost, objects, text
from ..pictures import Upload
from .errors import error_for

BASE_URL = "https://api.weibo.com"
COMMENTS_A_PAGE = 50
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class WeiboClient:
    """Speaks for one authorised user. Every method raises the ChannelErrors of `errors.RULES`.

    Each call counts against 100 a day for this user and app (§17).
    """

    def __init__(
        self, account: Account, transport: httpx.BaseTransport | None, timeout: float
    ) -> None:
        self._wire = Wire(account.base_url or BASE_URL, transport, timeout)
        self._token = account.token
        self._address = text(account.extra.get("rip"))

    def close(self) -> None:
        """Give the connection back."""
        self._wire.close()

    def share(self, status: str, picture: Upload | None) -> dict[str, Any]:
        """Post a status, with one picture if given: the new status."""
        form = {"status": status, "rip": self._address}
        files = {"pic": (picture.filename, picture.data, picture.content_type)} if picture else None
        return as_object(self._post("/2/statuses/share.json", form, files), effect=True)

    def show(self, status_id: str) -> dict[str, Any]:
        """One of the user's own statuses."""
        return as_object(self._get("/2/statuses/show.json", id=status_id))

    def timeline(self) -> list[dict[str, Any]]:
        """The user's newest statuses: the platform gives five at most."""
        answer = as_object(self._get("/2/statuses/user_timeline.json", count="5"))
        return objects(answer.get("statuses"))

    def counts(self, ids: list[str]) -> list[dict[str, Any]]:
        """Comments, reposts and attitudes of up to 100 statuses."""
        return objects(self._get("/2/statuses/count.json", ids=",".join(ids)))

    def comments_to_me(self, since_id: str, max_id: str) -> list[dict[str, Any]]:
        """Comments under all the user's statuses, newest first: since_id < id ≤ max_id."""
        answer = as_object(
            self._get(
                "/2/comments/to_me.json",
                since_id=since_id,
                max_id=max_id,
                count=str(COMMENTS_A_PAGE),
            )
        )
        return objects(answer.get("comments"))

    def reply(self, comment_id: str, status_id: str, comment: str) -> dict[str, Any]:
        """Answer a comment in public: the new comment."""
        form = {"cid": comment_id, "id": status_id, "comment": comment, "rip": self._address}
        return as_object(self._post("/2/comments/reply.json", form, None), effect=True)

    def token_info(self) -> dict[str, Any]:
        """`uid`, `create_at` and `expire_in` (seconds) of the access token."""
        data = {"access_token": self._token}
        return as_object(self._call("POST", "/oauth2/get_token_info", False, data=data))

    def rate_limit(self) -> dict[str, Any]:
        """What is left of the quotas."""
        return as_object(self._get("/2/account/rate_limit_status.json"))

    def _get(self, path: str, **params: str) -> Any:
        return self._call("GET", path, False, params={"access_token": self._token, **params})

    def _post(self, path: str, form: dict[str, str], files: Json | None) -> Any:
        given = {name: value for name, value in form.items() if value}
        data = {"access_token": self._token, **given}
        return self._call("POST", path, True, data=data, files=files)

    def _call(self, method: str, path: str, effect: bool, **request: Any) -> Any:
        status, data = self._wire.call(method, path, effect=effect, **request)
        code = text(data.get("error_code")) if isinstance(data, dict) else ""
        if code not in ("", "0"):
            message = text(data.get("error")) or text(data.get("error_description"))
            raise error_for(code, message, effect=effect)
        if status >= 400:
            raise lost(effect, f"http{status}", "no error code")
        return data


def post_url(site: str, uid: str, mid: str) -> str:
    """The address of a status: its mid in base 62, in groups of seven digits from the right."""
    groups: list[str] = []
    while mid:
        mid, group = mid[:-7], mid[-7:]
        short = _base62(int(group))
        groups.insert(0, short.rjust(4, "0") if mid else short)
    return f"{site}/{uid}/{''.join(groups)}"


def _base62(value: int) -> str:
    digits = ""
    while value:
        value, rest = divmod(value, 62)
        digits = _DIGITS[rest] + digits
    return digits or "0"


def posted_at(value: Any) -> datetime | None:
    """The platform's time, such as "Wed Oct 24 23:49:17 +0800 2012"; None if unreadable."""
    try:
        return datetime.strptime(text(value), "%a %b %d %H:%M:%S %z %Y")
    except ValueError:
        return None
