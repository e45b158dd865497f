"""Messages and events pushed to the account's server: signed, retried, remembered (contract §9)."""

import secrets
import time
from xml.etree.ElementTree import ParseError

import httpx
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .. import faults
from ..accounts import WeChatAccount
from ..box import Box
from . import crypto

HTTP = {"timeout": 5.0, "trust_env": False}  # an answer later than 5 s is no answer
RETRIES = 3
CONSOLE_OPERATOR = "oSandboxConsoleOperator00000"
LONGEST_ANSWER = 64 * 1024


def callback_url(box: Box, account: WeChatAccount) -> str:
    target = account.callback_url or f"/channels/wechat/{account.app_id}/callback"
    return target if "://" in target else f"{box.callback_base}{target}"


def verify(box: Box, account: WeChatAccount) -> dict:
    """GET the callback address as the console does on saving it; tells whether it echoed."""
    echo = str(secrets.randbelow(10**19))
    url = callback_url(box, account)
    try:
        answer = httpx.get(url, params=_signature(account) | {"echostr": echo}, **HTTP)
    except httpx.HTTPError as error:
        return {"ok": False, "url": url, "status": None, "problem": f"连接失败：{error}"}
    ok = answer.status_code == 200 and answer.text == echo
    problem = "" if ok else "对方没有原样返回 echostr，请检查 Token 和地址。"
    return {"ok": ok, "url": url, "status": answer.status_code, "problem": problem}


def queue(box: Box, account: WeChatAccount, event: str, inner_xml: str) -> None:
    """Deliver an event soon; accounts without a callback token have no server to tell."""
    if not account.callback_token:
        return
    xml = envelope(
        box, account, CONSOLE_OPERATOR, "event", f"<Event>{cdata(event)}</Event>{inner_xml}"
    )
    box.jobs.add("callback", {"callback_id": remember(box, account, event, xml, CONSOLE_OPERATOR)})


def remember(box: Box, account: WeChatAccount, event: str, xml: str, openid: str) -> int:
    return box.store.execute(
        "insert into wx_callback (app_id, event, xml, openid, created_at) values (?, ?, ?, ?, ?)",
        *(account.app_id, event, xml, openid, box.clock.now()),
    ).lastrowid


def deliver(box: Box, payload: dict) -> str | None:
    """One attempt; a failed one queues the next. Returns the passive reply's XML, if any."""
    row = box.store.row("select * from wx_callback where id = ?", payload["callback_id"])
    account = row and box.accounts.get("wechat", row["app_id"])
    if not account:
        return None
    fault = faults.take(box.store, "wechat", "callback", account.app_id)
    if fault is not None and fault.effect == "swallow":
        _settle(box, row, "lost", row["attempts"], "回调被故障设置丢弃")
        return None
    attempt = row["attempts"] + 1
    ok, answer = _post(box, account, row)
    if fault is not None and fault.effect == "duplicate":
        _post(box, account, row)
    state = "delivered" if ok else "failed" if attempt > RETRIES else "waiting"
    _settle(box, row, state, attempt, answer)
    if state == "waiting":
        box.jobs.add("callback", payload, box.retry_seconds)
    return answer if ok else None


def passive_reply(xml: str) -> str:
    """What a reader sees of a passive reply: the text, or titles and links of a news reply."""
    root = fromstring(xml)
    if root.findtext("MsgType", "").strip() == "news":
        items = root.findall("Articles/item")
        return "\n".join(f"{i.findtext('Title', '')}\n{i.findtext('Url', '')}" for i in items)
    return root.findtext("Content", "").strip()


def _settle(box: Box, row, state: str, attempts: int, answer: str) -> None:
    box.store.execute(
        "update wx_callback set state = ?, attempts = ?, answer = ? where id = ?",
        *(state, attempts, answer[:2000], row["id"]),
    )


