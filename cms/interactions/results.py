"""A view of the count as a table for people: pages, a story's block, the admin and files show it.

Pure. What may not be shown (cms.interactions.small) is no longer in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cms.interactions.answers import SCORES
from cms.interactions.small import LEAST, View, hidden_cells


@dataclass(frozen=True)
class Line:
    """One option. `cells`: what stands in the table behind its name; `percent`: the length of its
    bar, None where it may not be shown; `figure`: the words beside the bar."""

    id: int | None
    text: str
    cells: tuple[str, ...]
    percent: int | None
    figure: str
    detail: str = ""


@dataclass(frozen=True)
class Table:
    """`heads` begin with the option's own; `hides` says that some cell may not be shown."""

    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    hides: bool


def table(poll, options: Sequence[tuple[str, int]], view: View) -> Table:
    """The answers to `poll` as of `view`; `options` are (text, id) in the poll's order."""
    if poll.choice == poll.Choice.RANKED:
        return _ranked(options, view, poll.max_choices)
    if poll.choice == poll.Choice.RATING:
        return _rating(options, view)
    return _chosen(options, view)


def _chosen(options, view: View) -> Table:
    counts = {pk: view.cells.get(str(pk), 0) for _text, pk in options}
    hidden = hidden_cells(counts, view.ballots)
    lines = []
    for text, pk in options:
        number, percent = _number(counts, pk, hidden), None
        if pk not in hidden:
            percent = _percent(counts[pk], view.ballots)
        share = "—" if percent is None else f"{percent}%"
        detail = "" if percent is None else _("%(number)s 票") % {"number": number}
        lines.append(
            Line(pk, text, (number, share), percent, number if detail == "" else share, detail)
        )
    return Table((_("选项"), _("票数"), _("占比")), tuple(lines), bool(hidden))


def _ranked(options, view: View, places: int) -> Table:
    """The bar is the share of those who put the option first."""
    columns = []
    for place in range(1, min(places, len(options)) + 1):
        counts = {pk: view.cells.get(f"{pk}:{place}", 0) for _text, pk in options}
        columns.append((counts, hidden_cells(counts, view.ballots)))
    lines = []
    for text, pk in options:
        cells = tuple(_number(counts, pk, hidden) for counts, hidden in columns)
        first, hidden_first = columns[0]
        percent = None if pk in hidden_first else _percent(first[pk], view.ballots)
        figure = cells[0] if percent is None else f"{percent}%"
        lines.append(Line(pk, text, cells, percent, figure, _("排第一")))
    heads = tuple(_("第 %(place)d 位") % {"place": n} for n in range(1, len(columns) + 1))
    return Table((_("选项"), *heads), tuple(lines), any(hidden for _counts, hidden in columns))


def _rating(options, view: View) -> Table:
    lines, hides = [], False
    for text, pk in options:
        counts = {points: view.cells.get(f"{pk}:{points}", 0) for points in SCORES}
        hidden = hidden_cells(counts, view.ballots)
        hides = hides or bool(hidden)
        cells = tuple(_number(counts, points, hidden) for points in SCORES)
        mean = _mean({n: counts[n] for n in SCORES if n not in hidden}, hidden, view.ballots)
        figure = _("约 %(mean).1f 分") if hidden else _("%(mean).1f 分")
        figure %= {"mean": mean}
        lines.append(Line(pk, text, (*cells, figure), round(20 * mean), figure, _("平均")))
    heads = tuple(_("%(points)d 分") % {"points": points} for points in SCORES)
    return Table((_("选项"), *heads, _("平均")), tuple(lines), hides)


def _mean(shown: dict[int, int], hidden: set[int], people: int) -> float:
    """Worked out from what is shown alone, so that it tells no more: those in hidden cells are
    taken to have given, all of them, the middle of the hidden points."""
    rest = people - sum(shown.values())
    middle = sum(hidden) / len(hidden) if hidden else 0
    return (sum(points * number for points, number in shown.items()) + middle * rest) / people


def _number(counts: dict, key, hidden: set) -> str:
    if key not in hidden:
        return str(counts[key])
    return _("不足 %(least)d") % {"least": LEAST} if counts[key] < LEAST else _("不单列")


def _percent(number: int, people: int) -> int:
    return round(100 * number / people)
