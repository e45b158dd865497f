"""The JS-SDK ticket: one for two hours, to be cached by whoever asks (contract §12)."""

import secrets

from .endpoints import OK, Call, endpoint
from .errors import WeChatError

LIFETIME = 7200


@endpoint("/cgi-bin/ticket/getticket", method="GET", body="none")
def getticket(call: Call) -> dict:
    if call.args.get("type") != "jsapi":
        raise WeChatError(40097)
    now, app_id = call.box.clock.now(), call.account.app_id
    with call.box.store.transaction():
        known = call.box.store.row(
            "select * from wx_ticket where app_id = ? and expires_at > ?", app_id, now
        )
        if known is None:
            ticket, expires_at = secrets.token_urlsafe(64), now + LIFETIME
            call.box.store.execute(
                "insert or replace into wx_ticket (app_id, ticket, expires_at) values (?, ?, ?)",
                *(app_id, ticket, expires_at),
            )
        else:
            ticket, expires_at = known["ticket"], known["expires_at"]
    return OK | {"ticket": ticket, "expires_in": int(expires_at - now)}
