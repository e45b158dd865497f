"""The Weibo channel: one status with a link and a picture, comments, counters, authorisation."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlsplit

from ..base import (
    AccountFigures,
    Authorisation,
    CallerBug,
    Capability,
    Channel,
    ChannelError,
    ContentRejected,
    CredentialError,
    Figures,
    Gone,
    Json,
    Outcome,
    Overrides,
    Pace,
    Payload,
    PermissionMissing,
    Picture,
    Problem,
    Purpose,
    Receipt,
    ReplyIn,
    Save,
    SetupField,
    State,
    Story,
    Way,
)
from ..http import number, required, text
from ..pictures import Upload, picture_fit, picture_refused
from . import listening, posting
from .client import ALL_CALLS, WeiboClient
from .errors import PICTURE_REFUSED
from .render import STATUS_LIMIT, has_hashtag, render, weibo_length

_BEIJING = timezone(timedelta(hours=8))
_PICTURE_BYTES = 5_000_000
_COVER = "封面图"
_DELETE_BY_HAND = "微博不允许程序删除。请登录微博，打开这条微博手动删除。"
_CORRECT_BY_HAND = "微博发出后不能由程序修改。请登录微博处理，或撤回重发。"
_OTHER_USER = "授权的微博账号与这里填的 UID 不一致。请用本账号登录微博，重新授权。"


class WeiboChannel(Channel):
    """Shares to the authorised user's own timeline; `account.token` is the access token.

    `account.app_id` is the authorised user's uid, `account.secret` the app's secret.
    `account.extra`: app_key, rip (the publisher's public IP address, required by the platform),
    safe_domain (the registered domain, optional), web_url (where posts are read, the real site
    when empty). `external` keys: see `posting`.
    """

    slug = "weibo"
    label = "微博"
    limits: ClassVar[Mapping[str, int]] = {"text": STATUS_LIMIT, "answer": STATUS_LIMIT}
    counts_halves = True
    capabilities = frozenset(
        {Capability.PUBLISH, Capability.COMMENTS, Capability.REPLY, Capability.STATISTICS}
    )
    setup = (
        SetupField("app_key", "应用 App Key", "微博开放平台“我的应用”里的 App Key。"),
        SetupField("secret", "应用 App Secret", "在同一页面查看。保存后不再显示。", secret=True),
        SetupField(
            "app_id", "账号 UID", "微博账号的数字编号。完成授权后自动填好。", required=False
        ),
        SetupField("rip", "发布者公网 IP", "微博要求随每条微博上报。填本服务器的公网 IP。"),
        SetupField(
            "safe_domain",
            "安全域名",
            "在微博开放平台登记过的本站域名。稿件链接要在这个域名下。",
            required=False,
        ),
    )
    # 100 calls a day for everything (contract §17); one call reads the comments on all posts.
    daily_calls: ClassVar[Mapping[str, int]] = {ALL_CALLS: 100}
    reply_pace = Pace(least=300, share_of_age=1 / 12, most=3600)
    figure_pace = Pace(least=300, share_of_age=1 / 6, most=2 * 3600)
    # 20032: what was accepted is shown one or two minutes later.
    settle_after = 150

    @cached_property
    def client(self) -> WeiboClient:
        """The HTTP calls of this account."""
        return WeiboClient(self.account, self.transport, self.timeout, self.meter)

    @cached_property
    def _ready(self) -> dict[str, tuple[Picture, Upload]]:
        """Pictures made ready by `prepare`: they travel in the same call as the text."""
        return {}

    def close(self) -> None:
        """Give the connection back."""
        if "client" in self.__dict__:
            self.client.close()

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

    # --- out ----------------------------------------------------------------------------------

    def prepare(
        self, payload: Payload, pictures: Mapping[str, Picture], progress: Json, save: Save
    ) -> Json:
        """Make the cover small enough. Nothing is sent: Weibo knows no drafts."""
        key = payload.fields["cover"]
        if key and key not in self._ready:
            if key not in pictures:
                raise CallerBug("picture", key, "封面图在图片库里找不到了。请换一张，再重新发起。")
            upload = picture_fit(
                pictures[key],
                formats=("JPEG", "PNG", "GIF"),
                max_bytes=_PICTURE_BYTES,
                field="cover",
                which=_COVER,
            )
            self._ready[key] = pictures[key], upload
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
        picture, upload = self._ready.get(key, (None, None))
        try:
            return posting.post(self.client, self.account, _sought(payload, progress), upload)
        except ContentRejected as error:
            if picture is None or error.code not in PICTURE_REFUSED:
                raise
            raise picture_refused(error, picture, which=_COVER, field="cover") from error

    def poll(self, external: Json) -> Outcome:
        """Whether the status still stands; without its id, whether it has shown up."""
        mid = text(external.get("mid"))
        if not mid:
            return posting.look_for(self.client, self.account, external, unseen=State.WAITING)
        try:
            self.client.show(mid)
        except Gone as error:
            if external.get("withdraw_asked"):
                return Outcome(State.WITHDRAWN, external, reason="微博已删除。")
            reason = f"{error.human}可能被作者删除，也可能被平台处理，请到微博核对。"
            return Outcome(State.TAKEN_DOWN, external, reason=reason)
        return Outcome(State.PUBLISHED, external, text(external.get("url")))

    def reconcile(self, payload: Payload, progress: Json, way: Way = Way.PUBLISH) -> Outcome:
        """Compare the five newest statuses by text; MANUAL when five newer ones hide the view."""
        sought = _sought(payload, progress)
        return posting.look_for(self.client, self.account, sought, unseen=State.NOT_FOUND)

    def withdraw(self, external: Json) -> Outcome:
        """Always by hand: the ordinary interface cannot delete. `poll` notices when it is done."""
        asked = {**external, "withdraw_asked": True}
        return Outcome(State.MANUAL, asked, text(external.get("url")), _DELETE_BY_HAND)

    def correct(
        self,
        payload: Payload,
        pictures: Mapping[str, Picture],
        external: Json,
        progress: Json,
        save: Save,
    ) -> Outcome:
        """Always by hand: the ordinary interface cannot edit."""
        return Outcome(State.MANUAL, external, text(external.get("url")), _CORRECT_BY_HAND)

    # --- readers and figures ------------------------------------------------------------------

    def replies(self, targets: Sequence[Json], cursor: Json) -> tuple[list[ReplyIn], Json]:
        """New comments under all statuses of the account (`listening.comments_read`)."""
        return listening.comments_read(self.client, self.account.app_id, targets, cursor)

    def answer(self, reply: ReplyIn, text: str) -> Outcome:
        """A public reply to a comment, 140 Chinese characters at most."""
        return listening.answer_send(self.client, reply, text)

    def answered(self, reply: ReplyIn, text: str) -> bool | None:
        """Whether our answer stands under the status."""
        return listening.answer_stands(self.client, self.account.app_id, reply, text)

    def figures(self, targets: Sequence[Json], day: date) -> list[Figures]:
        """Counters as they stand now, dated `day`. Weibo does not tell how many read it."""
        known = {mid: target for target in targets if (mid := text(target.get("mid")))}
        ids = list(known)
        rows: list[dict[str, Any]] = []
        for start in range(0, len(ids), 100):
            rows += self.client.counts(ids[start : start + 100])
        return [
            Figures(
                target=known[posting.status_id(row)],
                reads=None,
                likes=number(row.get("attitudes")),
                shares=number(row.get("reposts")),
                comments=number(row.get("comments")),
                as_of=day,
            )
            for row in rows
            if posting.status_id(row) in known
        ]

    def account_figures(self, day: date) -> AccountFigures | None:
        """Followers as they stand now; None for a day before yesterday, which nobody can tell."""
        if day < datetime.now(_BEIJING).date() - timedelta(days=1):
            return None
        user = self.client.user(self.account.app_id)
        return AccountFigures(
            day=day,
            followers=number(user.get("followers_count")),
            extra={"statuses": number(user.get("statuses_count"))},
        )

    # --- rights and authorisation -------------------------------------------------------------

    def quotas(self) -> dict[str, tuple[int, int]]:
        """Today's calls of all kinds together."""
        told = self.client.rate_limit()
        limit, left = number(told.get("user_limit")), number(told.get("remaining_user_hits"))
        return {} if limit is None or left is None else {ALL_CALLS: (limit - left, limit)}

    def probe(self) -> dict[str, bool | str]:
        """Capability, and "account"; "until" is the end of the authorisation (ISO, aware).

        Three calls. What cannot be asked just now is left out.
        """
        found: dict[str, bool | str] = dict.fromkeys(set(Capability) - self.capabilities, False)
        try:
            found |= self._authorisation()
            if found["account"] is not True:
                return found
            self.client.timeline(Purpose.STATISTICS)
            found |= {Capability.PUBLISH: True, Capability.STATISTICS: True}
            self.client.comments_to_me("0", "0", Purpose.STATISTICS)
            found |= {Capability.COMMENTS: True, Capability.REPLY: True}
        except CredentialError as error:
            return {**found, **dict.fromkeys(("account", *self.capabilities), error.human)}
        except PermissionMissing as error:
            refused = [name for name in self.capabilities if name not in found]
            found |= dict.fromkeys(refused, error.human)
        except ChannelError as error:
            found.setdefault("account", error.human)
        return found

    def authorise_url(self, redirect_uri: str, state: str) -> str:
        """The platform's page on which an administrator agrees (contract §15)."""
        return self.client.authorise_url(redirect_uri, state)

    def authorise(self, code: str, redirect_uri: str) -> Authorisation:
        """The access token for the code that came back; a code works once."""
        answer = self.client.access_token(code, redirect_uri)
        return Authorisation(
            token=required(answer, "access_token"),
            uid=required(answer, "uid"),
            until=_in_seconds(answer.get("expires_in")),
        )

    def _authorisation(self) -> dict[str, bool | str]:
        told = self.client.token_info()
        uid, until = text(told.get("uid")), _in_seconds(told.get("expire_in"))
        mine = not uid or not self.account.app_id or uid == self.account.app_id
        found: dict[str, bool | str] = {"account": True if mine else _OTHER_USER}
        return {**found, "until": until.isoformat()} if until else found


def _sought(payload: Payload, progress: Json) -> dict[str, Any]:
    return {
        "status": payload.fields["status"],
        "prepared_at": progress.get("prepared_at", 0),
    }


def _in_seconds(seconds: Any) -> datetime | None:
    """The moment so many seconds from now (aware, UTC); None when nothing usable was told."""
    lasting = number(seconds)
    if lasting is None or lasting > 10**10:
        return None
    return datetime.now(UTC) + timedelta(seconds=lasting)
