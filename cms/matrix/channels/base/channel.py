"""The abstract class every channel is, and how often a platform may be asked."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import ClassVar, Self

import httpx

from .errors import PermissionMissing
from .ports import MemoryUploads, Meter, TokenStore, Unmetered, Uploads
from .values import (
    Account,
    AccountFigures,
    Authorisation,
    Capability,
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
    SetupField,
    Story,
    Way,
)


@dataclass(frozen=True)
class Pace:
    """How often to ask about one published item: the older it is, the more rarely (seconds).

    Platforms count calls per day (contract §1.1, §17), and an old story seldom moves.
    """

    least: int
    share_of_age: float
    most: int

    def interval(self, age: float) -> float:
        """Seconds between two questions about an item published `age` seconds ago."""
        return min(max(age * self.share_of_age, self.least), self.most)


class Channel(ABC):
    """One kind of platform, bound to one account; any platform call may raise a ChannelError.

    Order of calls for one delivery: render, check, prepare, submit, poll. `prepare` must run on
    the same object right before `submit`: it is repeatable, and free when nothing is left to do.
    """

    slug: ClassVar[str]
    label: ClassVar[str]
    # What the editor's live counters and `check` go by; a channel that counts two ASCII letters
    # as one character says so.
    limits: ClassVar[Mapping[str, int]]
    counts_halves: ClassVar[bool] = False
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.PUBLISH})
    setup: ClassVar[tuple[SetupField, ...]] = ()
    # Calls a day by path; "*" stands for all of an account's calls together.
    daily_calls: ClassVar[Mapping[str, int]] = {}
    # Seconds until "it is not there" can be believed after a lost answer.
    settle_after: ClassVar[float] = 20
    reply_pace: ClassVar[Pace] = Pace(least=15, share_of_age=1 / 100, most=6 * 3600)
    figure_pace: ClassVar[Pace] = Pace(least=30, share_of_age=1 / 24, most=24 * 3600)

    def __init__(
        self,
        account: Account,
        tokens: TokenStore,
        transport: httpx.BaseTransport | None = None,
        timeout: float = 10.0,
        *,
        uploads: Uploads | None = None,
        meter: Meter | None = None,
    ) -> None:
        self.account = account
        self.tokens = tokens
        self.uploads = uploads or MemoryUploads()
        self.meter = meter or Unmetered()
        self.transport = transport
        self.timeout = timeout

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:  # noqa: B027  a channel without connections has nothing to close
        """Give back open connections. The object may be used again afterwards."""

    @abstractmethod
    def render(self, story: Story, overrides: Overrides) -> Payload:
        """Shape the story. Pure: no I/O, same input, same payload."""

    @abstractmethod
    def check(self, payload: Payload) -> list[Problem]:
        """What the editor must mend before sending; empty when ready. No I/O."""

    @abstractmethod
    def prepare(
        self, payload: Payload, pictures: Mapping[str, Picture], progress: Json, save: Save
    ) -> Json:
        """Upload what `submit` needs; repeatable.

        `progress` is what an earlier run saved ({} at first). `save` is called after each step
        that cannot be undone, so a crash loses nothing. Returns the full new progress.
        """

    @abstractmethod
    def submit(self, payload: Payload, progress: Json, way: Way = Way.PUBLISH) -> Receipt | Outcome:
        """The one call that makes it public: at most once per delivery.

        `progress["key"]` names this delivery, for platforms that know a repeated submission by
        such a key. Raises OutcomeUnknown when no clear answer came: call `reconcile` before
        anything else.
        """

    @abstractmethod
    def poll(self, external: Json) -> Outcome:
        """What became of it; may be asked again and again."""

    @abstractmethod
    def reconcile(self, payload: Payload, progress: Json, way: Way = Way.PUBLISH) -> Outcome:
        """After an unknown outcome: did it go out? NOT_FOUND means it certainly did not.

        It looks and never sends. The caller asks no earlier than `settle_after` seconds.
        """

    @abstractmethod
    def replies(self, targets: Sequence[Json], cursor: Json) -> tuple[list[ReplyIn], Json]:
        """What readers said on `targets` (externals of published items), and the new cursor.

        A reply may come twice: `external_id` is the key. After an error the old cursor is valid.
        """

    @abstractmethod
    def figures(self, targets: Sequence[Json], day: date) -> list[Figures]:
        """Counters as they stood on `day`. An item the platform says nothing about is left out."""

    @abstractmethod
    def answer(self, reply: ReplyIn, text: str) -> Outcome:
        """Answer a reader in public (or by message). MANUAL where the platform has no way."""

    @abstractmethod
    def withdraw(self, external: Json) -> Outcome:
        """Take it back: WITHDRAWN, or MANUAL with a Chinese reason when a person must do it."""

    @abstractmethod
    def probe(self) -> dict[str, bool | str]:
        """Harmless calls: capability → True (works), False (no such thing here), or why not."""

    # --- what only some channels can do: `capabilities` says which ---------------------------

    def correct(
        self,
        payload: Payload,
        pictures: Mapping[str, Picture],
        external: Json,
        progress: Json,
        save: Save,
    ) -> Outcome:
        """Change what was published. MANUAL with a Chinese reason where a person must do it."""
        raise self._unable("不能修改已经发布的内容")

    def preview(
        self,
        payload: Payload,
        pictures: Mapping[str, Picture],
        progress: Json,
        save: Save,
        reader: str,
    ) -> None:
        """Show it to one reader (a WeChat name) before it is public. Does what `prepare` does."""
        raise self._unable("不能预览给指定的人")

    def elect(self, reply: ReplyIn, elected: bool) -> None:
        """Pick a comment as featured (精选), or take that back."""
        raise self._unable("没有精选留言")

    def delete_reply(self, reply: ReplyIn) -> None:
        """Delete a reader's comment."""
        raise self._unable("不能删除读者的留言")

    def answered(self, reply: ReplyIn, text: str) -> bool | None:
        """After an unknown outcome of `answer`: does the answer stand? None: cannot be told."""
        return None

    def account_figures(self, day: date) -> AccountFigures | None:
        """What was counted for the whole account on `day`; None when the platform tells nothing."""
        return None

    def menu(self) -> list[Json]:
        """The account's menu as the platform holds it."""
        raise self._unable("没有自定义菜单")

    def set_menu(self, buttons: Sequence[Json]) -> None:
        """Put a menu in place; an empty one removes it."""
        raise self._unable("没有自定义菜单")

    def quotas(self) -> dict[str, tuple[int, int]]:
        """The platform's own word on today's calls: path → (used, limit); {} when it has none."""
        return {}

    def authorise_url(self, redirect_uri: str, state: str) -> str:
        """Where an administrator agrees to let us speak for the account (OAuth)."""
        raise self._unable("不用网页授权")

    def authorise(self, code: str, redirect_uri: str) -> Authorisation:
        """The token for a code that came back from `authorise_url`."""
        raise self._unable("不用网页授权")

    def _unable(self, what: str) -> PermissionMissing:
        return PermissionMissing("unsupported", "", f"{self.label}{what}。")
