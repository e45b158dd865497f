"""What leaves the state: what has been silent too long, and of too much the longest silent."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar


class Dated(Protocol):
    last: int


T = TypeVar("T", bound=Dated)


def outdated(items: Iterable[T], before: int, most: int, name: Callable[[T], str]) -> list[T]:
    """Return those silent since before day `before`, and so many of the others that `most` stay.

    Of those silent since the same day, the first by name stay.
    """
    gone: list[T] = []
    kept: list[T] = []
    for item in items:
        (gone if item.last < before else kept).append(item)
    surplus = len(kept) - most
    if surplus > 0:
        # Only the days are sorted in full: there are few different ones, so it is quick.
        cut = sorted([item.last for item in kept])[surplus - 1]
        earlier = [item for item in kept if item.last < cut]
        on_the_day = sorted((item for item in kept if item.last == cut), key=name, reverse=True)
        gone += earlier + on_the_day[: surplus - len(earlier)]
    return gone
