"""One status goes out, and is found again by its text when its answer was lost (contract §16, §18).

`external` keys: mid, uid, url, status (the text sought), prepared_at (seconds).
"""

import html
import re
from datetime import timedelta
from typing import Any

from ..base import Account, ChannelError, ContentRejected, Json, Outcome, OutcomeUnknown, State
from ..http import nested, number, required, text
from ..pictures import Upload
from .client import WeiboClient, post_url, posted_at
from .errors import ACCEPTED_LATE, DUPLICATE

SITE = "https://weibo.com"
_ADDRESS = re.compile(r"https?://[\x21-\x7e]+")
_MARKUP = re.compile(r"</?(?:a|span|img|br)\b[^>]*>")
_CUT_END = re.compile(r"(?:…|\.\.\.)(?:全文[：:]?)?$")
_TIMELINE = 5
_CLOCK_SKEW = timedelta(minutes=5).total_seconds()
_CANNOT_TELL = "不能确定这条微博是否已发出。请到微博主页核对。"
_NOT_SEEN = "微博已收下，但主页上还看不到。系统稍后再核对。"


def post(client: WeiboClient, account: Account, sought: Json, picture: Upload | None) -> Outcome:
    """PUBLISHED at once, or WAITING when the platform shows it later (20032)."""
    try:
        status = client.share(text(sought.get("status")), picture)
    except (OutcomeUnknown, ContentRejected) as error:
        if error.code == ACCEPTED_LATE:
            return Outcome(State.WAITING, sought, reason=error.human)
        if error.code in DUPLICATE:
            return _duplicate(client, account, sought, error)
        raise
    return _published(status, account, sought, effect=True)


def look_for(client: WeiboClient, account: Account, sought: Json, *, unseen: State) -> Outcome:
    """Among the five newest statuses, by text. `unseen` when it is not there; MANUAL when five
    newer ones hide the view."""
    statuses = client.timeline()
    for status in statuses:
        if _same_text(text(status.get("text")), text(sought.get("status"))):
            return _published(status, account, sought, effect=False)
    since = (number(sought.get("prepared_at")) or 0) - _CLOCK_SKEW
    times = [
        when.timestamp() for status in statuses if (when := posted_at(status.get("created_at")))
    ]
    if len(statuses) >= _TIMELINE and times and min(times) > since:
        return Outcome(State.MANUAL, sought, reason=_CANNOT_TELL)
    return Outcome(unseen, sought, reason=_NOT_SEEN if unseen is State.WAITING else "")


def status_id(item: Json) -> str:
    """Ids exceed 2^53: the string forms are the ones to trust."""
    return text(item.get("idstr")) or text(item.get("id"))


def author_id(item: Json) -> str:
    """Whose status or comment it is."""
    return status_id(nested(item.get("user")))


def _duplicate(client: WeiboClient, account: Account, sought: Json, error: ChannelError) -> Outcome:
    """ "The same content again": most likely our own lost success, so look first (§18)."""
    try:
        outcome = look_for(client, account, sought, unseen=State.NOT_FOUND)
    except ChannelError as failed:
        raise OutcomeUnknown(error.code, error.message, _CANNOT_TELL) from failed
    if outcome.state is State.PUBLISHED:
        return outcome
    raise error


def _published(status: Json, account: Account, sought: Json, *, effect: bool) -> Outcome:
    mid = status_id(status) or required(status, "mid", effect=effect)
    uid = author_id(status) or account.app_id
    site = text(account.extra.get("web_url")) or SITE
    url = post_url(site.rstrip("/"), uid, mid) if mid.isdigit() else ""
    found: dict[str, Any] = {**sought, "mid": mid, "uid": uid, "url": url}
    return Outcome(State.PUBLISHED, found, url)


def _same_text(theirs: str, ours: str) -> bool:
    """Equal but for links (shortened), blanks, HTML escapes and a cut end."""
    shown, sent = _bare(html.unescape(_MARKUP.sub("", theirs))), _bare(ours)
    whole = _CUT_END.sub("", shown)
    return bool(sent) and (shown == sent or (len(whole) >= 30 and sent.startswith(whole)))


def _bare(status: str) -> str:
    """Without links and blanks."""
    return "".join(_ADDRESS.sub("", status).split())
