"""The names that items bear of where they came from: "comment:12", "reply:7", "answer:…"."""

COMMENT = "comment:"
REPLY = "reply:"


def comment_id(origin: str) -> int | None:
    """The comment that an origin names; None for anything else."""
    return int(origin.removeprefix(COMMENT)) if origin.startswith(COMMENT) else None


def reply_id(origin: str) -> int | None:
    """The reply on a channel that an origin names; None for anything else."""
    return int(origin.removeprefix(REPLY)) if origin.startswith(REPLY) else None
