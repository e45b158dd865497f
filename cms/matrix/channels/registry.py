"""Which channels there are. A duplicate or a half-built channel fails at import, by name.

`choices` is a callable for model fields: a new channel needs no migration.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import httpx

from .base import Account, Channel, TokenStore
from .console.channel import ConsoleChannel
from .wechat.channel import WeChatChannel
from .weibo.channel import WeiboChannel


class BrokenChannel(TypeError):
    """A channel class that cannot be used, and why."""


def built(classes: Iterable[type[Channel]]) -> Mapping[str, type[Channel]]:
    """slug → class, in the order given. Raises BrokenChannel."""
    found: dict[str, type[Channel]] = {}
    for kind in classes:
        slug, label = getattr(kind, "slug", ""), getattr(kind, "label", "")
        if not re.fullmatch(r"[a-z][a-z0-9_]{1,19}", slug):
            raise BrokenChannel(f"{kind.__name__}: slug must be 2-20 lower-case letters or digits")
        if not label:
            raise BrokenChannel(f"{kind.__name__}: label (中文名) is missing")
        if not isinstance(getattr(kind, "limits", None), Mapping):
            raise BrokenChannel(f"{kind.__name__}: limits must be a mapping")
        if missing := sorted(kind.__abstractmethods__):
            raise BrokenChannel(f"{kind.__name__}: does not implement {', '.join(missing)}")
        if slug in found:
            raise BrokenChannel(f"{kind.__name__}: slug '{slug}' is {found[slug].__name__}'s")
        found[slug] = kind
    return MappingProxyType(found)


CHANNELS = built((WeChatChannel, WeiboChannel, ConsoleChannel))


def choices() -> list[tuple[str, str]]:
    """(slug, 中文名) of every channel."""
    return [(slug, kind.label) for slug, kind in CHANNELS.items()]


def get(slug: str) -> type[Channel]:
    """The class of a channel. Raises LookupError for an unknown slug."""
    if slug not in CHANNELS:
        raise LookupError(f"no channel '{slug}'; there are: {', '.join(CHANNELS)}")
    return CHANNELS[slug]


def connect(
    account: Account,
    tokens: TokenStore,
    transport: httpx.BaseTransport | None = None,
    timeout: float = 10.0,
) -> Channel:
    """The channel of `account`, ready to be called (no connection is opened yet)."""
    return get(account.channel)(account, tokens, transport, timeout)
