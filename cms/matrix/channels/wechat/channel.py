"""The WeChat Official Account channel: shape, draft, publish, follow, listen, count."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar

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
    Payload,
    PermissionMissing,
    Picture,
    Problem,
    Receipt,
    ReplyIn,
    Save,
    State,
    Story,
    Way,
)
from ..http import address, nested, number, objects, required, text
from .client import WeChatClient
from .drafting import draft_exists, draft_prepare
from .errors import BEIJING
from .listening import article_figures, comments_read
from .render import AUTHOR_LIMIT, DIGEST_LIMIT, TITLE_LIMIT, render
from .states import mid_of, publish_outcome, settled

_CONTENT_BYTES = 1_000_000
_BY_HAND = "该账号没有发布接口权限，草稿已送到草稿箱。请在公众号后台手动发表。"
_LEFT_BOX = "草稿已不在草稿箱，但没有查到发布记录。请到公众号后台核对，并补上文章链接。"
_DELETE_BY_HAND = "请登录公众号后台，删除这篇文章。"
_STILL_PUBLISHING = "微信还在发布这篇文章，请等发布完成后再撤回。"


class WeChatChannel(Channel):
    """Publishes by freepublish: public, but not pushed to followers.

    `external` keys: media_id, publish_id, article_id, msg_data_id, published_on (Beijing day),
    url, title, content_source_url, drafted_at; for publishing by hand also manual and draft_gone.
    """

    slug = "wechat"
    label = "微信公众号"
    limits: ClassVar[Mapping[str, int]] = {
        "title": TITLE_LIMIT,
        "digest": DIGEST_LIMIT,
        "author": AUTHOR_LIMIT,
        "polls_per_day": 100,
        "withdrawals_per_day": 10,
        # Answers (§10, §12): one to a comment; a message within 48 hours of the reader's last one.
        "answer": 600,
        "answers": 1,
        "message": 600,
        "message_hours": 48,
    }

    @cached_property
    def _client(self) -> WeChatClient:
        return WeChatClient(self.account, self.tokens, self.transport, self.timeout)

    def close(self) -> None:
        """Give the connection back."""
        if "_client" in self.__dict__:
            self._client.close()

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

    def prepare(
        self, payload: Payload, pictures: Mapping[str, Picture], progress: Json, save: Save
    ) -> Json:
        """Pictures and cover uploaded, draft written and compared (`drafting`)."""
        return draft_prepare(self._client, payload, pictures, progress, save)

    def submit(self, payload: Payload, progress: Json, way: Way = Way.PUBLISH) -> Receipt | Outcome:
        """Queue the draft. MANUAL when the account has no publishing interface (48001)."""
        if progress.get("draft_hash") != payload.content_hash:
            raise CallerBug(
                "order", "submit before prepare", "草稿与要发布的内容不一致，请重新发起。"
            )
        external = _external(payload, progress)
        try:
            answer = self._client.submit(external["media_id"])
        except PermissionMissing as error:
            if error.code != "48001":
                raise
            return Outcome(State.MANUAL, {**external, "manual": True}, reason=_BY_HAND)
        except ContentRejected as error:
            if error.code != "40007":
                raise
            raise OutcomeUnknown(
                error.code, error.message, "草稿已不在草稿箱，系统正在核对是否已经发布。", error.rid
            ) from error
        external["publish_id"] = required(answer, "publish_id", effect=True)
        if number(answer.get("msg_data_id")):
            external["msg_data_id"] = text(answer.get("msg_data_id"))
        return Receipt(external)

    def poll(self, external: Json) -> Outcome:
        """By publish_id; without one (lost answer, manual publishing) by looking for it."""
        if publish_id := text(external.get("publish_id")):
            return self._settled(publish_outcome(self._client.publish_get(publish_id), external))
        if article_id := text(external.get("article_id")):
            return self._look_at(article_id, external)
        return self._look_for(external)

    def reconcile(self, payload: Payload, progress: Json, way: Way = Way.PUBLISH) -> Outcome:
        """Still in the draft box: not published. Gone from it: look among the published."""
        if not progress.get("media_id"):
            return Outcome(State.NOT_FOUND, {})
        return self._look_for(_external(payload, progress))

    def replies(self, targets: Sequence[Json], cursor: Json) -> tuple[list[ReplyIn], Json]:
        """Every comment on the targets; the cursor only resumes very long lists."""
        return comments_read(self._client, targets, cursor)

    def figures(self, targets: Sequence[Json], day: date) -> list[Figures]:
        """Readers up to `day`; ask after 08:30 for the day before, once a day (§11)."""
        return article_figures(self._client, targets, day)

    def answer(self, reply: ReplyIn, text: str) -> Outcome:
        """The author's one answer under a comment, or a message within 48 hours."""
        if not text.strip():
            raise ContentRejected("empty", "", "回复是空的。请写好内容再发。", field="text")
        if reply.kind == "message":
            self._client.send_text(reply.author_key, text)
            return Outcome(State.PUBLISHED, {})
        msg_data_id, _colon, comment_id = reply.external_id.rpartition(":")
        if number(msg_data_id) is None or number(comment_id) is None:
            raise CallerBug("reply", reply.external_id, "这条留言的编号不对，无法回复。")
        try:
            self._client.comment_reply(msg_data_id, comment_id, text)
        except CallerBug as error:
            if error.code != "88005":
                raise
            return Outcome(State.PUBLISHED, {}, reason=error.human)
        return Outcome(State.PUBLISHED, {})

    def withdraw(self, external: Json) -> Outcome:
        """Delete the article, or the draft that waits to be published by hand. Irreversible."""
        if not external.get("article_id"):
            now = self.poll(external)
            if now.state is State.WAITING:
                return Outcome(State.WAITING, now.external, reason=_STILL_PUBLISHING)
            if now.state in (State.NOT_FOUND, State.MANUAL):
                return self._withdraw_draft(now)
            if now.state is not State.PUBLISHED:
                return Outcome(State.WITHDRAWN, now.external)
            external = now.external
        try:
            self._client.publish_delete(text(external.get("article_id")))
        except Gone:
            return Outcome(State.WITHDRAWN, external)
        except PermissionMissing:
            return Outcome(State.MANUAL, external, text(external.get("url")), _DELETE_BY_HAND)
        return Outcome(State.WITHDRAWN, external)

    def probe(self) -> dict[str, bool | str]:
        """account, draft, publish, withdraw, comments, statistics."""
        yesterday = (datetime.now(BEIJING) - timedelta(days=1)).date().isoformat()
        calls: dict[str, Callable[[], Any]] = {
            "draft": self._client.draft_count,
            "publish": lambda: self._client.published(1),
            "comments": lambda: self._client.comments("1", 0),
            "statistics": lambda: self._client.datacube("getusersummary", yesterday, yesterday),
        }
        found: dict[str, bool | str] = {"account": True}
        for name, call in calls.items():
            try:
                found[name] = _works(call)
            except CredentialError as error:
                return dict.fromkeys(("account", *calls, "withdraw"), error.human)
        return {**found, "withdraw": found["publish"]}

    def _withdraw_draft(self, now: Outcome) -> Outcome:
        if now.external.get("draft_gone"):
            return Outcome(State.MANUAL, now.external, reason=_DELETE_BY_HAND)
        self._client.draft_delete(text(now.external.get("media_id")))
        return Outcome(State.WITHDRAWN, now.external)

    def _look_at(self, article_id: str, external: Json) -> Outcome:
        try:
            article = self._client.article(article_id)
        except Gone as error:
            return Outcome(State.WITHDRAWN, external, reason=error.human)
        url = text(external.get("url"))
        if article.get("is_deleted") is True:
            return Outcome(State.WITHDRAWN, external, url, "文章已在公众号里删除。")
        return settled(Outcome(State.PUBLISHED, external, url), datetime.now(BEIJING).date())

    def _look_for(self, external: Json) -> Outcome:
        manual = bool(external.get("manual"))
        if draft_exists(self._client, text(external.get("media_id"))):
            if manual:
                return Outcome(State.MANUAL, external, reason=_BY_HAND)
            return Outcome(State.NOT_FOUND, external)
        try:
            known = self._published(external)
        except PermissionMissing:
            manual, known = True, None
        if known is not None:
            return self._settled(Outcome(State.PUBLISHED, known, text(known.get("url"))))
        if manual:
            gone = {**external, "manual": True, "draft_gone": True}
            return Outcome(State.MANUAL, gone, reason=_LEFT_BOX)
        return Outcome(State.WAITING, external, reason=_LEFT_BOX)

    def _published(self, external: Json) -> Json | None:
        """`external` plus the ids of the newest published article that is this draft."""
        drafted_at = number(external.get("drafted_at")) or 0
        for item in self._client.published(20):
            changed = number(item.get("update_time"))
            if changed is not None and changed < drafted_at:
                continue
            for article in objects(nested(item.get("content")).get("news_item")):
                if _same(article, external) and article.get("is_deleted") is not True:
                    url = address(article.get("url"))
                    known = {**external, "article_id": text(item.get("article_id")), "url": url}
                    return {**known, "msg_data_id": mid} if (mid := mid_of(url)) else known
        return None

    def _settled(self, outcome: Outcome) -> Outcome:
        """Ask the article itself for its long address when nothing told the msg_data_id yet."""
        if outcome.state is State.PUBLISHED and not outcome.external.get("msg_data_id"):
            try:
                article = self._client.article(required(outcome.external, "article_id"))
            except ChannelError:
                article = {}
            if mid := mid_of(text(article.get("url"))):
                external = {**outcome.external, "msg_data_id": mid}
                outcome = Outcome(outcome.state, external, outcome.url, outcome.reason)
        return settled(outcome, datetime.now(BEIJING).date())


def _external(payload: Payload, progress: Json) -> dict[str, Any]:
    return {
        "media_id": progress["media_id"],
        "title": payload.fields["title"],
        "content_source_url": payload.fields["content_source_url"],
        "drafted_at": progress.get("drafted_at", 0),
    }


def _same(article: Json, external: Json) -> bool:
    """Same title, and same source address where the platform tells it."""
    source = text(article.get("content_source_url"))
    return text(article.get("title")) == external.get("title") and source in (
        "",
        external.get("content_source_url"),
    )


def _works(call: Callable[[], Any]) -> bool | str:
    """True when allowed: "no such article" and "not ready yet" also prove the permission."""
    try:
        call()
    except CredentialError:
        raise
    except Gone:
        return True
    except ChannelError as error:
        return True if error.code == "61503" else error.human
    return True
