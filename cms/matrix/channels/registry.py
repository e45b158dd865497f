"""Which channels there are: every folder beside this file that has a `channel.py`.

Adding a channel is adding a folder. One that is half-built, ambiguous or misnamed fails at import,
by name, so that no account can hang on a channel that does not work. `choices` is a callable for
model fields: a new channel needs no migration.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType

import httpx

from .base import Account, Capability, Channel, Meter, SetupField, TokenStore, Uploads

_PACKAGE = __name__.rpartition(".")[0]
# Has a channel.py, which holds the abstract class.
_ABSTRACT = "base"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class BrokenChannel(TypeError):
    """A channel that cannot be used, and why."""


def built(classes: Iterable[type[Channel]]) -> Mapping[str, type[Channel]]:
    """slug → class, in the order given. Raises BrokenChannel."""
    found: dict[str, type[Channel]] = {}
    for kind in classes:
        if fault := next(_faults(kind), ""):
            raise BrokenChannel(f"{kind.__name__}: {fault}")
        if kind.slug in found:
            other = found[kind.slug].__name__
            raise BrokenChannel(f"{kind.__name__}: slug '{kind.slug}' is {other}'s")
        found[kind.slug] = kind
    return MappingProxyType(found)


def discovered() -> list[type[Channel]]:
    """The channel class of each folder, sorted by the folder's name. Raises BrokenChannel."""
    places = import_module(_PACKAGE).__path__
    files = [file for place in places for file in Path(place).glob("*/channel.py")]
    folders = sorted(file.parent.name for file in files)
    if twice := {name for name in folders if folders.count(name) > 1}:
        raise BrokenChannel(f"channels/{min(twice)}: this folder exists twice")
    return [_class_in(name) for name in folders if name != _ABSTRACT]


def _class_in(folder: str) -> type[Channel]:
    """The one Channel that the folder's channel.py defines, named like the folder."""
    try:
        module = import_module(f"{_PACKAGE}.{folder}.channel")
    except Exception as error:
        # Whatever is wrong in there, the folder's name belongs in the message.
        raise BrokenChannel(f"channels/{folder}: cannot be imported: {error}") from error
    kinds = _defined_in(module)
    if len(kinds) != 1:
        names = ", ".join(kind.__name__ for kind in kinds) or "none"
        raise BrokenChannel(f"channels/{folder}: channel.py defines {names}; one Channel is wanted")
    slug = getattr(kinds[0], "slug", "")
    if slug != folder:
        raise BrokenChannel(f"channels/{folder}: slug '{slug}' is not the folder's name")
    return kinds[0]


def _defined_in(module: ModuleType) -> list[type[Channel]]:
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Channel)
        and value.__module__ == module.__name__
    ]


def _faults(kind: type[Channel]) -> Iterator[str]:
    """What is wrong with a class, most important first."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,19}", getattr(kind, "slug", "")):
        yield "slug must be 2-20 lower-case letters or digits"
    if not _CHINESE.search(getattr(kind, "label", "")):
        yield "label (中文名) is missing"
    if not isinstance(getattr(kind, "limits", None), Mapping):
        yield "limits must be a mapping"
    if missing := sorted(kind.__abstractmethods__):
        yield f"does not implement {', '.join(missing)}"
    able = kind.capabilities
    if not isinstance(able, frozenset) or not all(isinstance(one, Capability) for one in able):
        yield "capabilities must be a frozenset of Capability"
    if not isinstance(kind.setup, tuple):
        yield "setup must be a tuple of SetupField"
    for field in kind.setup:
        if not isinstance(field, SetupField):
            yield "setup must be a tuple of SetupField"
        elif not field.name.isidentifier() or not field.label.strip():
            yield f"setup field '{field.name}' has no name or no label"
        elif not _CHINESE.search(field.label + field.help):
            # "AppID" is what the platform itself calls it; then the help is Chinese.
            yield f"setup field '{field.name}' is not explained in Chinese"


CHANNELS = built(discovered())


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
    *,
    uploads: Uploads | None = None,
    meter: Meter | None = None,
) -> Channel:
    """The channel of `account`, ready to be called (no connection is opened yet)."""
    kind = get(account.channel)
    return kind(account, tokens, transport, timeout, uploads=uploads, meter=meter)
