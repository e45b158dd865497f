"""What goes wrong, told apart by what to do about it (contract §14, §18)."""

from datetime import datetime


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


class ReplyGone(Gone):
    """The reader's comment itself is no longer there: deleted by its author or on the platform."""


class CallerBug(ChannelError):
    """We called wrongly, or the platform answered a code nobody knows: alert, do not retry."""
