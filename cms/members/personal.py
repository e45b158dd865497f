"""What each room keeps of a person, for showing, taking along and erasing.

A room above registers its holdings in `AppConfig.ready()`; /my/data/, the export and the deletion
then cover them (个人信息保护法 arts. 44–47).
"""

from collections.abc import Callable
from dataclasses import dataclass

from cms.members.models import User


@dataclass(frozen=True)
class Holding:
    """One kind of data.

    `rows` gives a person's data as dicts with Chinese column names and plain values, newest first.
    `erase` removes it, or what in it leads to the person; it runs inside the transaction of the
    deletion. `on_leaving` says in words what becomes of it. `url` is the person's own page of it.
    `order` sorts; erasing goes backwards, so that the person's row (0) is emptied last.
    """

    slug: str
    title: str
    rows: Callable[[User], list[dict]]
    erase: Callable[[User], None]
    on_leaving: str = ""
    url: str = ""
    order: int = 100


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Add a holding. Raises ValueError when its slug is another's."""
    if _holdings.get(holding.slug, holding) != holding:
        raise ValueError(f"Two holdings are called {holding.slug}.")
    _holdings[holding.slug] = holding


def holdings() -> list[Holding]:
    return sorted(_holdings.values(), key=lambda holding: (holding.order, holding.slug))
