"""What a mass send is held to: repetition, pace, times in a period, kinds of message (§8)."""

import json

from ..accounts import WeChatAccount
from ..box import Box
from . import drafts, quotas, temporary
from .endpoints import Call
from .errors import WeChatError

MOST_RECIPIENTS = 10_000
CLIENT_ID_BYTES = 32
REMEMBERED = 24 * 3600
PER_MINUTE = 60
TEXT_BYTES = 2048
COUNTED = "('WAITING', 'SENDING', 'SEND_SUCCESS', 'DELETE')"


def client_id(call: Call) -> str:
    found = call.text("clientmsgid")
    if len(found.encode()) > CLIENT_ID_BYTES:
        raise WeChatError(45067)
    return found


def refuse_repetition(box: Box, account: WeChatAccount, client_msg_id: str) -> None:
    """45065 with the ids of the send already known by this id; 45066 when asked again too soon."""
    if not client_msg_id:
        return
    now = box.clock.now()
    known = box.store.row(
        "select c.*, m.msg_data_id from wx_clientmsgid c join wx_mass m on m.msg_id = c.msg_id"
        " where c.app_id = ? and c.clientmsgid = ? and c.created_at > ?",
        *(account.app_id, client_msg_id, now - REMEMBERED),
    )
    if known is None:
        return
    if now - known["tried_at"] < account.mass_retry_seconds:
        raise WeChatError(45066)
    raise WeChatError(45065, extra={"msg_id": known["msg_id"], "msg_data_id": known["msg_data_id"]})


def remember(box: Box, account: WeChatAccount, client_msg_id: str, msg_id: int) -> None:
    if client_msg_id:
        now = box.clock.now()
        box.store.execute(
            "insert or replace into wx_clientmsgid"
            " (app_id, clientmsgid, msg_id, created_at, tried_at) values (?, ?, ?, ?, ?)",
            *(account.app_id, client_msg_id, msg_id, now, now),
        )


def check_pace(box: Box, account: WeChatAccount) -> None:
    """At most 60 requests a minute, else 42010."""
    minute = f"mass {box.clock.local():%H:%M}"
    quotas.count(box, account.app_id, minute, PER_MINUTE, code=42010)


def check_period(box: Box, account: WeChatAccount, *, to_all: bool) -> None:
    """45028 when the day's (subscription) or the month's (service) sends are used up.

    A service account's send to some of its followers is not limited here: each follower is, by
    ``not_tired``. Sends from the console count too.
    """
    if account.is_service and not to_all:
        return
    since = _period_start(box, account)
    condition = "" if not account.is_service else " and to_all = 1"
    by_api = box.store.value(
        f"select count(*) from wx_mass where app_id = ? and created_at >= ? and state in {COUNTED}"
        f"{condition}",
        *(account.app_id, since),
    )
    by_hand = box.store.value(
        "select count(distinct mid) from wx_article where app_id = ? and published_at >= ?"
        " and how = 'console'",
        *(account.app_id, since),
    )
    if by_api + by_hand >= limit(account):
        raise WeChatError(45028)


def limit(account: WeChatAccount) -> int:
    return account.mass_limit or (4 if account.is_service else 1)


def not_tired(box: Box, account: WeChatAccount, openids: list[str]) -> list[str]:
    """Followers of a service account who have not had their four messages this month."""
    if not account.is_service:
        return openids
    got: dict[str, int] = {}
    for row in box.store.rows(
        "select recipients from wx_mass where app_id = ? and created_at >= ?"
        " and state in ('SEND_SUCCESS', 'DELETE')",
        *(account.app_id, _period_start(box, account)),
    ):
        for openid in json.loads(row["recipients"]).get("reached", []):
            got[openid] = got.get(openid, 0) + 1
    return [openid for openid in openids if got.get(openid, 0) < limit(account)]


def _period_start(box: Box, account: WeChatAccount) -> float:
    midnight = box.clock.local().replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight.replace(day=1) if account.is_service else midnight).timestamp()


def message(call: Call) -> tuple[str, str, str]:
    """(msgtype, draft's media_id or "", what readers see of a message that is no draft)."""
    msgtype = call.text("msgtype")
    part = call.body.get("images" if msgtype == "image" else msgtype)
    if msgtype not in {"mpnews", "text", "image", "voice", "mpvideo", "wxcard"}:
        raise WeChatError(40008)
    if msgtype == "wxcard":
        raise WeChatError(45113)
    if not isinstance(part, dict):
        raise WeChatError(47001)
    if msgtype == "mpnews":
        media_id = str(part.get("media_id", ""))
        drafts.find(call.box, call.account.app_id, media_id)
        return msgtype, media_id, ""
    if msgtype == "text":
        return msgtype, "", text(part.get("content"))
    ids = part.get("media_ids") if msgtype == "image" else [part.get("media_id")]
    if msgtype != "image" or not isinstance(ids, list) or not ids:
        # Only pictures can be uploaded here, so no other media_id can be right.
        raise WeChatError(40007)
    pictures = [temporary.find(call.box, call.account, media_id) for media_id in ids]
    return msgtype, "", f"[图片] {len(pictures)} 张"


def text(content) -> str:
    if not isinstance(content, str) or not content.strip():
        raise WeChatError(44004)
    if len(content.encode()) > TEXT_BYTES:
        raise WeChatError(45002)
    return content
