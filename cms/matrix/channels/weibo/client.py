"""Weibo HTTP calls, one method per row of the contract (part B, §15, §16)."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx

from ..base import Account, ChannelError, Json, Meter, Purpose, QuotaExceeded
from ..http import Wire, as_object, lost, objects, text
from ..pictures import Upload
from .errors import ONE_CALL_LIMITED, error_for

BASE_URL = "https://api.weibo.com"
COMMENTS_A_PAGE = 50
ALL_CALLS = "*"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
PUBLISH, REPLY = Purpose.PUBLISH, Purpose.REPLY
COMMENTS, STATISTICS = Purpose.COMMENTS, Purpose.STATISTICS


class WeiboClient:
    """Speaks for one authorised user. Every method raises the ChannelErrors of `errors.RULES`.

    Each call counts against 100 a day for this user and app (§17). Only getting and giving back
    the authorisation itself is not counted: it must work on a day without calls left.
    """

    def __init__(
        self,
        account: Account,
        transport: httpx.BaseTransport | None,
        timeout: float,
        meter: Meter,
    ) -> None:
        self._base_url = (account.base_url or BASE_URL).rstrip("/")
        self._wire = Wire(self._base_url, transport, timeout)
        self._meter = meter
        self._token = account.token
        self._app_key = text(account.extra.get("app_key"))
        self._app_secret = account.secret
        self._address = text(account.extra.get("rip"))

    def close(self) -> None:
        """Give the connection back."""
        self._wire.close()

    # --- statuses (§16) -----------------------------------------------------------------------

    def share(self, status: str, picture: Upload | None) -> dict[str, Any]:
        """Post a status, with one picture if given: the new status."""
        form = {"status": status, "rip": self._address}
        files = {"pic": (picture.filename, picture.data, picture.content_type)} if picture else None
        answer = self._post("/2/statuses/share.json", PUBLISH, form, files)
        return as_object(answer, effect=True)

    def show(self, status_id: str) -> dict[str, Any]:
        """One of the user's own statuses."""
        return as_object(self._get("/2/statuses/show.json", PUBLISH, id=status_id))

    def timeline(self, purpose: Purpose = PUBLISH) -> list[dict[str, Any]]:
        """The user's newest statuses: the platform gives five at most."""
        answer = as_object(self._get("/2/statuses/user_timeline.json", purpose, count="5"))
        return objects(answer.get("statuses"))

    def counts(self, ids: list[str]) -> list[dict[str, Any]]:
        """Comments, reposts and attitudes of up to 100 statuses."""
        return objects(self._get("/2/statuses/count.json", STATISTICS, ids=",".join(ids)))

    # --- comments -----------------------------------------------------------------------------

    def comments_to_me(
        self, since_id: str, max_id: str, purpose: Purpose = COMMENTS
    ) -> list[dict[str, Any]]:
        """Comments under all the user's statuses, newest first: since_id < id ≤ max_id."""
        page = {"since_id": since_id, "max_id": max_id, "count": str(COMMENTS_A_PAGE)}
        answer = as_object(self._get("/2/comments/to_me.json", purpose, **page))
        return objects(answer.get("comments"))

    def comments_of(self, status_id: str) -> list[dict[str, Any]]:
        """The newest comments under one status, ours among them."""
        page = {"id": status_id, "count": str(COMMENTS_A_PAGE)}
        answer = as_object(self._get("/2/comments/show.json", REPLY, **page))
        return objects(answer.get("comments"))

    def reply(self, comment_id: str, status_id: str, comment: str) -> dict[str, Any]:
        """Answer a comment in public: the new comment."""
        form = {"cid": comment_id, "id": status_id, "comment": comment, "rip": self._address}
        return as_object(self._post("/2/comments/reply.json", REPLY, form, None), effect=True)

    # --- the user, the authorisation (§15) ----------------------------------------------------

    def user(self, uid: str) -> dict[str, Any]:
        """The profile: `followers_count`, `statuses_count` …"""
        return as_object(self._get("/2/users/show.json", STATISTICS, uid=uid))

    def rate_limit(self) -> dict[str, Any]:
        """What is left of the quotas: `user_limit`, `remaining_user_hits`."""
        return as_object(self._get("/2/account/rate_limit_status.json", STATISTICS))

    def token_info(self) -> dict[str, Any]:
        """`uid`, `create_at` and `expire_in` (seconds) of the access token."""
        self._meter.spend("/oauth2/get_token_info", STATISTICS)
        return as_object(self._oauth("get_token_info", {"access_token": self._token}))

    def access_token(self, code: str, redirect_uri: str) -> dict[str, Any]:
        """`access_token`, `uid` and `expires_in` (seconds) for a code, which is then used up."""
        form = {
            "client_id": self._app_key,
            "client_secret": self._app_secret,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
        }
        return as_object(self._oauth("access_token", form))

    def authorise_url(self, redirect_uri: str, state: str) -> str:
        """The platform's page on which a person agrees."""
        asked = {
            "client_id": self._app_key,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "state": state,
        }
        return f"{self._base_url}/oauth2/authorize?{urlencode(asked)}"

    # --- transport ----------------------------------------------------------------------------

    def _get(self, path: str, purpose: Purpose, **params: str) -> Any:
        self._meter.spend(path, purpose)
        return self._call("GET", path, False, params={"access_token": self._token, **params})

    def _post(self, path: str, purpose: Purpose, form: dict[str, str], files: Json | None) -> Any:
        given = {name: value for name, value in form.items() if value}
        data = {"access_token": self._token, **given}
        self._meter.spend(path, purpose)
        return self._call("POST", path, True, data=data, files=files)

    def _oauth(self, name: str, form: dict[str, str]) -> Any:
        return self._call("POST", f"/oauth2/{name}", False, data=form)

    def _call(self, method: str, path: str, effect: bool, **request: Any) -> Any:
        status, data = self._wire.call(method, path, effect=effect, **request)
        code = text(data.get("error_code")) if isinstance(data, dict) else ""
        if code not in ("", "0"):
            message = text(data.get("error")) or text(data.get("error_description"))
            raise self._refused(path, error_for(code, message, effect=effect))
        if status >= 400:
            raise lost(effect, f"http{status}", "no error code")
        return data

    def _refused(self, path: str, error: ChannelError) -> ChannelError:
        """`error`; the meter learns which calls have no chance for a while: this one, or all."""
        if isinstance(error, QuotaExceeded) and error.until:
            self._meter.exhausted(
                path if error.code == ONE_CALL_LIMITED else ALL_CALLS, error.until
            )
        return error


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
