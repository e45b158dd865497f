"""The Weibo channel: one status with a link and a picture, comments, counters."""

import html
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlsplit

from ..base import (
    CallerBug,
    Channel,
    ChannelError,
    ContentRejected,
    CredentialError,
    Figures,
    Gone,
    Json,
    Outcome,
    OutcomeUnknown,
    Overrides,
    Pace,
    Payload,
    Picture,
    Problem,
    Receipt,
    ReplyIn,
    Save,
    State,
    Story,
    Way,
)
from ..http import nested, number, required, text
from ..pictures import Upload, picture_fit
from .client import COMMENTS_A_PAGE, WeiboClient, post_url, posted_at
from .errors import ACCEPTED_LATE, DUPLICATE
from .render import STATUS_LIMIT, has_hashtag, render, weibo_length

SITE = "https://weibo.com"
_ADDRESS = re.compile(r"https?://[\x21-\x7e]+")
_MARKUP = re.compile(r"</?(?:a|span|img|br)\b[^>]*>")
_CUT_END = re.compile(r"(?:…|\.\.\.)(?:全文[：:]?)?$")
_PICTURE_BYTES = 5_000_000
_PAGES_A_CALL = 4
_TIMELINE = 5
_CLOCK_SKEW = timedelta(minutes=5).total_seconds()
_RENEW_DAYS = 7
_DELETE_BY_HAND = "微博不允许程序删除。请登录微博，打开这条微博手动删除。"
_NO_MESSAGES = "微博私信不能由程序回复。请登录微博手动回复。"
_CANNOT_TELL = "不能确定这条微博是否已发出。请到微博主页核对。"
_NOT_SEEN = "微博已收下，但主页上还看不到。系统稍后再核对。"


