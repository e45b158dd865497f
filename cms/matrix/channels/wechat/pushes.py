"""The frozen values a WeChat push becomes (contract §9)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ..base import Json, Outcome, ReplyIn, State
from ..http import address, nested, number, objects, text
from .errors import BEIJING
from .listening import moment
from .states import mid_of, publish_outcome, settled

_PUBLISHED = frozenset({"PUBLISHJOBFINISH", "FREEPUBLISHJOBFINISH"})
_MASS_REASONS = {
    "10001": "涉嫌广告",
    "20001": "涉嫌政治敏感",
    "20002": "涉嫌色情",
    "20004": "涉嫌社会敏感",
    "20006": "涉嫌违法犯罪",
    "20008": "涉嫌欺诈",
    "20013": "涉嫌版权",
    "21000": "涉嫌其他违规",
    "22000": "涉嫌互推",
    "30001": "原创校验出错",
    "30002": "原创校验判定不能群发",
    "30003": "判定为转载，且已选择不发",
    "40001": "管理员拒绝",
    "40002": "管理员 30 分钟内没有确认",
}
_KINDS = {
    "image": "[图片]",
    "voice": "[语音]",
    "video": "[视频]",
    "shortvideo": "[小视频]",
    "location": "[位置]",
    "link": "[链接]",
}


@dataclass(frozen=True)
class Push:
    """What every push has. `key` is the same for a repeated delivery: use it to drop doubles."""

    key: str
    sender: str
    receiver: str
    created_at: datetime


@dataclass(frozen=True)
class PublishFinished(Push):
    """A freepublish job is over. `publish_id` finds the delivery."""

    publish_id: str
    info: Json

    def outcome(self, known: Json) -> Outcome:
        """What became of the delivery whose external ids are `known`; same result as a poll."""
        return settled(
            publish_outcome(self.info, known), self.created_at.astimezone(BEIJING).date()
        )


@dataclass(frozen=True)
class MassFinished(Push):
    """A mass send is over, or somebody published by hand in the console (then no job of ours).

    `articles` are (1-based index, address); they can be missing. `reason` is Chinese, "" when ok.
    """

    msg_id: str
    ok: bool
    reason: str
    articles: tuple[tuple[int, str], ...]
    sent: int
    failed: int

    def outcome(self, known: Json) -> Outcome:
        """What became of a delivery, sent by us or by hand, whose external ids are `known`.

        The address may be missing; then what was known of it stays.
        """
        if not self.ok:
            return Outcome(State.FAILED, known, reason=self.reason)
        url = self.articles[0][1] if self.articles else text(known.get("url"))
        msg_data_id = mid_of(url) or text(known.get("msg_data_id")) or self.msg_id
        external = {**known, "msg_data_id": msg_data_id, "url": url}
        today = self.created_at.astimezone(BEIJING).date()
        return settled(Outcome(State.PUBLISHED, external, url), today)


@dataclass(frozen=True)
class UserMessage(Push):
    """A reader wrote to the account. `kind` is text, image, voice…"""

    msg_id: str
    kind: str
    text: str
    extra: Json = field(default_factory=dict)

    def as_reply(self) -> ReplyIn:
        """The message as an utterance for the inbox."""
        return ReplyIn(
            external_id=f"message:{self.msg_id or self.key}",
            author_key=self.sender,
            author_name="",
            text=self.text,
            posted_at=self.created_at,
            kind="message",
            target={},
            extra={"type": self.kind, **self.extra},
        )


@dataclass(frozen=True)
class UserEvent(Push):
    """A reader followed, left, scanned or clicked. `event` is lower case."""

    event: str
    event_key: str


@dataclass(frozen=True)
class Unknown(Push):
    """Anything else, kept as it came."""

    raw: Mapping[str, Any]


def push_of(fields: Json) -> Push:
    """The right value for the fields of one push; Unknown for what the contract does not name."""
    event, sender = text(fields.get("Event")), text(fields.get("FromUserName"))
    kind, msg_id = text(fields.get("MsgType")), text(fields.get("MsgId"))
    created = text(fields.get("CreateTime"))
    info = nested(fields.get("PublishEventInfo"))
    publish_id = text(info.get("publish_id"))
    mass_id = text(fields.get("MsgID"))
    common: dict[str, Any] = {
        "key": msg_id or ":".join((sender, created, event, publish_id or mass_id)),
        "sender": sender,
        "receiver": text(fields.get("ToUserName")),
        "created_at": moment(created) or datetime.now(UTC),
    }
    if kind == "event" and event in _PUBLISHED and publish_id:
        return PublishFinished(**common, publish_id=publish_id, info=info)
    if kind == "event" and event == "MASSSENDJOBFINISH":
        return _mass(fields, mass_id, common)
    if kind == "event" and event and sender:
        return UserEvent(**common, event=event.lower(), event_key=text(fields.get("EventKey")))
    if kind == "text" or kind in _KINDS:
        return _message(fields, kind, msg_id, common)
    return Unknown(**common, raw=fields)


def _mass(fields: Json, msg_id: str, common: dict[str, Any]) -> MassFinished:
    status = text(fields.get("Status")).lower().replace("sendsuccess", "send success")
    found = re.fullmatch(r"err\((\d+)\)", status)
    code = found.group(1) if found else ""
    ok = status == "send success"
    return MassFinished(
        **common,
        msg_id=msg_id,
        ok=ok,
        reason="" if ok else f"群发没有成功：{_MASS_REASONS.get(code, status or '原因不明')}。",
        articles=_articles(nested(fields.get("ArticleUrlResult")).get("ResultList")),
        sent=number(fields.get("SentCount")) or 0,
        failed=number(fields.get("ErrorCount")) or 0,
    )


def _articles(results: Any) -> tuple[tuple[int, str], ...]:
    """XML gives {"item": one or many}, JSON a plain list."""
    items = nested(results).get("item", results)
    listed = objects(items) or [nested(items)]
    return tuple(
        (number(item.get("ArticleIdx")) or 1, url)
        for item in listed
        if (url := address(item.get("ArticleUrl")))
    )


def _message(fields: Json, kind: str, msg_id: str, common: dict[str, Any]) -> UserMessage:
    parts = {
        "text": ("Content",),
        "voice": ("Recognition",),
        "location": ("Label",),
        "link": ("Title", "Url"),
    }.get(kind, ())
    words = [_KINDS[kind]] if kind in _KINDS else []
    words += [word for part in parts if (word := text(fields.get(part)))]
    extra = {
        name: value for name in ("PicUrl", "MediaId", "Url") if (value := text(fields.get(name)))
    }
    return UserMessage(**common, msg_id=msg_id, kind=kind, text=" ".join(words), extra=extra)
