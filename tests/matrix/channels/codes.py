"""Tables of error codes, written from the contract: code → class, field, waiting time."""

import tomllib
from pathlib import Path
from typing import Any

from cms.matrix.channels import base


def read(folder: str) -> dict[str, Any]:
    """The table of one platform."""
    path = Path(__file__).parent / folder / "codes.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def classes(table: dict[str, Any]) -> list[tuple[str, type[base.ChannelError]]]:
    """(code, class) for every code that has a class of its own."""
    return [
        (str(code), getattr(base, name))
        for name, codes in table.items()
        if isinstance(getattr(base, name, None), type)
        for code in codes
    ]


def pairs(table: dict[str, Any], name: str) -> list[tuple[str, str]]:
    """(code, value) of a sub-table such as `fields`."""
    return [(str(code), value) for value, codes in table[name].items() for code in codes]
