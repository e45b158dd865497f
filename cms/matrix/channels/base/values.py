"""The frozen values that go into a channel and come out of it.

Times are aware datetimes, sizes are bytes, ids are strings.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

Json = Mapping[str, Any]
Save = Callable[[Json], None]


# --- what goes in ---


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
    """What the editor wrote for this account only; empty means: follow the story.

    `text` stands in for the body (or, on Weibo, is the whole status); `tail` comes after it.
    """

    title: str = ""
    digest: str = ""
    text: str = ""
    tail: str = ""
    cover: Picture | None = None


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


@dataclass(frozen=True)
class SetupField:
    """One thing an administrator fills in to connect an account (label and help in Chinese).

    `name` is app_id, secret, token or base_url; any other name is kept in `Account.extra`.
    `choices` are (value, label); without them it is text.
    """

    name: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()


class Way(StrEnum):
    """How a story goes out."""

    PUBLISH = "publish"  # 发布: public, nobody is notified
    MASS = "mass"  # 群发: pushed to followers, counted per month


class Capability(StrEnum):
    """What an account may do. A channel's class says what is possible at all, a probe the rest."""

    PUBLISH = "publish"
    MASS = "mass"
    PREVIEW = "preview"  # shown to one reader first
    CORRECT = "correct"  # a published story can be changed
    WITHDRAW = "withdraw"
    COMMENTS = "comments"  # readers' comments can be read
    REPLY = "reply"  # ... and answered
    ELECT = "elect"  # 精选
    DELETE_REPLY = "delete_reply"
    MESSAGES = "messages"  # readers' messages can be answered
    MENU = "menu"
    STATISTICS = "statistics"


class Purpose(StrEnum):
    """Why a platform is called. When a day's calls run out, the later ones give way first."""

    PUBLISH = "publish"
    REPLY = "reply"
    COMMENTS = "comments"
    STATISTICS = "statistics"


# --- what comes out ---


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


_NOT_READ = re.compile(r"https?://[\x21-\x7e]+|<[^>]*>|\W+")


_PICTURES = frozenset({"cover", "pictures"})


def _leaves(value: Any) -> Iterator[Any]:
    """The plain values in nested JSON, in the order of sorted keys."""
    if isinstance(value, Mapping):
        for name in sorted(value):
            yield from _leaves(value[name])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


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

    def likeness(self) -> str:
        """SHA-256 (hex) of what a reader would read: without web addresses, blanks and punctuation.

        Two stories with the same text but other addresses are alike: the platforms, and readers,
        take the second for a repetition.
        """
        texts = {name: value for name, value in self.fields.items() if name not in _PICTURES}
        words = " ".join(str(value) for value in _leaves(texts))
        return hashlib.sha256(_NOT_READ.sub("", words).encode()).hexdigest()

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


@dataclass(frozen=True)
class AccountFigures:
    """What a platform counted for a whole account on one day; None means it does not tell.

    `followers` is the stand at the end of the day, the rest happened on that day.
    """

    day: date
    followers: int | None = None
    new_followers: int | None = None
    lost_followers: int | None = None
    reads: int | None = None
    likes: int | None = None
    shares: int | None = None
    comments: int | None = None
    posts: int | None = None
    delayed: bool = False
    extra: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Authorisation:
    """What a platform's OAuth gave: the token, whose it is, and until when (aware)."""

    token: str = field(repr=False)
    uid: str
    until: datetime | None
