"""Numbers that browsers send."""

ID_DIGITS = 9


def as_id(value) -> int | None:
    """The number in what a browser sent as an id; None when no database row can have it."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= ID_DIGITS else None
