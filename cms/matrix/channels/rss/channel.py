"""The feed channel: other unions subscribe to an account's feed and take its stories over."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from ..base import (
    CallerBug,
    Capability,
    Channel,
    ChannelError,
    ContentRejected,
    Figures,
    Gone,
    Json,
    Outcome,
    Overrides,
    Payload,
    Picture,
    Problem,
    Purpose,
    Receipt,
    ReplyIn,
    Save,
    SetupField,
    State,
    Story,
    Transient,
    Way,
)
from ..pictures import picture_fit
from .atom import NEWEST, Enclosure, Feed
from .client import FeedFolder, fault_of
from .render import render, with_pictures

_FORMATS = ("JPEG", "PNG", "GIF")
_PICTURE_BYTES = 5_000_000
_WRITE = "feed"
_NO_REPLIES = "订阅源没有留言。请用别的方式联系对方。"
_MADE_ROOM = f"订阅源只留最新 {NEWEST} 篇，这篇已让位给新稿件。"
_NOT_THERE = "订阅源里没有这篇，也没有撤回记录。请技术人员检查订阅源文件。"


class RssChannel(Channel):
    """Writes an Atom file into a folder that the web server serves. One account is one feed.

    `account.app_id` is the feed's name, `account.extra` holds `folder` (absolute path) and
    `address` (the folder's public address). `external` keys: entry, files, url. `progress` keys:
    pictures, {key: {file, content_type, size}}.
    """

    slug = "rss"
    label = "对外订阅源（RSS/Atom）"
    limits: ClassVar[Mapping[str, int]] = {"title": 200}
    capabilities = frozenset({Capability.PUBLISH, Capability.CORRECT, Capability.WITHDRAW})
    setup = (
        SetupField(
            "app_id",
            "订阅源名称",
            "小写字母、数字和连字符，比如 news。订阅地址以它结尾，定下后不要再改。",
        ),
    )
    # A file can be read as soon as it is written.
    settle_after = 0

    @cached_property
    def _folder(self) -> FeedFolder:
        return FeedFolder(self.account, self.timeout)

    def render(self, story: Story, overrides: Overrides) -> Payload:
        """The full text, as clean HTML."""
        return render(story, overrides)

    def check(self, payload: Payload) -> list[Problem]:
        """A title of 1 to 200 characters, and an account that is set up."""
        problems = []
        most = self.limits["title"]
        if not 0 < len(payload.fields["title"].strip()) <= most:
            problems.append(Problem("title", f"标题要有 1 到 {most} 个字。请修改标题。"))
        if fault := fault_of(self.account):
            problems.append(Problem("account", fault))
        return problems

    def prepare(
        self, payload: Payload, pictures: Mapping[str, Picture], progress: Json, save: Save
    ) -> Json:
        """Copy the pictures into the folder, each content once."""
        wanted = [*payload.fields["pictures"], payload.fields["cover"]]
        done: dict[str, Any] = {"pictures": {}, **progress}
        for key in filter(None, wanted):
            known = done["pictures"].get(key)
            if known and self._folder.holds(known["file"]):
                continue
            field = "cover" if key == payload.fields["cover"] else "pictures"
            which = "封面图" if field == "cover" else f"正文第 {wanted.index(key) + 1} 张图片"
            copied = self._copy(key, pictures, field, which)
            done = {**done, "pictures": {**done["pictures"], key: copied}}
            save(done)
        return done

    def submit(self, payload: Payload, progress: Json, way: Way = Way.PUBLISH) -> Receipt | Outcome:
        """Published at once; subscribers see it either way.

        The same story again replaces its entry: it is never there twice.
        """
        with self._folder.changing() as feed:
            self._put(feed, payload, payload.fields["id"], progress)
        return self._published(payload, progress)

    def poll(self, external: Json) -> Outcome:
        """Whether the entry stands in the feed."""
        feed, entry = self._folder.read(), external["entry"]
        if feed.content_hash(entry):
            return Outcome(State.PUBLISHED, external, external["url"])
        if feed.is_withdrawn(entry):
            return Outcome(State.WITHDRAWN, external, reason="已从订阅源撤下。")
        if len(feed.ids()) >= NEWEST:
            return Outcome(State.PUBLISHED, external, external["url"], _MADE_ROOM)
        return Outcome(State.TAKEN_DOWN, external, reason=_NOT_THERE)

    def reconcile(self, payload: Payload, progress: Json, way: Way = Way.PUBLISH) -> Outcome:
        """Whether exactly this content stands in the feed."""
        if self._folder.read().content_hash(payload.fields["id"]) == payload.content_hash:
            return self._published(payload, progress)
        return Outcome(State.NOT_FOUND, {})

    def correct(
        self,
        payload: Payload,
        pictures: Mapping[str, Picture],
        external: Json,
        progress: Json,
        save: Save,
    ) -> Outcome:
        """Replace the entry; subscribers see it as updated."""
        # A picture's key may stand for another content by now: look at all of them again.
        fresh = self.prepare(payload, pictures, {**progress, "pictures": {}}, save)
        with self._folder.changing(leaving=external["files"]) as feed:
            if not feed.content_hash(external["entry"]):
                raise Gone("entry", "", "订阅源里已没有这篇，无法更新。")
            self._put(feed, payload, external["entry"], fresh)
        corrected = self._published(payload, fresh)
        return Outcome(
            State.PUBLISHED, {**corrected.external, "entry": external["entry"]}, corrected.url
        )

    def withdraw(self, external: Json) -> Outcome:
        """Take the entry and its pictures out, and tell subscribers so."""
        with self._folder.changing(leaving=external["files"]) as feed:
            self.meter.spend(_WRITE, Purpose.PUBLISH)
            feed.withdraw(external["entry"])
        reason = "已从订阅源撤下。对方若已转载，请联系对方删除。"
        return Outcome(State.WITHDRAWN, external, reason=reason)

    def replies(self, targets: Sequence[Json], cursor: Json) -> tuple[list[ReplyIn], Json]:
        """Nobody answers in a feed."""
        return [], cursor

    def figures(self, targets: Sequence[Json], day: date) -> list[Figures]:
        """Who reads a feed is not known."""
        return []

    def answer(self, reply: ReplyIn, text: str) -> Outcome:
        """There is no way."""
        return Outcome(State.MANUAL, {}, reason=_NO_REPLIES)

    def probe(self) -> dict[str, bool | str]:
        """Whether the folder can be written; nothing is left behind."""
        try:
            self._folder.try_out()
        except ChannelError as error:
            return {"account": error.human}
        able = {str(capability): capability in self.capabilities for capability in Capability}
        return {"account": True, **able}

    def _copy(
        self, key: str, pictures: Mapping[str, Picture], field: str, which: str
    ) -> dict[str, Any]:
        if key not in pictures:
            human = f"{which}已不在图库里。请重新选一张。"
            raise ContentRejected("picture", key, human, field=field)
        fitted = picture_fit(
            pictures[key], formats=_FORMATS, max_bytes=_PICTURE_BYTES, field=field, which=which
        )
        return {
            "file": self._folder.store(fitted),
            "content_type": fitted.content_type,
            "size": len(fitted.data),
        }

    def _put(self, feed: Feed, payload: Payload, entry: str, progress: Json) -> None:
        """Set the entry in the locked feed. The meter proves that we may still speak."""
        copies = progress.get("pictures", {})
        fields = {**payload.fields, "id": entry}
        for key in filter(None, [*fields["pictures"], fields["cover"]]):
            if key not in copies:
                human = "图片还没有准备好，请重新发起分发。"
                raise CallerBug("order", "submit before prepare", human)
            if not self._folder.holds(copies[key]["file"]):
                # Another story that showed the same picture was withdrawn meanwhile.
                human = "图片要重新复制，稍后自动再试。"
                raise Transient("picture", key, human, retry_after=1)
        addresses = {key: self._address(copy) for key, copy in copies.items()}
        cover = copies.get(fields["cover"])
        self.meter.spend(_WRITE, Purpose.PUBLISH)
        feed.describe(title=self.account.name, address=self._folder.feed_url)
        feed.put(
            fields,
            content=with_pictures(fields["content"], addresses),
            content_hash=payload.content_hash,
            enclosure=cover
            and Enclosure(self._address(cover), cover["content_type"], cover["size"]),
        )

    def _published(self, payload: Payload, progress: Json) -> Outcome:
        url = self._folder.feed_url
        files = sorted({copy["file"] for copy in progress.get("pictures", {}).values()})
        external = {"entry": payload.fields["id"], "files": files, "url": url}
        return Outcome(State.PUBLISHED, external, url)

    def _address(self, copy: Json) -> str:
        return f"{self._folder.address}/{copy['file']}"
