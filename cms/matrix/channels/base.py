"""What a channel is: the frozen values that go in and out, the errors, and the abstract class.

Nothing here knows Django. The newsroom's side turns its rows into these values, calls a channel,
and writes down what comes back. Times are aware datetimes, sizes are bytes, ids are strings.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import TracebackType
from typing import Any, ClassVar, Protocol, Self

import httpx

Json = Mapping[str, Any]
Save = Callable[[Json], None]


# --- what goes in -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Picture:
    """One picture of a story. `load` reads the bytes when, and only when, they are needed."""

    key: str
    filename: str
    content_type: str
    alt: str
    load: Callable[[], bytes]


@dataclass(frozen=True)
class Story:
    """A published story, ready to be shaped for any channel.

    `body_html` is our own clean HTML: p, h2-h4, blockquote, figure/img[data-picture=key, alt]/
    figcaption, table, ul/ol/li, a, strong, em, section. `url` is absolute.
    """

    id: int
    title: str
    summary: str
    author: str
    source: str
    url: str
    body_html: str
    cover: Picture | None
    pictures: tuple[Picture, ...]
    tags: tuple[str, ...] = ()
    section: str = ""
    published_on: str = ""


@dataclass(frozen=True)
class Overrides:
    """What the editor wrote for this channel only; empty means: follow the story."""

    title: str = ""
    digest: str = ""
    text: str = ""
    tail: str = ""


@dataclass(frozen=True)
class Account:
    """One account on a channel.

    `base_url` is empty for the real platform. `token` is the Weibo access token, or the WeChat
    callback token. `extra` holds what only one channel needs (see that channel's class).
    """

    id: int
    channel: str
    name: str
    base_url: str
    app_id: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)
    extra: Json = field(default_factory=dict, repr=False)


# --- what comes out -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Loss:
    """What the platform will not keep (in Chinese), and how many times it occurs."""

    what: str
    how_many: int


@dataclass(frozen=True)
class Problem:
    """Why this payload cannot be sent yet: which field, and what to do about it (in Chinese)."""

    field: str
    message: str


@dataclass(frozen=True)
class Payload:
    """What will be sent, as plain JSON. Pictures appear by key, never as bytes."""

    fields: Json
    losses: tuple[Loss, ...] = ()

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of what will be sent; losses are a remark and do not count."""
        canonical = json.dumps(
            self.fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    def to_json(self) -> str:
        """The whole payload as text; `from_json` reads it back equal."""
        losses = [[loss.what, loss.how_many] for loss in self.losses]
        return json.dumps({"fields": self.fields, "losses": losses}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        data = json.loads(text)
        if not isinstance(data, dict) or not isinstance(data.get("fields"), dict):
            raise ValueError("not a payload: an object with 'fields' is expected")
        losses = tuple(Loss(str(what), int(many)) for what, many in data.get("losses", ()))
        return cls(fields=data["fields"], losses=losses)


@dataclass(frozen=True)
class Receipt:
    """The platform took the submission; `poll(external)` will tell what became of it."""

    external: Json


class State(StrEnum):
    """Where a submission stands on the platform."""

    WAITING = "waiting"
    PUBLISHED = "published"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    TAKEN_DOWN = "taken_down"
    MANUAL = "manual"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Outcome:
    """What is known now. `external` replaces the external ids known before (it includes them)."""

    state: State
    external: Json
    url: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ReplyIn:
    """One utterance of a reader. `external_id` is unique per channel: reading twice is harmless."""

    external_id: str
    author_key: str
    author_name: str
    text: str
    posted_at: datetime
    kind: str
    target: Json
    parent_external_id: str = ""
    extra: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Figures:
    """Counters of one published item, cumulative; None means the platform does not tell.

    `extra` carries what only one platform counts (WeChat: 在看, 收藏, finish rate).
    """

    target: Json
    reads: int | None
    likes: int | None
    shares: int | None
    comments: int | None
    as_of: date
    delayed: bool = False
    extra: Json = field(default_factory=dict)


# --- what goes wrong ----------------------------------------------------------------------------


class ChannelError(Exception):
    """The platform did not do what was asked.

    code: the platform's code, or a word of ours such as "timeout"; message: the platform's text;
    human: Chinese, what happened and what to do; rid: the platform's request id;
    retry_after: seconds to wait before another try, None when no try will help.
    """

    def __init__(
        self,
        code: str = "",
        message: str = "",
        human: str = "",
        rid: str = "",
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code, message, human, rid, retry_after)
        self.code = code
        self.message = message
        self.human = human
        self.rid = rid
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.human} [{self.code} {self.message}]".strip()


class Transient(ChannelError):
    """Nothing happened; the same call may simply be made again after `retry_after`."""


class OutcomeUnknown(ChannelError):
    """It may or may not have happened: reconcile first, never send again blindly."""


class QuotaExceeded(ChannelError):
    """A quota of the hour, day or month is used up until `until` (aware)."""

    def __init__(
        self,
        code: str = "",
        message: str = "",
        human: str = "",
        rid: str = "",
        retry_after: int | None = None,
        until: datetime | None = None,
    ) -> None:
        super().__init__(code, message, human, rid, retry_after)
        self.args = (code, message, human, rid, retry_after, until)
        self.until = until


class CredentialError(ChannelError):
    """The account's credentials or set-up are refused: pause the account, tell the admin."""


class PermissionMissing(ChannelError):
    """The account may not use this capability: switch the capability off."""


class ContentRejected(ChannelError):
    """The content goes back to the editor; `field` names the payload field at fault."""

    def __init__(
        self,
        code: str = "",
        message: str = "",
        human: str = "",
        rid: str = "",
        retry_after: int | None = None,
        field: str = "",
    ) -> None:
        super().__init__(code, message, human, rid, retry_after)
        self.args = (code, message, human, rid, retry_after, field)
        self.field = field


class NeedsConsole(ChannelError):
    """A person has to act in the platform's own console."""


class Gone(ChannelError):
    """The item no longer exists on the platform."""


class CallerBug(ChannelError):
    """We called wrongly, or the platform answered a code nobody knows: alert, do not retry."""


# --- how often a platform may be asked ----------------------------------------------------------


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


# --- tokens -------------------------------------------------------------------------------------


class TokenStore(Protocol):
    """A shared place for short-lived secrets; `expires_at` is seconds since the epoch."""

    def get(self, key: str) -> tuple[str, float] | None:
        """The value and its end, or None when unknown or over."""

    def set(self, key: str, value: str, expires_at: float) -> None:
        """Keep `value` until `expires_at`."""

    def lock(self, key: str) -> AbstractContextManager[Any]:
        """A lock all processes share; held while one of them fetches."""


# --- the channel itself -------------------------------------------------------------------------


class Channel(ABC):
    """One kind of platform, bound to one account; any platform call may raise a ChannelError.

    Order of calls for one delivery: render, check, prepare, submit, poll. `prepare` must run on
    the same object right before `submit`: it is repeatable, and free when nothing is left to do.
    """

    slug: ClassVar[str]
    label: ClassVar[str]
    limits: ClassVar[Mapping[str, int]]
    reply_pace: ClassVar[Pace] = Pace(least=15, share_of_age=1 / 100, most=6 * 3600)
    figure_pace: ClassVar[Pace] = Pace(least=30, share_of_age=1 / 24, most=24 * 3600)

    def __init__(
        self,
        account: Account,
        tokens: TokenStore,
        transport: httpx.BaseTransport | None = None,
        timeout: float = 10.0,
    ) -> None:
        self.account = account
        self.tokens = tokens
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
    def submit(self, payload: Payload, progress: Json) -> Receipt | Outcome:
        """The one call that makes it public: at most once per delivery.

        Raises OutcomeUnknown when no clear answer came: call `reconcile` before anything else.
        """

    @abstractmethod
    def poll(self, external: Json) -> Outcome:
        """What became of it; may be asked again and again."""

    @abstractmethod
    def reconcile(self, payload: Payload, progress: Json) -> Outcome:
        """After an unknown outcome: did it go out? NOT_FOUND means safe to submit again."""

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
