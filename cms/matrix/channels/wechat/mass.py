"""群发: pushed to followers, counted per day or month (contract §8).

`external` keys beside those of `publishing`: mass (True), key (the clientmsgid), msg_id. The
article's address comes with the event MASSSENDJOBFINISH only.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ..base import (
    Account,
    ChannelError,
    ContentRejected,
    Json,
    NeedsConsole,
    Outcome,
    PermissionMissing,
    QuotaExceeded,
    Receipt,
    State,
)
from ..http import number, text
from .client import WeChatClient
from .drafting import draft_exists
from .errors import BEIJING, CONFIRMATION_NEEDED, MASS_USED_UP, next_month, tomorrow
from .publishing import DELETE_BY_HAND, LEFT_BOX, left_box, look_for, refused, withdraw_draft
from .states import settled

KEY_BYTES = 32
TAG = "mass_tag_id"
_BY_HAND = "该账号没有群发接口权限，草稿已送到草稿箱。请在公众号后台手动群发。"
_CONFIRMING = (
    "群发在等管理员确认，或已经发出。请管理员在微信里确认，到公众号后台核对结果；不要再发一次。"
)
_SENDING = "微信正在群发。"
_FAILED = "微信群发失败。请到公众号后台查看原因，再决定是否重发。"
_DELETED = "群发的文章已在公众号里删除。"
_STILL_SENDING = "微信还在群发这篇文章，请等群发完成后再撤回。"


def send(client: WeChatClient, account: Account, external: Json, key: str) -> Receipt | Outcome:
    """Queue the draft for all followers, or for those with the tag `extra["mass_tag_id"]`.

    A key the platform knows already (45065) means that it was accepted before. Raises
    QuotaExceeded until the next period when no sending is left (45028).
    """
    asked = {**external, "mass": True, "key": key}
    try:
        answer = client.mass_send(external["media_id"], key, number(account.extra.get(TAG)))
    except QuotaExceeded as error:
        raise _next_period(error, account) from error
    except (PermissionMissing, NeedsConsole, ContentRejected) as error:
        return refused(error, asked, without=_BY_HAND)
    return Receipt(_with_ids(asked, answer))


def look(client: WeChatClient, external: Json) -> Outcome:
    """By msg_id. Without one a person, or the platform's event, has to tell."""
    msg_id = text(external.get("msg_id"))
    if not msg_id:
        found = look_for(client, {**external, "manual": external.get("manual") or LEFT_BOX})
        waits = found.external.get("draft_gone") and external.get("code") == CONFIRMATION_NEEDED
        return replace(found, reason=_CONFIRMING) if waits else found
    url = text(external.get("url"))
    match client.mass_status(msg_id):
        case "SEND_SUCCESS":
            published = Outcome(State.PUBLISHED, external, url)
            return settled(published, datetime.now(BEIJING).date())
        case "SEND_FAIL":
            return Outcome(State.FAILED, external, url, _FAILED)
        case "DELETE":
            return Outcome(State.WITHDRAWN, external, url, _DELETED)
    return Outcome(State.WAITING, external, url, _SENDING)


def reconcile(client: WeChatClient, account: Account, external: Json, key: str) -> Outcome:
    """After a lost answer: still in the draft box, so not sent; gone, so ask by the same key.

    With the draft gone a call with the same key cannot send anything: the platform answers with
    the ids of the first time (45065), or does not know the draft (40007).
    """
    asked = {**external, "mass": True, "key": key}
    if draft_exists(client, text(external.get("media_id"))):
        return Outcome(State.NOT_FOUND, asked)
    try:
        answer = client.mass_send(external["media_id"], key, number(account.extra.get(TAG)))
    except (ContentRejected, PermissionMissing, NeedsConsole, QuotaExceeded) as error:
        if isinstance(error, QuotaExceeded) and error.code != MASS_USED_UP:
            raise
        return left_box({**asked, "manual": LEFT_BOX})
    found = _with_ids(asked, answer)
    return look(client, found) if found.get("msg_id") else left_box(found)


def withdraw(client: WeChatClient, external: Json) -> Outcome:
    """Make the article unreadable. The cards in the followers' chats stay."""
    now = look(client, external)
    if now.state is State.WAITING:
        return Outcome(State.WAITING, now.external, reason=_STILL_SENDING)
    if now.state is State.MANUAL:
        return withdraw_draft(client, now.external)
    if now.state is not State.PUBLISHED:
        return Outcome(State.WITHDRAWN, now.external, reason=now.reason)
    try:
        client.mass_delete(text(now.external.get("msg_id")))
    except (NeedsConsole, PermissionMissing):
        return Outcome(State.MANUAL, now.external, text(external.get("url")), DELETE_BY_HAND)
    return Outcome(State.WITHDRAWN, now.external)


def _with_ids(external: Json, answer: Json) -> dict[str, Any]:
    ids = {name: text(answer.get(name)) for name in ("msg_id", "msg_data_id")}
    return {**external, **{name: value for name, value in ids.items() if value}}


def _next_period(error: QuotaExceeded, account: Account) -> ChannelError:
    """A subscription account may send once a day, a service account four times a month."""
    if error.code != MASS_USED_UP:
        return error
    now = datetime.now(UTC)
    until = next_month(now) if account.extra.get("kind") == "service" else tomorrow(now)
    return QuotaExceeded(error.code, error.message, error.human, error.rid, until=until)
