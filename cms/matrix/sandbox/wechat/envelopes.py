"""What callbacks say: messages and events as XML, or as the JSON an account may choose (§9)."""

import json
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from ..accounts import WeChatAccount
from ..box import Box

NUMBERS = {"CreateTime", "MsgId", "MsgID", "TotalCount", "FilterCount", "SentCount", "ErrorCount",
           "Count", "ArticleIdx", "CheckState", "publish_status", "count", "idx"}  # fmt: skip
LISTS = {"item", "fail_idx"}


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


def mass_send_xml(
    msg_id: int, status: str, total: int, sent: int, links: list[tuple[int, str]]
) -> str:
    results = "".join(
        f"<item><ArticleIdx>{idx}</ArticleIdx><ArticleUrl>{cdata(url)}</ArticleUrl></item>"
        for idx, url in links
    )
    return (
        f"<MsgID>{msg_id}</MsgID><Status>{cdata(status)}</Status>"
        f"<TotalCount>{total}</TotalCount><FilterCount>{sent}</FilterCount>"
        f"<SentCount>{sent}</SentCount><ErrorCount>0</ErrorCount>"
        "<CopyrightCheckResult><Count>0</Count><ResultList></ResultList>"
        "<CheckState>2</CheckState></CopyrightCheckResult>"
        f"<ArticleUrlResult><Count>{len(links)}</Count><ResultList>{results}</ResultList>"
        "</ArticleUrlResult>"
    )


def text_message_xml(msg_id: int, content: str) -> str:
    return f"<Content>{cdata(content)}</Content><MsgId>{msg_id}</MsgId>"


def event_xml(event: str, key: str = "") -> str:
    """subscribe, unsubscribe, CLICK (the button's key) or VIEW (its address)."""
    return f"<Event>{cdata(event)}</Event><EventKey>{cdata(key)}</EventKey>"


def as_json(xml: str) -> str:
    """The same message in the JSON format."""
    return json.dumps(_value(fromstring(xml)), ensure_ascii=False)


def _value(element: Element):
    if len(element):
        found: dict = {}
        for child in element:
            value = _value(child)
            if child.tag in LISTS:
                found.setdefault(child.tag, []).append(value)
            else:
                found[child.tag] = value
        return found
    text = element.text or ""
    return int(text) if element.tag in NUMBERS | {"fail_idx"} and text.isdigit() else text
