"""The WeChat Official Account channel: it joins what the modules beside it do."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import ClassVar

from ..base import (
    AccountFigures,
    CallerBug,
    Capability,
    Channel,
    Figures,
    Gone,
    Json,
    NeedsConsole,
    Outcome,
    Overrides,
    Payload,
    Picture,
    Problem,
    Receipt,
    ReplyIn,
    Save,
    SetupField,
    State,
    Story,
    Transient,
    Way,
)
from . import counting, listening, mass, probing, publishing
from .client import WeChatClient
from .drafting import draft_prepare
from .render import AUTHOR_LIMIT, DIGEST_LIMIT, TITLE_LIMIT, render

_CONTENT_BYTES = 1_000_000
_CORRECT_BY_HAND = (
    "公众号文章发表后不能由程序修改。请在公众号后台用“修改”改一次，最多 20 个字；"
    "要改得更多，请撤回重发。"
)
_DRAFT_LEFT = "草稿已不在草稿箱，不能再更新。请到公众号后台核对是否已经发表。"
_NO_PREVIEW = "微信没有答复，预览可能没有送到。请稍后再点一次。"


class WeChatChannel(Channel):
    """发布 by freepublish, 群发 by mass send, or a draft that a person publishes in the console.

    `Account.token` is the callback token. `Account.extra`: mass_tag_id (send to this tag only),
    kind ("service" for 服务号), aes_keys. `external` keys: see `publishing` and `mass`.
    """

    slug = "wechat"
    label = "微信公众号"
    limits: ClassVar[Mapping[str, int]] = {
        "title": TITLE_LIMIT,
        "digest": DIGEST_LIMIT,
        "author": AUTHOR_LIMIT,
        # Answers (§10, §12): one to a comment; a message within 48 hours of the reader's last one.
        "answer": listening.ANSWER_LIMIT,
        "answers": 1,
        "message": listening.ANSWER_LIMIT,
        "message_hours": 48,
    }
    capabilities = frozenset(Capability)
    setup = (
        SetupField("app_id", "应用编号 AppID", "公众号后台“设置与开发 → 开发接口管理”里的 AppID。"),
        SetupField(
            "secret",
            "应用密钥 AppSecret",
            "在同一页面生成或重置。保存后加密存放，不再显示。",
            secret=True,
        ),
        SetupField(
            "kind",
            "账号类型",
            "群发次数由它决定：服务号每月 4 次，订阅号每天 1 次。",
            choices=(("subscription", "订阅号"), ("service", "服务号")),
        ),
        SetupField(
            "mass_tag_id",
            "群发标签 ID",
            "只群发给公众号里的某个用户标签时填它的编号。留空则群发给全部关注的人。",
            required=False,
        ),
    )
    daily_calls: ClassVar[Mapping[str, int]] = {
        "/cgi-bin/draft/add": 1_000,
        "/cgi-bin/draft/update": 1_000,
        "/cgi-bin/draft/delete": 1_000,
        "/cgi-bin/draft/count": 1_000,
        "/cgi-bin/draft/get": 500,
        "/cgi-bin/freepublish/submit": 100,
        "/cgi-bin/freepublish/get": 100,
        "/cgi-bin/freepublish/getarticle": 100,
        "/cgi-bin/freepublish/batchget": 100,
        "/cgi-bin/freepublish/delete": 10,
        "/cgi-bin/message/mass/sendall": 100,
        "/cgi-bin/message/mass/preview": 100,
        "/cgi-bin/message/mass/get": 100,
        "/cgi-bin/message/mass/delete": 100,
        "/cgi-bin/message/custom/send": 500_000,
    }
    settle_after = 10

    @cached_property
    def client(self) -> WeChatClient:
        """The HTTP calls of this account."""
        return WeChatClient(self.account, self.tokens, self.transport, self.timeout, self.meter)

    def close(self) -> None:
        """Give the connection back."""
        if "client" in self.__dict__:
            self.client.close()

    def render(self, story: Story, overrides: Overrides) -> Payload:
        """The article with every style inline."""
        return render(story, overrides)

    def check(self, payload: Payload) -> list[Problem]:
        """Limits of §5; a long title is the editor's to shorten, never ours to cut."""
        fields = payload.fields
        problems = []
        if not fields["title"]:
            problems.append(Problem("title", "请填写标题。"))
        for name, label in (("title", "标题"), ("digest", "摘要")):
            if (over := len(fields[name]) - self.limits[name]) > 0:
                problems.append(
                    Problem(
                        name,
                        f"{label}超出 {over} 个字，公众号最多 {self.limits[name]} 个字。"
                        "请在渠道版本里写短一些。",
                    )
                )
        if not fields["cover"]:
            problems.append(Problem("cover", "公众号文章必须有封面。请先给稿件选一张封面图。"))
        if len(fields["content"].encode()) > _CONTENT_BYTES:
            problems.append(Problem("content", "正文太长，公众号放不下。请删减或分成几篇。"))
        if len(fields["content_source_url"]) > 1024:
            problems.append(Problem("content_source_url", "稿件网址太长。请缩短网址别名。"))
        return problems

    # --- out ----------------------------------------------------------------------------------

    def prepare(
        self, payload: Payload, pictures: Mapping[str, Picture], progress: Json, save: Save
    ) -> Json:
        """Pictures and cover uploaded, draft written and compared (`drafting`)."""
        return draft_prepare(self.client, self.uploads, payload, pictures, progress, save)

    def preview(
        self,
        payload: Payload,
        pictures: Mapping[str, Picture],
        progress: Json,
        save: Save,
        reader: str,
    ) -> None:
        """Send the draft to one follower's WeChat; it stays in the box."""
        done = self.prepare(payload, pictures, progress, save)
        try:
            self.client.mass_preview(done["media_id"], reader)
        except Transient as error:
            raise Transient(error.code, error.message, _NO_PREVIEW, error.rid) from error

    def submit(self, payload: Payload, progress: Json, way: Way = Way.PUBLISH) -> Receipt | Outcome:
        """Queue the draft. MANUAL when a person has to send it in the console."""
        if progress.get("draft_hash") != payload.content_hash:
            raise CallerBug(
                "order", "submit before prepare", "草稿与要发布的内容不一致，请重新发起。"
            )
        external = publishing.external_of(payload, progress)
        if way is Way.MASS:
            return mass.send(self.client, self.account, external, _key(progress))
        return publishing.publish(self.client, external)

    def poll(self, external: Json) -> Outcome:
        """By publish_id or msg_id; without one (lost answer, by hand) by looking for it."""
        look = mass.look if external.get("mass") else publishing.look
        return look(self.client, external)

    def reconcile(self, payload: Payload, progress: Json, way: Way = Way.PUBLISH) -> Outcome:
        """Still in the draft box: not sent. Gone from it: look for it, for 群发 by its key."""
        if not progress.get("media_id"):
            return Outcome(State.NOT_FOUND, {})
        external = publishing.external_of(payload, progress)
        if way is Way.MASS:
            return mass.reconcile(self.client, self.account, external, _key(progress))
        return publishing.look_for(self.client, external)

    def withdraw(self, external: Json) -> Outcome:
        """Delete the article, or the draft that waits to be published by hand. Irreversible."""
        withdraw = mass.withdraw if external.get("mass") else publishing.withdraw
        return withdraw(self.client, external)

    def correct(
        self,
        payload: Payload,
        pictures: Mapping[str, Picture],
        external: Json,
        progress: Json,
        save: Save,
    ) -> Outcome:
        """Rewrite the draft that waits for a person; a published article only a person changes.

        Raises NeedsConsole when the draft has left the box.
        """
        waiting = _text_of(external, "manual") and not external.get("draft_gone")
        if not waiting:
            url = _text_of(external, "url")
            return Outcome(State.MANUAL, external, url, _CORRECT_BY_HAND)
        try:
            done = draft_prepare(
                self.client, self.uploads, payload, pictures, progress, save, may_add=False
            )
        except Gone as error:
            raise NeedsConsole(error.code, error.message, _DRAFT_LEFT, error.rid) from error
        now = {**external, **publishing.external_of(payload, done)}
        return Outcome(State.MANUAL, now, reason=_text_of(now, "manual"))

    # --- readers ------------------------------------------------------------------------------

    def replies(self, targets: Sequence[Json], cursor: Json) -> tuple[list[ReplyIn], Json]:
        """Every comment on the targets; the cursor only resumes very long lists."""
        return listening.comments_read(self.client, targets, cursor)

    def answer(self, reply: ReplyIn, text: str) -> Outcome:
        """Under a comment once, or as a message within 48 hours."""
        return listening.answer_send(self.client, reply, text)

    def answered(self, reply: ReplyIn, text: str) -> bool | None:
        """The comment list shows our answer; a message cannot be looked up."""
        return listening.answer_stands(self.client, reply, text)

    def elect(self, reply: ReplyIn, elected: bool) -> None:
        """精选, or take it back."""
        self.client.comment_elect(*listening.comment_ids(reply), elected)

    def delete_reply(self, reply: ReplyIn) -> None:
        """Delete a comment; one that is gone already (88004, 88008) is done (§14)."""
        try:
            self.client.comment_delete(*listening.comment_ids(reply))
        except Gone:
            return

    # --- figures, menu, rights ----------------------------------------------------------------

    def figures(self, targets: Sequence[Json], day: date) -> list[Figures]:
        """Cumulative counters; they are a day old and ready in the morning."""
        return counting.article_figures(self.client, targets, day)

    def account_figures(self, day: date) -> AccountFigures:
        """Followers, reads and the rest of one day that is over."""
        return counting.account_figures(self.client, day)

    def menu(self) -> list[Json]:
        """The buttons as the platform holds them."""
        return list(self.client.menu_get())

    def set_menu(self, buttons: Sequence[Json]) -> None:
        """Put a menu in place; followers see it within a day."""
        if buttons:
            self.client.menu_create(buttons)
        else:
            self.client.menu_delete()

    def quotas(self) -> dict[str, tuple[int, int]]:
        """Today's calls of the paths that run short first."""
        return probing.quotas(self.client)

    def probe(self) -> dict[str, bool | str]:
        """Six harmless calls; see `probing.rights`."""
        return probing.rights(self.client)


def _text_of(external: Json, name: str) -> str:
    """A text among the external ids, "" when it is not there."""
    return str(external.get(name) or "")


def _key(progress: Json) -> str:
    """The clientmsgid of this delivery. Raises CallerBug without a usable one."""
    key = _text_of(progress, "key")
    if not key or len(key.encode()) > mass.KEY_BYTES:
        raise CallerBug("key", key, "这次群发没有编号，不能发出。请把编号告诉技术人员。")
    return key
