"""What an account may do and how many calls it has left, found out by harmless calls (contract
§1.1, §3)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from ..base import (
    CallerBug,
    Capability,
    ChannelError,
    CredentialError,
    Gone,
    PermissionMissing,
    Purpose,
)
from .client import WeChatClient
from .errors import BEIJING, NOT_READY

# What each harmless call stands for. Answering by message cannot be tried without a reader: it
# needs the same certification as statistics.
_PUBLISHING = (Capability.PUBLISH, Capability.WITHDRAW)
_SENDING = (Capability.MASS, Capability.PREVIEW)
_COMMENTS = (
    Capability.COMMENTS,
    Capability.REPLY,
    Capability.ELECT,
    Capability.DELETE_REPLY,
)
_CERTIFIED = (Capability.STATISTICS, Capability.MESSAGES)
QUOTA_PATHS = (
    "/cgi-bin/draft/add",
    "/cgi-bin/draft/get",
    "/cgi-bin/freepublish/submit",
    "/cgi-bin/freepublish/get",
    "/cgi-bin/freepublish/delete",
    "/cgi-bin/message/mass/sendall",
    "/cgi-bin/comment/list",
    "/cgi-bin/message/custom/send",
)


def rights(client: WeChatClient) -> dict[str, bool | str]:
    """Capability, and "account": True, or in Chinese why not. Left out: could not be asked now.

    A wrong secret or an address that is not admitted is said for everything; 40164 names the IP.
    """
    yesterday = (datetime.now(BEIJING) - timedelta(days=1)).date().isoformat()
    calls: tuple[tuple[tuple[Capability, ...], Callable[[], Any]], ...] = (
        (_PUBLISHING, lambda: client.published(1, Purpose.STATISTICS)),
        (_SENDING, client.mass_speed),
        (_COMMENTS, lambda: client.comments("1", 0, Purpose.STATISTICS)),
        ((Capability.MENU,), client.menu_get),
        (_CERTIFIED, lambda: client.datacube("getusersummary", yesterday, yesterday)),
    )
    found: dict[str, bool | str] = {}
    try:
        found["account"] = _answers(client.draft_count)
        for capabilities, call in calls:
            if (allowed := _allowed(call)) is not None:
                found.update(dict.fromkeys(capabilities, allowed))
    except CredentialError as error:
        return dict.fromkeys(("account", *Capability), error.human)
    return {**found, Capability.CORRECT: True} if found["account"] is True else found


def _answers(call: Callable[[], Any]) -> bool | str:
    try:
        call()
    except CredentialError:
        raise
    except ChannelError as error:
        return error.human
    return True


def _allowed(call: Callable[[], Any]) -> bool | str | None:
    """True, or why not. None when this call tells nothing: too busy, or out of quota, just now."""
    try:
        call()
    except CredentialError:
        raise
    except PermissionMissing as error:
        return error.human
    except Gone:
        return True  # "No such article" proves that we may ask about articles.
    except ChannelError as error:
        return True if error.code == NOT_READY else None
    return True


def quotas(client: WeChatClient) -> dict[str, tuple[int, int]]:
    """path → (used, limit) of today, for the paths that run short first."""
    found = {}
    for path in QUOTA_PATHS:
        try:
            told = client.quota(path)
        except (CallerBug, PermissionMissing):
            continue  # This account has no such interface (76021, 76022, 48001).
        if told:
            found[path] = told
    return found
