"""One callback over HTTP: signed, in safe mode sealed, and its answer opened (contract §9)."""

import json
import secrets
import time
from xml.etree.ElementTree import ParseError

import httpx
from defusedxml import DefusedXmlException

from ..accounts import WeChatAccount
from ..box import Box
from . import crypto, envelopes

LONGEST_ANSWER = 64 * 1024


def callback_url(box: Box, account: WeChatAccount) -> str:
    target = account.callback_url or f"/channels/wechat/{account.app_id}/callback"
    return target if "://" in target else f"{box.callback_base}{target}"


def signature(account: WeChatAccount) -> dict[str, str]:
    # Real time, not the virtual clock: receivers refuse stale signatures by their own clock.
    timestamp, nonce = str(int(time.time())), str(secrets.randbelow(10**10))
    signed = crypto.sign(account.callback_token, timestamp, nonce)
    return {"signature": signed, "timestamp": timestamp, "nonce": nonce}


def post(box: Box, account: WeChatAccount, row) -> tuple[bool, str]:
    """Push the stored callback ``row`` once: (taken, passive reply or what went wrong)."""
    query = signature(account) | {"openid": row["openid"]}
    body, signed = _message(account, row["xml"], query)
    try:
        answer = box.http.post(
            callback_url(box, account),
            params=query | signed,
            content=body.encode(),
            headers={"Content-Type": f"text/{account.callback_format}"},
        )
    except httpx.HTTPError as error:
        return False, f"连接失败：{type(error).__name__}"
    text = answer.content[:LONGEST_ANSWER].decode("utf-8", "replace")
    if answer.status_code != 200:
        return False, f"HTTP {answer.status_code}"
    if text in {"", "success"}:
        return True, ""
    try:
        return True, _opened(account, text)
    except (ParseError, DefusedXmlException, ValueError) as error:
        return False, f"答复无法读懂：{error}"


def passive_reply(answer: str) -> str:
    """What a reader sees of a passive reply: the text, or titles and links of a news reply."""
    reply = _fields(answer)
    if reply.get("MsgType", "").strip() == "news":
        items = reply.get("Articles") or {}
        items = items.get("item", []) if isinstance(items, dict) else items
        return "\n".join(f"{i.get('Title', '')}\n{i.get('Url', '')}" for i in items)
    return reply.get("Content", "").strip()


def _message(account: WeChatAccount, xml: str, query: dict) -> tuple[str, dict]:
    """The body in the account's mode and format, and what is signed besides."""
    is_json = account.callback_format == "json"
    plain = envelopes.as_json(xml) if is_json else xml
    if account.mode == "plain":
        return plain, {}
    sealed = crypto.encrypt(account.callback_aes_key, plain, account.app_id)
    if is_json:
        shown = json.loads(plain) if account.mode == "compat" else {"ToUserName": account.gh_id}
        body = json.dumps(shown | {"Encrypt": sealed}, ensure_ascii=False)
    else:
        tag = f"<Encrypt>{envelopes.cdata(sealed)}</Encrypt></xml>"
        to = f"<xml><ToUserName>{envelopes.cdata(account.gh_id)}</ToUserName>"
        body = xml.replace("</xml>", tag) if account.mode == "compat" else to + tag
    signed = crypto.sign(account.callback_token, query["timestamp"], query["nonce"], sealed)
    return body, {"encrypt_type": "aes", "msg_signature": signed}


def _opened(account: WeChatAccount, text: str) -> str:
    """The passive reply itself; ValueError when a safe-mode reply is unsigned or unreadable."""
    outer = _fields(text)
    if account.mode != "safe":
        return text
    cipher_text = outer.get("Encrypt", "").strip()
    if not cipher_text:
        raise ValueError("安全模式下的答复必须加密")
    stamps = (str(outer.get(name, "")).strip() for name in ("TimeStamp", "Nonce"))
    signed = crypto.sign(account.callback_token, *stamps, cipher_text)
    if signed != outer.get("MsgSignature", "").strip():
        raise ValueError("MsgSignature 不对")
    opened = crypto.decrypt(account.callback_aes_key, cipher_text, account.app_id)
    _fields(opened)
    return opened


def _fields(text: str) -> dict:
    """A reply in either format as a dict; ValueError or ParseError when it is neither."""
    found = json.loads(text if text.startswith("{") else envelopes.as_json(text))
    if not isinstance(found, dict):
        raise ValueError("答复不是一条消息")
    return found