class WeiboChannel(Channel):
    """Shares to the authorised user's own timeline; `account.token` is the access token.

    `account.app_id` is the authorised user's uid. `account.extra`: rip (the publisher's public IP
    address, required by the platform), safe_domain (the registered domain, optional), web_url
    (where posts are read, the real site when empty). `external` keys: mid, uid, url, status,
    prepared_at.
    """

    slug = "weibo"
    label = "微博"
    limits: ClassVar[Mapping[str, int]] = {
        "text": STATUS_LIMIT,
        "answer": STATUS_LIMIT,
        "calls_per_day": 100,
        "shares_per_hour": 30,
    }

    # 100 calls a day for everything (contract §17); one call reads the comments on all posts.
    reply_pace = Pace(least=300, share_of_age=1 / 12, most=3600)
    figure_pace = Pace(least=300, share_of_age=1 / 6, most=2 * 3600)

    @cached_property
    def _client(self) -> WeiboClient:
        return WeiboClient(self.account, self.transport, self.timeout)

    @cached_property
    def _ready(self) -> dict[str, Upload]:
        """Pictures made ready by `prepare`: they travel in the same call as the text."""
        return {}

    def close(self) -> None:
        """Give the connection back."""
        if "_client" in self.__dict__:
            self._client.close()

    def render(self, story: Story, overrides: Overrides) -> Payload:
        """One status text."""
        return render(story, overrides)

    def check(self, payload: Payload) -> list[Problem]:
        """Length, forbidden #topics#, the link's domain, and the publisher's address."""
        status, url = payload.fields["status"], payload.fields["url"]
        problems = []
        if (over := weibo_length(status) - STATUS_LIMIT) > 0:
            problems.append(Problem("text", f"微博超出 {over} 个字，最多 140 个汉字。请写短一些。"))
        if has_hashtag(status):
            problems.append(Problem("text", "微博分享接口不接受 #话题#。请去掉井号。"))
        domain = text(self.account.extra.get("safe_domain"))
        host = urlsplit(url).hostname or ""
        if domain and host != domain and not host.endswith(f".{domain}"):
            problems.append(
                Problem("url", f"稿件网址不在安全域名 {domain} 下。请管理员核对账号设置。")
            )
        if not text(self.account.extra.get("rip")):
            problems.append(
                Problem("account", "账号设置里缺少发布者的公网 IP。请管理员补上后再发。")
            )
        return problems

    def prepare(
        self, payload: Payload, pictures: Mapping[str, Picture], progress: Json, save: Save
    ) -> Json:
        """Make the cover small enough. Nothing is sent: Weibo knows no drafts."""
        key = payload.fields["cover"]
        if key and key not in self._ready:
            if key not in pictures:
                raise CallerBug("picture", key, "封面图没有随分发一起提供，请重新发起分发。")
            self._ready[key] = picture_fit(
                pictures[key],
                formats=("JPEG", "PNG", "GIF"),
                max_bytes=_PICTURE_BYTES,
                field="cover",
            )
        if "prepared_at" in progress:
            return progress
        done = {**progress, "prepared_at": int(time.time())}
        save(done)
        return done

    def submit(self, payload: Payload, progress: Json, way: Way = Way.PUBLISH) -> Receipt | Outcome:
        """Post it: PUBLISHED at once, or WAITING when the platform shows it later (20032)."""
        key = payload.fields["cover"]
        if key and key not in self._ready:
            raise CallerBug(
                "order", "submit before prepare", "封面图还没有准备好，请重新发起分发。"
            )
        try:
            status = self._client.share(payload.fields["status"], self._ready.get(key))
        except (OutcomeUnknown, ContentRejected) as error:
            if error.code == ACCEPTED_LATE:
                return Outcome(State.WAITING, _sought(payload, progress), reason=error.human)
            if error.code in DUPLICATE:
                return self._duplicate(payload, progress, error)
            raise
        return self._published(status, _sought(payload, progress), effect=True)

    def poll(self, external: Json) -> Outcome:
        """Whether the status still stands; without its id, whether it has shown up."""
        mid = text(external.get("mid"))
        if not mid:
            return self._look_for(external, unseen=State.WAITING)
        try:
            self._client.show(mid)
        except Gone as error:
            if external.get("withdraw_asked"):
                return Outcome(State.WITHDRAWN, external, reason="微博已删除。")
            reason = f"{error.human}可能被作者删除，也可能被平台处理，请到微博核对。"
            return Outcome(State.TAKEN_DOWN, external, reason=reason)
        return Outcome(State.PUBLISHED, external, text(external.get("url")))

    def reconcile(self, payload: Payload, progress: Json, way: Way = Way.PUBLISH) -> Outcome:
        """Compare the five newest statuses by text; MANUAL when five newer ones hide the view."""
        return self._look_for(_sought(payload, progress), unseen=State.NOT_FOUND)

    def replies(self, targets: Sequence[Json], cursor: Json) -> tuple[list[ReplyIn], Json]:
        """New comments under all statuses of the account, one call for all of them.

        A comment on a status outside `targets` comes with the target {"mid": …}. Cursor: since_id
        (read up to here); while a long list is unfinished also max_id (go on here) and newest.
        """
        since_id = text(cursor.get("since_id")) or "0"
        max_id = text(cursor.get("max_id")) or "0"
        newest = text(cursor.get("newest")) or since_id
        known = {text(target.get("mid")): target for target in targets}
        found: list[ReplyIn] = []
        for _page in range(_PAGES_A_CALL):
            listed = self._client.comments_to_me(since_id, max_id)
            found += [reply for item in listed if (reply := self._reply(item, known))]
            ids = [value for item in listed if (value := number(_id(item)))]
            newest = str(max([int(newest), *ids]))
            if len(listed) < COMMENTS_A_PAGE or not ids:
                return found, {"since_id": newest}
            max_id = str(min(ids) - 1)
        return found, {"since_id": since_id, "max_id": max_id, "newest": newest}

    def figures(self, targets: Sequence[Json], day: date) -> list[Figures]:
        """Counters as they stand now, dated `day`. Weibo does not tell how many read it."""
        known = {mid: target for target in targets if (mid := text(target.get("mid")))}
        ids = list(known)
        rows: list[dict[str, Any]] = []
        for start in range(0, len(ids), 100):
            rows += self._client.counts(ids[start : start + 100])
        return [
            Figures(
                target=known[_id(row)],
                reads=None,
                likes=number(row.get("attitudes")),
                shares=number(row.get("reposts")),
                comments=number(row.get("comments")),
                as_of=day,
            )
            for row in rows
            if _id(row) in known
        ]

    def answer(self, reply: ReplyIn, text: str) -> Outcome:
        """A public reply to a comment, 140 Chinese characters at most."""
        if reply.kind == "message":
            return Outcome(State.MANUAL, {}, reason=_NO_MESSAGES)
        if not text.strip() or weibo_length(text) > STATUS_LIMIT:
            raise ContentRejected(
                "length", "", "回复要有内容，并且不超过 140 个汉字。", field="text"
            )
        comment = self._client.reply(reply.external_id, str(reply.target.get("mid", "")), text)
        return Outcome(State.PUBLISHED, {"comment_id": _id(comment)})

    def withdraw(self, external: Json) -> Outcome:
        """Always by hand: the ordinary interface cannot delete. `poll` notices when it is done."""
        asked = {**external, "withdraw_asked": True}
        return Outcome(State.MANUAL, asked, text(external.get("url")), _DELETE_BY_HAND)

    def probe(self) -> dict[str, bool | str]:
        """account, quota, timeline; withdraw and messages are never possible. Three calls."""
        calls: dict[str, Callable[[], bool | str]] = {
            "account": self._authorised,
            "quota": lambda: bool(self._client.rate_limit()),
            "publish": lambda: self._client.timeline() is not None,
        }
        found: dict[str, bool | str] = {"withdraw": False, "messages": False}
        for name, call in calls.items():
            try:
                found[name] = call()
            except CredentialError as error:
                return {**found, **dict.fromkeys(calls, error.human)}
            except ChannelError as error:
                found[name] = error.human
        return found

    def _authorised(self) -> bool | str:
        """True, or in Chinese how many days the authorisation still lasts when these are few."""
        left = number(self._client.token_info().get("expire_in"))
        if left is None or left > _RENEW_DAYS * 86400:
            return True
        return f"微博授权还有 {left // 86400} 天到期。请管理员提前重新授权。"

    def _duplicate(self, payload: Payload, progress: Json, error: ChannelError) -> Outcome:
        """ "The same content again": most likely our own lost success, so look first (§18)."""
        try:
            outcome = self._look_for(_sought(payload, progress), unseen=State.NOT_FOUND)
        except ChannelError as failed:
            raise OutcomeUnknown(error.code, error.message, _CANNOT_TELL) from failed
        if outcome.state is State.PUBLISHED:
            return outcome
        raise error

    def _look_for(self, external: Json, *, unseen: State) -> Outcome:
        statuses = self._client.timeline()
        for status in statuses:
            if _same_text(text(status.get("text")), text(external.get("status"))):
                return self._published(status, external, effect=False)
        since = (number(external.get("prepared_at")) or 0) - _CLOCK_SKEW
        times = [
            when.timestamp() for status in statuses if (when := posted_at(status.get("created_at")))
        ]
        if len(statuses) >= _TIMELINE and times and min(times) > since:
            return Outcome(State.MANUAL, external, reason=_CANNOT_TELL)
        reason = _NOT_SEEN if unseen is State.WAITING else ""
        return Outcome(unseen, external, reason=reason)

    def _published(self, status: Json, external: Json, *, effect: bool) -> Outcome:
        mid = _id(status) or required(status, "mid", effect=effect)
        user = nested(status.get("user"))
        uid = text(user.get("idstr")) or text(user.get("id")) or self.account.app_id
        site = text(self.account.extra.get("web_url")) or SITE
        url = post_url(site.rstrip("/"), uid, mid) if mid.isdigit() else ""
        return Outcome(State.PUBLISHED, {**external, "mid": mid, "uid": uid, "url": url}, url)

    def _reply(self, item: Json, known: Mapping[str, Json]) -> ReplyIn | None:
        user, moment = nested(item.get("user")), posted_at(item.get("created_at"))
        author = text(user.get("idstr")) or text(user.get("id"))
        own = author and author == self.account.app_id
        if not _id(item) or moment is None or own:
            return None
        mid = _id(nested(item.get("status")))
        return ReplyIn(
            external_id=_id(item),
            author_key=author,
            author_name=text(user.get("screen_name")),
            text=text(item.get("text")),
            posted_at=moment,
            kind="comment",
            target=known.get(mid, {"mid": mid}),
            parent_external_id=_id(nested(item.get("reply_comment"))),
        )


def _sought(payload: Payload, progress: Json) -> dict[str, Any]:
    return {
        "status": payload.fields["status"],
        "prepared_at": progress.get("prepared_at", 0),
    }


def _id(item: Json) -> str:
    """Ids exceed 2^53: the string forms are the ones to trust."""
    return text(item.get("idstr")) or text(item.get("id"))


def _same_text(theirs: str, ours: str) -> bool:
    """Equal but for links (shortened), blanks, HTML escapes and a cut end."""
    shown, sent = _bare(html.unescape(_MARKUP.sub("", theirs))), _bare(ours)
    whole = _CUT_END.sub("", shown)
    return bool(sent) and (shown == sent or (len(whole) >= 30 and sent.startswith(whole)))


def _bare(status: str) -> str:
    """Without links and blanks."""
    return "".join(_ADDRESS.sub("", status).split())
