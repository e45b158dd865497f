"""message/custom/send: the account answers a reader while their window is open (contract §12)."""

from . import articles, chat, fans, mass_rules, temporary
from .endpoints import OK, Call, endpoint
from .errors import WeChatError

UNSUPPORTED = {"voice", "video", "music", "wxcard", "miniprogrampage"}


@endpoint("/cgi-bin/message/custom/send", certified_only=True)
def send(call: Call) -> dict:
    openid, msgtype = call.text("touser"), call.text("msgtype")
    if fans.known(call.box, call.account, openid) is None:
        raise WeChatError(40003)
    if msgtype not in SHOW and msgtype not in UNSUPPORTED:
        raise WeChatError(40008)
    part = call.body.get(msgtype)
    if not isinstance(part, dict):
        raise WeChatError(47001)
    if msgtype in UNSUPPORTED:
        # Only pictures can be uploaded here, so no media_id of these kinds can be right.
        raise WeChatError(40007)
    content, link = SHOW[msgtype](call, part)
    with call.box.store.transaction():
        chat.use_window(call.box, openid)
        chat.record(call.box, call.account, openid, content, from_fan=False, link=link)
    return OK


def _text(_call: Call, part: dict) -> tuple[str, str]:
    return mass_rules.text(part.get("content")), ""


def _image(call: Call, part: dict) -> tuple[str, str]:
    return "[图片]", temporary.find(call.box, call.account, part.get("media_id"))


def _news(_call: Call, part: dict) -> tuple[str, str]:
    items = part.get("articles")
    if not isinstance(items, list) or not items or not isinstance(items[0], dict):
        raise WeChatError(44003)
    if len(items) > 1:
        raise WeChatError(45008)
    return str(items[0].get("title", "")), str(items[0].get("url", ""))


def _article(call: Call, part: dict) -> tuple[str, str]:
    rows = articles.online(call.box, str(part.get("article_id", "")))
    if not rows or rows[0]["app_id"] != call.account.app_id:
        raise WeChatError(53600)
    title = call.box.store.value("select json_extract(?, '$.title')", rows[0]["article"])
    return title, articles.article_url(call.box, call.account, rows[0])


def _menu(_call: Call, part: dict) -> tuple[str, str]:
    choices = [str(item.get("content", "")) for item in part.get("list", [])]
    lines = [str(part.get("head_content", "")), *choices, str(part.get("tail_content", ""))]
    return "\n".join(line for line in lines if line), ""


SHOW = {
    "text": _text,
    "image": _image,
    "news": _news,
    "mpnewsarticle": _article,
    "msgmenu": _menu,
}
