"""The request ids that errors carry, and what each request was (contract §1)."""

import json

from flask import request

from ..box import Box
from .endpoints import OK, Call, endpoint
from .errors import WeChatError

KEPT = 7 * 86400
LONGEST_BODY = 2_000


def remember(box: Box, app_id: str, error: WeChatError) -> None:
    """Note the request that met ``error``, so that its rid can be looked up."""
    now = box.clock.now()
    noted = {
        "invoke_time": int(now),
        "cost_in_ms": 1,
        "request_url": request.path.removeprefix("/wechat"),
        "request_body": _text_body(),
        "response_body": json.dumps(error.body(), ensure_ascii=False),
        "client_ip": request.remote_addr or "",
    }
    box.store.execute(
        "insert into wx_rid (rid, app_id, request, created_at) values (?, ?, ?, ?)",
        *(error.rid, app_id, json.dumps(noted, ensure_ascii=False), now),
    )


@endpoint("/cgi-bin/openapi/rid/get")
def rid_get(call: Call) -> dict:
    """76001 no such rid, 76002 another account's, 76003 older than seven days."""
    row = call.box.store.row("select * from wx_rid where rid = ?", call.text("rid"))
    if row is None:
        raise WeChatError(76001)
    if row["app_id"] != call.account.app_id:
        raise WeChatError(76002)
    if call.box.clock.now() - row["created_at"] > KEPT:
        raise WeChatError(76003)
    return OK | {"request": json.loads(row["request"])}


def _text_body() -> str:
    """What was sent, unless it is a file or holds a secret."""
    if request.mimetype == "multipart/form-data" or request.path.endswith("token"):
        return ""
    return request.get_data(as_text=True)[:LONGEST_BODY]