def _post(box: Box, account: WeChatAccount, row) -> tuple[bool, str]:
    query = _signature(account) | {"openid": row["openid"]}
    body = row["xml"]
    if account.mode in {"safe", "compat"}:
        body, signed = _sealed(account, row["xml"], query)
        query |= signed
    try:
        answer = httpx.post(
            callback_url(box, account),
            params=query,
            content=body.encode(),
            headers={"Content-Type": "text/xml"},
            **HTTP,
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


def _sealed(account: WeChatAccount, xml: str, query: dict) -> tuple[str, dict]:
    cipher_text = crypto.encrypt(account.callback_aes_key, xml, account.app_id)
    sealed = f"<Encrypt>{cdata(cipher_text)}</Encrypt>"
    if account.mode == "compat":
        body = xml.replace("</xml>", f"{sealed}</xml>")
    else:
        body = f"<xml><ToUserName>{cdata(account.gh_id)}</ToUserName>{sealed}</xml>"
    signature = crypto.sign(account.callback_token, query["timestamp"], query["nonce"], cipher_text)
    return body, {"encrypt_type": "aes", "msg_signature": signature}


def _opened(account: WeChatAccount, text: str) -> str:
    """The passive reply's own XML; ValueError when a safe-mode reply is unsigned or unreadable."""
    root = fromstring(text)
    cipher_text = root.findtext("Encrypt")
    if account.mode != "safe":
        return text
    if not cipher_text:
        raise ValueError("安全模式下的答复必须加密")
    signed = crypto.sign(
        account.callback_token,
        root.findtext("TimeStamp", "").strip(),
        root.findtext("Nonce", "").strip(),
        cipher_text.strip(),
    )
    if signed != root.findtext("MsgSignature", "").strip():
        raise ValueError("MsgSignature 不对")
    opened = crypto.decrypt(account.callback_aes_key, cipher_text.strip(), account.app_id)
    fromstring(opened)
    return opened


def _signature(account: WeChatAccount) -> dict[str, str]:
    # Real time, not the virtual clock: receivers refuse stale signatures by their own clock.
    timestamp, nonce = str(int(time.time())), str(secrets.randbelow(10**10))
    signature = crypto.sign(account.callback_token, timestamp, nonce)
    return {"signature": signature, "timestamp": timestamp, "nonce": nonce}


def cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def envelope(box: Box, account: WeChatAccount, openid: str, kind: str, inner: str) -> str:
    return (
        f"<xml><ToUserName>{cdata(account.gh_id)}</ToUserName>"
        f"<FromUserName>{cdata(openid)}</FromUserName>"
        f"<CreateTime>{int(box.clock.now())}</CreateTime>"
        f"<MsgType>{cdata(kind)}</MsgType>{inner}</xml>"
    )


def publish_xml(
    publish_id: int, status: int, article_id: str, links: list[tuple[int, str]], fail_idx: list[int]
) -> str:
    parts = [f"<publish_id>{publish_id}</publish_id><publish_status>{status}</publish_status>"]
    if links:
        items = "".join(
            f"<item><idx>{idx}</idx><article_url>{cdata(url)}</article_url></item>"
            for idx, url in links
        )
        parts.append(f"<article_id>{cdata(article_id)}</article_id>")
        parts.append(f"<article_detail><count>{len(links)}</count>{items}</article_detail>")
    parts += [f"<fail_idx>{idx}</fail_idx>" for idx in fail_idx]
    return f"<PublishEventInfo>{''.join(parts)}</PublishEventInfo>"


def mass_send_xml(mid: int, followers: int, links: list[tuple[int, str]]) -> str:
    results = "".join(
        f"<item><ArticleIdx>{idx}</ArticleIdx><ArticleUrl>{cdata(url)}</ArticleUrl></item>"
        for idx, url in links
    )
    return (
        f"<MsgID>{mid}</MsgID><Status>{cdata('send success')}</Status>"
        f"<TotalCount>{followers}</TotalCount><FilterCount>{followers}</FilterCount>"
        f"<SentCount>{followers}</SentCount><ErrorCount>0</ErrorCount>"
        "<CopyrightCheckResult><Count>0</Count><ResultList></ResultList>"
        "<CheckState>2</CheckState></CopyrightCheckResult>"
        f"<ArticleUrlResult><Count>{len(links)}</Count><ResultList>{results}</ResultList>"
        "</ArticleUrlResult>"
    )


def text_message_xml(msg_id: int, content: str) -> str:
    return f"<Content>{cdata(content)}</Content><MsgId>{msg_id}</MsgId>"


def follow_event_xml(following: bool) -> str:
    event = "subscribe" if following else "unsubscribe"
    return f"<Event>{cdata(event)}</Event><EventKey>{cdata('')}</EventKey>"
