"""From the platform's publish status to ours, for polling and for callbacks alike (contract §7)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlsplit

from ..base import Json, Outcome, State
from ..http import address, nested, number, objects, text

_FAILED = {
    2: "原创校验没有通过。请检查转载声明，或换成自己的稿件后重发。",
    3: "微信发布失败。请稍后人工重发一次。",
    4: "平台审核没有通过。请修改内容后重发。",
}


def publish_outcome(event: Json, known: Json) -> Outcome:
    """The outcome told by freepublish/get or by a PUBLISHJOBFINISH event.

    `known` are the external ids known before. Raises nothing: an unknown status keeps waiting.
    """
    status = number(event.get("publish_status"))
    urls = _urls(event)
    external = {**known}
    if article_id := "".join(text(event.get("article_id")).split()):
        external["article_id"] = article_id
    if urls:
        external["url"] = urls[0]
        if mid := mid_of(urls[0]):
            external.setdefault("msg_data_id", mid)
    url = str(external.get("url", ""))
    if status == 0:
        return Outcome(State.PUBLISHED, external, url)
    if status in _FAILED:
        return Outcome(State.FAILED, external, url, _FAILED[status])
    if status == 5:
        return Outcome(State.WITHDRAWN, external, url, "文章已在公众号后台删除。")
    if status == 6:
        return Outcome(
            State.TAKEN_DOWN, external, url, "文章被平台下架。请登录公众号后台查看原因。"
        )
    return Outcome(State.WAITING, external, url, "微信正在发布。")


def mid_of(url: str) -> str:
    """`mid` of an article's long address, which is its msg_data_id; "" for a short address."""
    try:
        query = parse_qs(urlsplit(url.replace("&amp;", "&")).query)
    except ValueError:
        return ""
    mid = query.get("mid", [""])[0]
    return mid if mid.isascii() and mid.isdigit() else ""


def _urls(event: Json) -> Sequence[str]:
    items = nested(event.get("article_detail")).get("item")
    listed = objects(items) or [nested(items)]
    return [found for item in listed if (found := address(item.get("article_url")))]


def settled(outcome: Outcome, today: date) -> Outcome:
    """A published outcome with what comments and statistics will need.

    `msg_data_id` falls back to the publish_id (§7, id map); `published_on` is a day in Beijing.
    """
    if outcome.state is not State.PUBLISHED:
        return outcome
    external = {**outcome.external}
    external.setdefault("published_on", today.isoformat())
    if not external.get("msg_data_id") and external.get("publish_id"):
        external["msg_data_id"] = external["publish_id"]
    return replace(outcome, external=external)
