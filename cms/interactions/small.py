"""Small groups: no figure about fewer than LEAST people, nor one that two views give together.

The one place of the rule, in pure functions. Three ways lead to a small group, each closed here:

- a cell of 1–4 people in a table: `hidden_cells` hides it, and enough beside it that the total does
  not give it back;
- the difference of two views of a running count: `Lag` publishes only in steps of LEAST;
- a part of 1–4 people in a partition (votes by source, voters by union): `merge_small` joins
  them.

Proof for `Lag`. Let B be the ballots cast, N those of `next`, S those of `shown`. A step is taken
when B − N ≥ LEAST; it makes S' = N and N' = B. So S' − S = N − S, which an earlier step made
≥ LEAST (or S = 0: nothing was shown), and N' − S' = B − N ≥ LEAST. Two views that follow each other
therefore differ by at least LEAST ballots; and the final view, B ≥ N ≥ S + LEAST, differs from the
last that was shown by at least LEAST as well. What is not claimed: that those LEAST people differ
among each other. If all of them chose the same, any honest count says so.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

LEAST = 5

Key = TypeVar("Key", bound=Hashable)


def is_small(people: int, least: int = LEAST) -> bool:
    """Whether `people` are too few to be told of. Nobody at all is no group."""
    return 0 < people < least


def hidden_cells(cells: Mapping[Key, int], people: int, least: int = LEAST) -> set[Key]:
    """The cells that may not be shown of a question that `people` answered.

    Hidden is a cell of a few, and one that all but a few chose (its rest is the few). Where one is
    hidden, so are the next smallest, until the hidden ones hold `least` people, leave out `least`,
    and are two: the shown ones and any total then give no small group. All when that cannot be.
    """
    hidden = {key for key, n in cells.items() if is_small(n, least) or is_small(people - n, least)}
    rest = sorted((key for key in cells if key not in hidden and cells[key]), key=cells.__getitem__)
    while hidden and not _hold_enough([cells[key] for key in hidden], people, least):
        if not rest:
            return set(cells)
        hidden.add(rest.pop(0))
    return hidden


def _hold_enough(hidden: list[int], people: int, least: int) -> bool:
    return (
        len(hidden) > 1
        and sum(hidden) >= least
        and sum(people - number for number in hidden) >= least
    )


def merge_small(
    cells: dict[str, int], least: int = LEAST, *, wholes: Mapping[str, int] | None = None
) -> list[tuple[tuple[str, ...], int]]:
    """Parts of a whole, the smallest joined until each has `least` people: (labels, people), the
    largest first, and in each the label of most people first. Labels of nobody are left out; []
    when the whole is too small to be told of.

    `wholes`: label → all people of whom these are some (members, of whom some voted), where it is
    known. Then the rest of no part is a small group either, as far as joining can help.
    """
    wholes = wholes or {}

    def is_bad(part) -> bool:
        labels, people = part
        rest = sum(wholes.get(label, 0) for label in labels) - people
        return people < least or is_small(rest, least)

    def size(part):
        return part[1], part[0]

    parts = sorted((((label,), people) for label, people in cells.items() if people), key=size)
    while len(parts) > 1 and (bad := next(filter(is_bad, parts), None)):
        parts.remove(bad)
        other = parts.pop(0)
        labels = sorted((*bad[0], *other[0]), key=lambda label: (-cells[label], label))
        parts = sorted([*parts, (tuple(labels), bad[1] + other[1])], key=size)
    if parts and parts[0][1] < least:
        return []
    return parts[::-1]


def merge_people(
    cells: Mapping[str, Sequence[Hashable]], least: int = LEAST
) -> list[tuple[tuple[str, ...], int]]:
    """As `merge_small`, for things that people said: label → who said each of them.

    A person who said three counts once: a part has `least` different people. Gives (labels, number
    of things), the largest first; [] when all together are fewer people than that. The parts are a
    partition, so that every sum and difference of them speaks of `least` people or of nobody.
    """
    parts = [([label], list(said)) for label, said in cells.items() if said]
    while parts and (small := [part for part in parts if len(set(part[1])) < least]):
        if len(parts) == 1:
            return []
        parts.sort(key=lambda part: (len(part[1]), part[0]))
        first = min(small, key=lambda part: (len(part[1]), part[0]))
        parts.remove(first)
        parts[0] = (parts[0][0] + first[0], parts[0][1] + first[1])
    parts.sort(key=lambda part: (-len(part[1]), part[0]))
    return [
        (tuple(sorted(labels, key=lambda label: (-len(cells[label]), label))), len(said))
        for labels, said in parts
    ]


def in_steps(days: Mapping[Key, int], least: int = LEAST) -> dict[Key, int]:
    """A count by day, in the order given, told only when `least` have come together since the last
    day that was told; the few of the end are told with that one. {} when there are fewer in all."""
    told: dict[Key, int] = {}
    waiting, last = 0, None
    for day, people in days.items():
        waiting += people
        if waiting >= least:
            told[day] = waiting
            last, waiting = day, 0
    if last is not None and waiting:
        told[last] += waiting
    return told


def at_least(people: int, least: int = LEAST) -> int:
    """A running count as a floor that moves in steps of `least`: 13 is shown as 10."""
    return people // least * least


@dataclass(frozen=True)
class View:
    """A count as it stood once: how many ballots, and how many of them in each cell."""

    ballots: int = 0
    cells: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Lag:
    """The view that is shown while votes come in, and the one to be shown next (see the proof)."""

    shown: View = View()
    next: View = View()

    def is_due(self, ballots: int, least: int = LEAST) -> bool:
        return ballots - self.next.ballots >= least

    def step(self, now: View, least: int = LEAST) -> "Lag":
        """The lag after `now` was counted; itself when the step is not due."""
        return Lag(self.next, now) if self.is_due(now.ballots, least) else self
