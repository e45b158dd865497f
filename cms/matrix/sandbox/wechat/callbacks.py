"""Messages and events pushed to the account's server: queued, retried, remembered (contract §9)."""

import secrets
import string

import httpx

from .. import faults
from ..accounts import WeChatAccount
from ..box import Box
from . import envelopes, posting

RETRIES = 3
CONSOLE_OPERATOR = "oSandboxConsoleOperator00000"
SETTLED = {"delivered", "failed", "lost"}
DELAYED_BY = 5.0  # seconds, unless the fault says otherwise
HELD_AT_MOST = 30.0  # seconds a callback waits for another to overtake it
KEY_LENGTH = 43


def verify(box: Box, account: WeChatAccount) -> dict:
    """GET the callback address as the console does on saving it; tells whether it echoed."""
    echo = str(secrets.randbelow(10**19))
    url = posting.callback_url(box, account)
    query = posting.signature(account) | {"echostr": echo}
    try:
        answer = box.http.get(url, params=query)
    except httpx.HTTPError as error:
        return {"ok": False, "url": url, "status": None, "problem": f"连接失败：{error}"}
    ok = answer.status_code == 200 and answer.text == echo
    problem = "" if ok else "对方没有原样返回 echostr，请检查 Token 和地址。"
    return {"ok": ok, "url": url, "status": answer.status_code, "problem": problem}


def rotate_key(box: Box, account: WeChatAccount) -> WeChatAccount:
    """A new EncodingAESKey, in force at once; the account's server has to be told it."""
    key = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(KEY_LENGTH))
    # 43 characters are two bits more than 32 bytes: the last one leaves those bits empty.
    key = key[:-1] + secrets.choice("AEIMQUYcgkosw048")
    return box.accounts.put(
        {"platform": "wechat", "app_id": account.app_id, "callback_aes_key": key}
    )


def queue(box: Box, account: WeChatAccount, event: str, inner_xml: str) -> None:
    """Deliver an event soon; accounts without a callback token have no server to tell."""
    if not account.callback_token:
        return
    inner = f"<Event>{envelopes.cdata(event)}</Event>{inner_xml}"
    xml = envelopes.envelope(box, account, CONSOLE_OPERATOR, "event", inner)
    callback_id = remember(box, account, event, xml, CONSOLE_OPERATOR)
    box.jobs.add("callback", {"callback_id": callback_id}, lane=account.app_id)


def remember(box: Box, account: WeChatAccount, event: str, xml: str, openid: str) -> int:
    return box.store.execute(
        "insert into wx_callback (app_id, event, xml, openid, created_at) values (?, ?, ?, ?, ?)",
        *(account.app_id, event, xml, openid, box.clock.now()),
    ).lastrowid


def deliver(box: Box, payload: dict) -> str | None:
    """One attempt; a failed one queues the next. Returns the passive reply, if any.

    ``payload``: ``callback_id``, ``attempt`` (of a queued one: how many came before; a job that
    another has overtaken does nothing), ``spared`` (no fault strikes it again).
    """
    row = box.store.row("select * from wx_callback where id = ?", payload["callback_id"])
    account = row and box.accounts.get("wechat", row["app_id"])
    if not account or row["state"] in SETTLED:
        return None
    if payload.get("attempt", row["attempts"]) != row["attempts"]:
        return None
    fault = None
    if not payload.get("spared"):
        fault = faults.take(box, "wechat", faults.CALLBACK, account.app_id)
    if fault is not None and fault.effect != "duplicate":
        _put_off(box, row, fault)
        return None
    ok, answer = posting.post(box, account, row)
    if fault is not None:
        posting.post(box, account, row)
    _record_attempt(box, row, ok, answer)
    _release_held(box, row)
    return answer if ok else None


def _put_off(box: Box, row, fault: faults.Fault) -> None:
    if fault.effect == "swallow":
        _settle(box, row, "lost", row["attempts"], "回调被故障设置丢弃")
        return
    is_held = fault.effect == "reorder"
    seconds = fault.seconds(HELD_AT_MOST if is_held else DELAYED_BY)
    with box.store.transaction():
        _settle(box, row, "held" if is_held else "waiting", row["attempts"], "")
        _queue_again(box, row, row["attempts"], seconds)


def _release_held(box: Box, row) -> None:
    """Whoever waited to be overtaken by this callback goes out now."""
    with box.store.transaction():
        for held in box.store.rows(
            "select * from wx_callback where app_id = ? and state = 'held' and id != ?",
            *(row["app_id"], row["id"]),
        ):
            _settle(box, held, "waiting", held["attempts"], "")
            _queue_again(box, held, held["attempts"], 0)


def _record_attempt(box: Box, row, ok: bool, answer: str) -> None:
    attempts = row["attempts"] + 1
    state = "delivered" if ok else "failed" if attempts > RETRIES else "waiting"
    with box.store.transaction():
        _settle(box, row, state, attempts, answer)
        if state == "waiting":
            _queue_again(box, row, attempts, box.retry_seconds, spared=False)


def _queue_again(box: Box, row, attempt: int, seconds: float, *, spared: bool = True) -> None:
    payload = {"callback_id": row["id"], "attempt": attempt, "spared": spared}
    box.jobs.add("callback", payload, seconds, lane=row["app_id"])


def _settle(box: Box, row, state: str, attempts: int, answer: str) -> None:
    box.store.execute(
        "update wx_callback set state = ?, attempts = ?, answer = ? where id = ?",
        *(state, attempts, answer[:2000], row["id"]),
    )
