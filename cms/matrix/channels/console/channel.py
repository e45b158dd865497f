"""The console channel: an outbox double, so that demo and tests need no credentials."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar

from ..base import (
    Capability,
    Channel,
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
    Way,
)
from .client import OUTBOX
from .render import render

_CALL = "console"


class ConsoleChannel(Channel):
    """Posts into `OUTBOX` and the log. `external` keys: post, url."""

    slug = "console"
    label = "控制台"
    limits: ClassVar[Mapping[str, int]] = {"title": 64, "answer": 600, "message": 600}
    capabilities = frozenset(Capability) - {Capability.MENU, Capability.STATISTICS}
    setup = (SetupField("app_id", "名称", "随意填写，比如 demo。内容只写进日志，不会发到外面。"),)
    settle_after = 0

    def render(self, story: Story, overrides: Overrides) -> Payload:
        """Plain text."""
        return render(story, overrides)

    def check(self, payload: Payload) -> list[Problem]:
        """A title of 1 to 64 characters."""
        length = len(payload.fields["title"])
        if 0 < length <= self.limits["title"]:
            return []
        return [Problem("title", "标题要有 1 到 64 个字。请修改标题。")]

    def prepare(
        self, payload: Payload, pictures: Mapping[str, Picture], progress: Json, save: Save
    ) -> Json:
        """Note which content is prepared."""
        if progress.get("prepared") == payload.content_hash:
            return progress
        done = {**progress, "prepared": payload.content_hash}
        save(done)
        return done

    def submit(self, payload: Payload, progress: Json, way: Way = Way.PUBLISH) -> Receipt | Outcome:
        """Into the outbox."""
        self.meter.spend(_CALL, Purpose.PUBLISH)
        key = self._key(payload, progress)
        OUTBOX.post(key, payload.fields, way)
        return Receipt(_external(key, payload))

    def poll(self, external: Json) -> Outcome:
        """Published, unless this process has withdrawn it."""
        withdrawn = OUTBOX.posts.get(external["post"], {}).get("withdrawn")
        state = State.WITHDRAWN if withdrawn else State.PUBLISHED
        return Outcome(state, external, external["url"])

    def reconcile(self, payload: Payload, progress: Json, way: Way = Way.PUBLISH) -> Outcome:
        """Is it in the outbox?"""
        key = self._key(payload, progress)
        external = _external(key, payload)
        return self.poll(external) if key in OUTBOX.posts else Outcome(State.NOT_FOUND, external)

    def correct(
        self,
        payload: Payload,
        pictures: Mapping[str, Picture],
        external: Json,
        progress: Json,
        save: Save,
    ) -> Outcome:
        """Change the post."""
        self.meter.spend(_CALL, Purpose.PUBLISH)
        if not OUTBOX.correct(external["post"], payload.fields):
            raise Gone("post", external["post"], "控制台里没有这条内容，无法更新。")
        changed = _external(external["post"], payload)
        return Outcome(State.PUBLISHED, changed, changed["url"])

    def preview(
        self,
        payload: Payload,
        pictures: Mapping[str, Picture],
        progress: Json,
        save: Save,
        reader: str,
    ) -> None:
        """Into the list of previews."""
        self.meter.spend(_CALL, Purpose.PUBLISH)
        OUTBOX.preview(reader, payload.fields)

    def withdraw(self, external: Json) -> Outcome:
        """Mark it as taken back."""
        self.meter.spend(_CALL, Purpose.PUBLISH)
        OUTBOX.withdraw(external["post"])
        return Outcome(State.WITHDRAWN, external)

    def replies(self, targets: Sequence[Json], cursor: Json) -> tuple[list[ReplyIn], Json]:
        """What was said under the targets in this process."""
        known = {target["post"]: target for target in targets}
        found = [
            ReplyIn(
                external_id=comment["id"],
                author_key=f"reader-{comment['id']}",
                author_name="读者",
                text=comment["text"],
                posted_at=datetime.fromisoformat(comment["posted_at"]),
                kind="comment",
                target=known[comment["post"]],
            )
            for comment in OUTBOX.comments
            if comment["post"] in known and not comment.get("deleted")
        ]
        return found, cursor

    def answer(self, reply: ReplyIn, text: str) -> Outcome:
        """Under the comment, or as a message."""
        self.meter.spend(_CALL, Purpose.REPLY)
        if reply.kind == "message":
            OUTBOX.message(reply.author_key, text)
        else:
            self._change(reply, answer=text)
        return Outcome(State.PUBLISHED, {})

    def answered(self, reply: ReplyIn, text: str) -> bool | None:
        """Whether the answer is in the outbox."""
        if reply.kind == "message":
            return {"reader": reply.author_key, "text": text} in OUTBOX.messages
        return any(
            comment["id"] == reply.external_id and comment["answer"] == text
            for comment in OUTBOX.comments
        )

    def elect(self, reply: ReplyIn, elected: bool) -> None:
        """Mark the comment."""
        self.meter.spend(_CALL, Purpose.REPLY)
        self._change(reply, elected=elected)

    def delete_reply(self, reply: ReplyIn) -> None:
        """Mark the comment as deleted: it is not read again."""
        self.meter.spend(_CALL, Purpose.REPLY)
        self._change(reply, deleted=True)

    def figures(self, targets: Sequence[Json], day: date) -> list[Figures]:
        """A console counts nobody."""
        return []

    def probe(self) -> dict[str, bool | str]:
        """A console always works."""
        able = {str(capability): capability in self.capabilities for capability in Capability}
        return {"account": True, **able}

    def _key(self, payload: Payload, progress: Json) -> str:
        return progress.get("key") or f"{self.account.id}-{payload.content_hash[:16]}"

    def _change(self, reply: ReplyIn, **changes: str | bool) -> None:
        if not OUTBOX.change_comment(reply.external_id, **changes):
            raise Gone("comment", reply.external_id, "控制台里没有这条留言。")


def _external(key: str, payload: Payload) -> Json:
    return {"post": key, "url": payload.fields["url"]}
