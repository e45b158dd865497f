"""WeChat Official Account HTTP calls, one method per row of the contract (part A).

Every method raises the ChannelErrors of `errors.RULES`.
"""

from collections.abc import Sequence
from typing import Any

import httpx

from ..base import Account, Gone, Json, Meter, Purpose, TokenStore
from ..http import address, lost, nested, number, objects, required, text
from ..pictures import Upload
from .errors import ALREADY_SENT, MEDIA_UNKNOWN
from .token import JsTicket
from .transport import WeChatTransport

COMMENTS_A_PAGE = 49
PUBLISH, REPLY = Purpose.PUBLISH, Purpose.REPLY
COMMENTS, STATISTICS = Purpose.COMMENTS, Purpose.STATISTICS


class WeChatClient:
    """Speaks for one account."""

    def __init__(
        self,
        account: Account,
        tokens: TokenStore,
        transport: httpx.BaseTransport | None,
        timeout: float,
        meter: Meter,
    ) -> None:
        self._calls = WeChatTransport(account, tokens, transport, timeout, meter)
        self._ticket = JsTicket(account, tokens, self._calls)

    def close(self) -> None:
        """Give the connection back."""
        self._calls.close()

    # --- pictures (§4) ------------------------------------------------------------------------

    def uploadimg(self, upload: Upload) -> str:
        """The platform's address of a picture inside an article: jpg or png, under 1 MB."""
        answer = self._calls.upload("/cgi-bin/media/uploadimg", PUBLISH, upload)
        url = address(answer.get("url"))
        if not url:
            raise lost(False, "shape", "no web address in the answer")
        return url

    def add_material(self, upload: Upload) -> str:
        """media_id of a picture kept in the account's library (a cover)."""
        path = "/cgi-bin/material/add_material"
        return required(self._calls.upload(path, PUBLISH, upload, type="image"), "media_id")

    # --- drafts (§5) --------------------------------------------------------------------------

    def draft_add(self, article: Json) -> str:
        """media_id of the new draft with this one article."""
        answer = self._calls.post("/cgi-bin/draft/add", PUBLISH, {"articles": [article]})
        return required(answer, "media_id")

    def draft_update(self, media_id: str, article: Json) -> None:
        """Write the draft's only article anew."""
        body = {"media_id": media_id, "index": 0, "articles": article}
        self._calls.post("/cgi-bin/draft/update", PUBLISH, body)

    def draft_get(self, media_id: str) -> dict[str, Any]:
        """The draft: `news_item` list, live also `create_time` and `update_time` (seconds)."""
        return self._calls.post("/cgi-bin/draft/get", PUBLISH, {"media_id": media_id})

    def draft_delete(self, media_id: str) -> None:
        """Delete the draft. One that is gone already (40007) is done (§14)."""
        self._calls.post(
            "/cgi-bin/draft/delete",
            PUBLISH,
            {"media_id": media_id},
            effect=True,
            accepted=(MEDIA_UNKNOWN,),
        )

    def draft_count(self) -> None:
        """How many drafts there are; asked only to learn whether we may ask."""
        self._calls.get("/cgi-bin/draft/count", STATISTICS)

    # --- publish (§7) -------------------------------------------------------------------------

    def submit(self, media_id: str) -> dict[str, Any]:
        """Queue the draft for publishing: `publish_id`, and perhaps `msg_data_id`."""
        body = {"media_id": media_id}
        return self._calls.post("/cgi-bin/freepublish/submit", PUBLISH, body, effect=True)

    def publish_get(self, publish_id: str) -> dict[str, Any]:
        """`publish_status`, `article_id`, `article_detail`, `fail_idx`. 100 calls a day."""
        return self._calls.post("/cgi-bin/freepublish/get", PUBLISH, {"publish_id": publish_id})

    def published(self, count: int, purpose: Purpose = PUBLISH) -> list[dict[str, Any]]:
        """The newest published items (count ≤ 20): `article_id`, `content.news_item`."""
        body = {"offset": 0, "count": count, "no_content": 1}
        return objects(self._calls.post("/cgi-bin/freepublish/batchget", purpose, body).get("item"))

    def article(self, article_id: str) -> dict[str, Any]:
        """The first news item of a published article."""
        body = {"article_id": article_id}
        answer = self._calls.post("/cgi-bin/freepublish/getarticle", PUBLISH, body)
        items = objects(answer.get("news_item"))
        return items[0] if items else {}

    def publish_delete(self, article_id: str) -> None:
        """Delete the published article for good. 10 calls a day."""
        body = {"article_id": article_id, "index": 1}
        self._calls.post("/cgi-bin/freepublish/delete", PUBLISH, body, effect=True)

    # --- mass send (§8) -----------------------------------------------------------------------

    def mass_send(self, media_id: str, key: str, tag_id: int | None) -> dict[str, Any]:
        """Send a draft to all followers or to one tag: `msg_id`, `msg_data_id`.

        `key` (≤ 32 bytes) is known for 24 hours: the same key again answers 45065 with the ids of
        the first time and sends nothing.
        """
        to_all = {"is_to_all": True}
        body = {
            "filter": to_all if tag_id is None else {"is_to_all": False, "tag_id": tag_id},
            "msgtype": "mpnews",
            "mpnews": {"media_id": media_id},
            "send_ignore_reprint": 0,
            "clientmsgid": key,
        }
        path = "/cgi-bin/message/mass/sendall"
        return self._calls.post(path, PUBLISH, body, effect=True, accepted=(ALREADY_SENT,))

    def mass_status(self, msg_id: str) -> str:
        """SEND_SUCCESS, SENDING, SEND_FAIL or DELETE."""
        answer = self._calls.post("/cgi-bin/message/mass/get", PUBLISH, {"msg_id": msg_id})
        return text(answer.get("msg_status")).upper()

    def mass_delete(self, msg_id: str) -> None:
        """Make the page of the first article unreadable; the cards stay in the chats."""
        body = {"msg_id": number(msg_id), "article_idx": 1}
        self._calls.post("/cgi-bin/message/mass/delete", PUBLISH, body, effect=True)

    def mass_preview(self, media_id: str, reader: str) -> None:
        """Show a draft to one follower, by WeChat name. 100 calls a day."""
        body = {"towxname": reader, "msgtype": "mpnews", "mpnews": {"media_id": media_id}}
        self._calls.post("/cgi-bin/message/mass/preview", PUBLISH, body)

    def mass_speed(self) -> None:
        """How fast messages go out; asked only to learn whether we may send any."""
        self._calls.post("/cgi-bin/message/mass/speed/get", STATISTICS, {})

    # --- readers (§10, §12) -------------------------------------------------------------------

    def comments(
        self, msg_data_id: str, begin: int, purpose: Purpose = COMMENTS
    ) -> list[dict[str, Any]]:
        """One page of comments. The last page is the one shorter than COMMENTS_A_PAGE."""
        body = {
            "msg_data_id": int(msg_data_id),
            "index": 0,
            "begin": begin,
            "count": COMMENTS_A_PAGE,
            "type": 0,
        }
        return objects(self._calls.post("/cgi-bin/comment/list", purpose, body).get("comment"))

    def comment_reply(self, msg_data_id: str, comment_id: str, content: str) -> None:
        """The author's one public answer to a comment."""
        body = {**_comment(msg_data_id, comment_id), "content": content}
        self._calls.post("/cgi-bin/comment/reply/add", REPLY, body, effect=True)

    def comment_elect(self, msg_data_id: str, comment_id: str, elected: bool) -> None:
        """Feature a comment, or take that back. Twice is harmless."""
        path = f"/cgi-bin/comment/{'markelect' if elected else 'unmarkelect'}"
        self._calls.post(path, REPLY, _comment(msg_data_id, comment_id))

    def comment_delete(self, msg_data_id: str, comment_id: str) -> None:
        """Delete a reader's comment. Twice is harmless: the second time answers 88008."""
        self._calls.post("/cgi-bin/comment/delete", REPLY, _comment(msg_data_id, comment_id))

    def send_text(self, openid: str, content: str) -> None:
        """A customer-service message: within 48 h of the reader's last message, five at most."""
        body = {"touser": openid, "msgtype": "text", "text": {"content": content}}
        self._calls.post("/cgi-bin/message/custom/send", REPLY, body, effect=True)

    # --- menu, quotas, statistics, JS-SDK (§1.1, §11, §12) ------------------------------------

    def menu_get(self) -> list[dict[str, Any]]:
        """The buttons of the custom menu; [] when there is none (46003)."""
        try:
            answer = self._calls.get("/cgi-bin/menu/get", REPLY)
        except Gone:
            return []
        return objects(nested(answer.get("menu")).get("button"))

    def menu_create(self, buttons: Sequence[Json]) -> None:
        """Put this menu in the place of the one before."""
        self._calls.post("/cgi-bin/menu/create", REPLY, {"button": list(buttons)})

    def menu_delete(self) -> None:
        """Remove the custom menu."""
        self._calls.get("/cgi-bin/menu/delete", REPLY)

    def quota(self, path: str) -> tuple[int, int] | None:
        """(used, limit) of today's calls of `path`; None when the answer tells neither."""
        answer = self._calls.post("/cgi-bin/openapi/quota/get", STATISTICS, {"cgi_path": path})
        told = nested(answer.get("quota"))
        used, limit = number(told.get("used")), number(told.get("daily_limit"))
        return None if used is None or limit is None else (used, limit)

    def datacube(self, name: str, begin: str, end: str) -> tuple[list[dict[str, Any]], bool]:
        """Rows of one report (dates YYYY-MM-DD), and whether they are still incomplete."""
        body = {"begin_date": begin, "end_date": end}
        answer = self._calls.post(f"/datacube/{name}", STATISTICS, body)
        return objects(answer.get("list")), answer.get("is_delay") in (True, 1)

    def jsapi_ticket(self) -> str:
        """The ticket that JS-SDK pages are signed with, shared by all processes."""
        return self._ticket.current()


def _comment(msg_data_id: str, comment_id: str) -> dict[str, int]:
    """How comment calls name a comment; `index` counts from 0 (§13-10)."""
    return {"msg_data_id": int(msg_data_id), "index": 0, "user_comment_id": int(comment_id)}


def first_reply(comment: Json) -> dict[str, Any]:
    """The author's answer under a comment: an object or an array of one (§13-8); {} if none."""
    reply = comment.get("reply")
    listed: Sequence[dict[str, Any]] = objects(reply)
    return listed[0] if listed else nested(reply)
