"""The demo union's content as plain data: TOML files in this folder, read in a stable order.

Days are relative to the day of loading. `days_ago` counts backwards (3 = three days ago);
a moment `{day, time}` counts forwards (day -2 = the day before yesterday, 5 = in five days).
"""

import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

Record = dict[str, Any]


def _records(name: str) -> list[Record]:
    return tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))[name]


def stories() -> list[Record]:
    """All stories, oldest first; within a day by slug."""
    texts = [path.read_text("utf-8") for path in (HERE / "stories").glob("*.toml")]
    return sorted(
        (tomllib.loads(text) for text in texts), key=lambda s: (-s["days_ago"], s["slug"])
    )


def unions() -> list[Record]:
    """The union tree, parents before children."""
    return _records("unions")


def sections() -> list[Record]:
    """Sections in the order of the home page."""
    return _records("sections")


def accounts() -> list[Record]:
    """WeChat and Weibo accounts, without secrets."""
    return _records("accounts")


def feeds() -> list[Record]:
    """Feed sources; `path` is relative to the sandbox."""
    return _records("feeds")


def polls() -> list[Record]:
    """Polls with the weights from which votes are made."""
    return _records("polls")


def workers() -> list[Record]:
    """Fictional workers, by id."""
    return _records("workers")


def comments() -> list[Record]:
    """Site comments in order of time; a parent always comes before its replies."""
    return _records("comments")


def channel_comments() -> list[Record]:
    """Fan comments under the channel accounts, oldest first."""
    return _records("channel_comments")


def searches() -> list[Record]:
    """Site searches as workers type them, oldest first."""
    return _records("searches")


def hotline() -> list[Record]:
    """Records of the hotline and of surveys, oldest first; `issue` is the truth of what a record
    is about (see `issues`), absent when it is a single matter."""
    return _records("hotline")


def issues() -> list[Record]:
    """What many of the hotline's records are about, with the course it takes over the weeks."""
    return _records("issues")
