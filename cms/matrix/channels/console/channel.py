"""The console channel: an outbox double, so that demo and tests need no credentials."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from ..base import (
    Channel,
    Figures,
    Json,
    Outcome,
    Overrides,
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
from .client import OUTBOX
from .render import render


class ConsoleChannel(Channel):
    """Posts into `OUTBOX` and the log. `external` keys: post, url."""

    slug = "console"
    label = "控制台"
    limits: ClassVar[Mapping[str, int]] = {"title": 64}

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
        OUTBOX.post(self._key(payload), payload.fields)
        return Receipt(self._external(payload))

    def poll(self, external: Json) -> Outcome:
        """Published, unless this process has withdrawn it."""
        withdrawn = OUTBOX.posts.get(external["post"], {}).get("withdrawn")
        state = State.WITHDRAWN if withdrawn else State.PUBLISHED
        return Outcome(state, external, external["url"])

    def reconcile(self, payload: Payload, progress: Json, way: Way = Way.PUBLISH) -> Outcome:
        """Is it in the outbox?"""
        external = self._external(payload)
        if self._key(payload) in OUTBOX.posts:
            return self.poll(external)
        return Outcome(State.NOT_FOUND, external)

    def replies(self, targets: Sequence[Json], cursor: Json) -> tuple[list[ReplyIn], Json]:
        """Nobody answers a console."""
        return [], cursor

    def figures(self, targets: Sequence[Json], day: date) -> list[Figures]:
        """A console counts nobody."""
        return [
            Figures(target, reads=None, likes=None, shares=None, comments=None, as_of=day)
            for target in targets
        ]

    def answer(self, reply: ReplyIn, text: str) -> Outcome:
        """Into the outbox."""
        OUTBOX.answer(reply.external_id, text)
        return Outcome(State.PUBLISHED, {})

    def withdraw(self, external: Json) -> Outcome:
        """Mark it as taken back."""
        OUTBOX.withdraw(external["post"])
        return Outcome(State.WITHDRAWN, external)

    def probe(self) -> dict[str, bool | str]:
        """A console always works."""
        return {"account": True, "publish": True, "withdraw": True, "comments": False}

    def _key(self, payload: Payload) -> str:
        return f"{self.account.id}-{payload.content_hash[:16]}"

    def _external(self, payload: Payload) -> Json:
        return {"post": self._key(payload), "url": payload.fields["url"]}
