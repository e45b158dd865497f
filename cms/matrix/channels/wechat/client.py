"""WeChat Official Account HTTP calls, one method per row of the contract (part A)."""

import json
from collections.abc import Sequence
from typing import Any

import httpx

from ..base import Account, Json, TokenStore
from ..http import Wire, address, as_object, lost, nested, objects, required, text
from ..pictures import Upload
from .errors import TOKEN_REJECTED, error_for
from .token import AccessToken

BASE_URL = "https://api.weixin.qq.com"
COMMENTS_A_PAGE = 49


class WeChatClient:
    """Speaks for one account. Every method raises the ChannelErrors of `errors.RULES`."""

    def __init__(
        self,
        account: Account,
        tokens: TokenStore,
        transport: httpx.BaseTransport | None,
        timeout: float,
    ) -> None:
        self._wire = Wire(account.base_url or BASE_URL, transport, timeout)
        self._token = AccessToken(account, tokens, self._wire)

    def close(self) -> None:
        """Give the connection back."""
        self._wire.close()

    # --- pictures (§4) ------------------------------------------------------------------------

    def uploadimg(self, upload: Upload) -> str:
        """The platform's address of a picture inside an article: jpg or png, under 1 MB."""
        url = address(self._upload("/cgi-bin/media/uploadimg", upload).get("url"))
        if not url:
            raise lost(False, "shape", "no web address in the answer")
        return url

    def add_material(self, upload: Upload) -> str:
        """media_id of a picture kept in the account's library (a cover)."""
        return required(
            self._upload("/cgi-bin/material/add_material", upload, type="image"), "media_id"
        )

    # --- drafts (§5) --------------------------------------------------------------------------

    def draft_add(self, article: Json) -> str:
        """media_id of the new draft with this one article."""
        return required(self._post("/cgi-bin/draft/add", {"articles": [article]}), "media_id")

    def draft_update(self, media_id: str, article: Json) -> None:
        """Write the draft's only article anew."""
        self._post("/cgi-bin/draft/update", {"media_id": media_id, "index": 0, "articles": article})

    def draft_get(self, media_id: str) -> dict[str, Any]:
        """The draft: `news_item` list, live also `create_time` and `update_time` (seconds)."""
        return self._post("/cgi-bin/draft/get", {"media_id": media_id})

    def draft_delete(self, media_id: str) -> None:
        """Delete the draft."""
        self._post("/cgi-bin/draft/delete", {"media_id": media_id}, effect=True)

    def draft_count(self) -> None:
        """How many drafts there are; asked only to learn whether we may ask."""
        self._call("GET", "/cgi-bin/draft/count")

    # --- publish (§7) -------------------------------------------------------------------------

    def submit(self, media_id: str) -> dict[str, Any]:
        """Queue the draft for publishing: `publish_id`, and perhaps `msg_data_id`."""
        return self._post("/cgi-bin/freepublish/submit", {"media_id": media_id}, effect=True)

    def publish_get(self, publish_id: str) -> dict[str, Any]:
        """`publish_status`, `article_id`, `article_detail`, `fail_idx`. 100 calls a day."""
        return self._post("/cgi-bin/freepublish/get", {"publish_id": publish_id})

    def published(self, count: int) -> list[dict[str, Any]]:
        """The newest published items (count ≤ 20): `article_id`, `content.news_item`."""
        body = {"offset": 0, "count": count, "no_content": 1}
        return objects(self._post("/cgi-bin/freepublish/batchget", body).get("item"))

    def article(self, article_id: str) -> dict[str, Any]:
        """The first news item of a published article."""
        answer = self._post("/cgi-bin/freepublish/getarticle", {"article_id": article_id})
        items = objects(answer.get("news_item"))
        return items[0] if items else {}

    def publish_delete(self, article_id: str) -> None:
        """Delete the published article for good. 10 calls a day."""
        body = {"article_id": article_id, "index": 1}
        self._post("/cgi-bin/freepublish/delete", body, effect=True)

    # --- readers (§10, §12) -------------------------------------------------------------------

    def comments(self, msg_data_id: str, begin: int) -> list[dict[str, Any]]:
        """One page of comments. The last page is the one shorter than COMMENTS_A_PAGE."""
        body = {
            "msg_data_id": int(msg_data_id),
            "index": 0,
            "begin": begin,
            "count": COMMENTS_A_PAGE,
            "type": 0,
        }
        return objects(self._post("/cgi-bin/comment/list", body).get("comment"))

    def comment_reply(self, msg_data_id: str, comment_id: str, content: str) -> None:
        """The author's one public answer to a comment."""
        body = {
            "msg_data_id": int(msg_data_id),
            "index": 0,
            "user_comment_id": int(comment_id),
            "content": content,
        }
        self._post("/cgi-bin/comment/reply/add", body, effect=True)

    def send_text(self, openid: str, content: str) -> None:
        """A customer-service message: within 48 h of the reader's last message, five at most."""
        body = {"touser": openid, "msgtype": "text", "text": {"content": content}}
        self._post("/cgi-bin/message/custom/send", body, effect=True)

    # --- statistics (§11) ---------------------------------------------------------------------

    def datacube(self, name: str, begin: str, end: str) -> tuple[list[dict[str, Any]], bool]:
        """Rows of one report (dates YYYY-MM-DD), and whether they are still incomplete."""
        answer = self._post(f"/datacube/{name}", {"begin_date": begin, "end_date": end})
        return objects(answer.get("list")), answer.get("is_delay") in (True, 1)

    # --- transport (§1, §2) -------------------------------------------------------------------

    def _post(self, path: str, body: Json, *, effect: bool = False) -> dict[str, Any]:
        # Raw UTF-8: the platform stores \uXXXX escapes as they are.
        content = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return self._call("POST", path, effect=effect, content=content, headers=headers)

    def _upload(self, path: str, upload: Upload, **params: str) -> dict[str, Any]:
        files = {"media": (upload.filename, upload.data, upload.content_type)}
        return self._call("POST", path, params=params, files=files)

    def _call(
        self, method: str, path: str, *, effect: bool = False, **request: Any
    ) -> dict[str, Any]:
        """One call with the token rule of §2: renew once, force once, then give up."""
        token = self._token.current()
        answer, code = self._once(method, path, token, effect, request)
        if code in TOKEN_REJECTED:
            renewed = self._token.renewed(token)
            answer, code = self._once(method, path, renewed, effect, request)
            if code in TOKEN_REJECTED and renewed == token:
                forced = self._token.forced(renewed)
                answer, code = self._once(method, path, forced, effect, request)
        if code in ("", "0"):
            return answer
        raise error_for(code, text(answer.get("errmsg")), effect=effect)

    def _once(
        self, method: str, path: str, token: str, effect: bool, request: dict[str, Any]
    ) -> tuple[dict[str, Any], str]:
        params = {**request.get("params", {}), "access_token": token}
        _status, data = self._wire.call(
            method, path, effect=effect, **{**request, "params": params}
        )
        answer = as_object(data, effect=effect)
        return answer, text(answer.get("errcode"))


def first_reply(comment: Json) -> dict[str, Any]:
    """The author's answer under a comment: an object or an array of one (§13-8); {} if none."""
    reply = comment.get("reply")
    listed: Sequence[dict[str, Any]] = objects(reply)
    return listed[0] if listed else nested(reply)
