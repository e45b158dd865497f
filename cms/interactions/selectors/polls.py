"""How polls stand, for pages, for the dashboards and for those who answer for a union's polls.

Every figure here keeps the rule of cms.interactions.small.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from cms.interactions import results, tally
from cms.interactions.models import Ballot, PollOption, PollPage, Receipt, Tally, Turnout
from cms.interactions.small import LEAST, View, at_least, in_steps, is_small, merge_small
from cms.members.models import Role, Union
from cms.members.selectors import unions_for
from cms.news import pagecache
from cms.news.models import SectionPage

#: Who sees how the polls of a union stand, and who sees the ballots of a named one.
RESULT_ROLES = (Role.EDITOR, Role.MANAGER, Role.ADMIN)
BALLOT_ROLES = (Role.MANAGER, Role.ADMIN)


# --- For pages -----------------------------------------------------------------------------------


def kept_poll(pk: int) -> PollPage:
    """A public poll with its options, held in this process until a page goes public or is
    withdrawn: a rush of votes does not ask for the same rows again and again.

    Raises PollPage.DoesNotExist; what is not there is not held.
    """
    return pagecache.remember(f"poll:{pk}", lambda: _with_options(pk))


def _with_options(pk: int) -> PollPage:
    poll = PollPage.objects.live().get(pk=pk)
    poll.kept_options = tally.options_of(poll)
    poll.get_url()  # Where it stands is looked up once as well.
    return poll


@dataclass(frozen=True)
class Standing:
    """How a poll stands, as far as it is told. `table` is None when it is not; `answers`: texts."""

    poll: PollPage
    voters: int | None
    table: results.Table | None
    answers: tuple[tally.Said, ...] = ()

    @property
    def is_final(self) -> bool:
        return self.poll.state == PollPage.State.CLOSED


def standing(poll: PollPage) -> Standing:
    """The figures of `poll` that may be told now, whoever asks."""
    view = tally.published(poll, Tally.objects.filter(poll=poll.pk).first())
    if view is None:
        return Standing(poll, None, None)
    table = results.table(poll, tally.options_of(poll), view)
    return Standing(poll, view.ballots, table, tuple(tally.approved_answers(poll)))


def public_standing(poll: PollPage) -> Standing:
    """As `standing`, where anybody reads it: nothing before the poll says so."""
    return standing(poll) if tally.is_public(poll) else Standing(poll, None, None)


# --- For the dashboards --------------------------------------------------------------------------


def vote_counts(page_ids) -> dict[int, int]:
    """How many people have voted in each of these polls, as far as it is told; others left out."""
    return {poll: view.ballots for poll, view in _views(page_ids)}


def votes_by_source(page_ids) -> dict[int, dict[str, int]]:
    """poll → source → votes. A source of a few is counted with the next smallest, under the name
    of the larger: the sum is right, and no figure is about a small group."""
    return {
        poll: {labels[0]: number for labels, number in merge_small(_sources(view))}
        for poll, view in _views(page_ids)
    }


def votes_by_day(page_ids) -> dict[int, dict[str, dict[date, int]]]:
    """poll → source → day → votes. Votes of a few wait for the day on which they are enough."""
    found = {}
    for poll, view in _views(page_ids):
        named = {label: labels[0] for labels, _n in merge_small(_sources(view)) for label in labels}
        by_source: dict[str, Counter] = defaultdict(Counter)
        for day, source, number in sorted(_days(view)):
            by_source[named[source]][day] += number
        found[poll] = {source: in_steps(days) for source, days in by_source.items()}
    return found


def _views(page_ids) -> Iterator[tuple[int, View]]:
    """The views that may be told of these polls, in one query."""
    counts = Tally.objects.filter(poll__in=page_ids).select_related("poll")
    for count in counts:
        if view := tally.published(count.poll, count):
            yield count.poll_id, view


def _days(view: View) -> Iterator[tuple[date, str, int]]:
    for cell, number in view.cells.items():
        if cell.startswith(tally.DAY):
            day, _slash, source = cell.removeprefix(tally.DAY).partition("/")
            yield date.fromisoformat(day), source, number


def _sources(view: View) -> dict[str, int]:
    found: Counter = Counter()
    for _day, source, number in _days(view):
        found[source] += number
    return dict(found)


# --- For those who answer for the polls ----------------------------------------------------------


def polls_for(user, *roles: Role) -> QuerySet[PollPage]:
    """The polls in sections of unions for which `user` holds one of `roles`."""
    sections = SectionPage.objects.filter(union__in=unions_for(user, *roles))
    found = PollPage.objects.none()
    for path in sections.values_list("path", flat=True):
        found = found | PollPage.objects.filter(path__startswith=path)
    return found


@dataclass(frozen=True)
class UnionTurnout:
    """A union with all below it, or a few that are counted together, in a poll.

    `voters`, `share` and `rest` are words: where a figure would be about a small group, they say
    less.
    """

    name: str
    depth: int
    members: int
    voters: str
    share: str
    rest: str

    @property
    def steps(self) -> range:
        """As often as the name is set in."""
        return range(self.depth)


def turnout_by_union(poll: PollPage) -> list[UnionTurnout]:
    """Who of the unions took part: the tree of the poll's union, each with all below it.

    While the poll is open, numbers are floors in steps of LEAST: one more voter does not show.
    Afterwards they are exact; children of a union that are too small are counted together.
    """
    union = poll.union
    if union is None:
        return []
    unions = list(Union.objects.filter(path__startswith=union.path).order_by("path"))
    counted = Turnout.objects.filter(poll=poll.pk).values_list("user__union__path")
    paths = {union.path for union in unions}
    cast: Counter = Counter()
    for path, number in counted.annotate(number=Count("user")).order_by():
        # Whoever is registered elsewhere, or nowhere, stands with the poll's own union: apart,
        # they would be what is left of the total.
        cast[path if path in paths else union.path] += number
    return list(_rows(unions, cast, exact=poll.state == PollPage.State.CLOSED))


def _rows(unions: list[Union], cast: dict[str, int], *, exact: bool) -> Iterator[UnionTurnout]:
    top = unions[0]
    voters = {
        union.path: sum(n for path, n in cast.items() if path.startswith(union.path))
        for union in unions
    }
    if exact and is_small(voters[top.path]):
        return
    yield _row(top.name, 0, top.member_count, voters[top.path], exact)
    yield from _children(top, unions, voters, exact, depth=1)


def _children(parent, unions, voters, exact, depth) -> Iterator[UnionTurnout]:
    """The parts of a union's voters: its children, and its members who are in none of them.

    Below a part of several unions nothing is listed: it would take the part apart again.
    """
    children = {
        union.path: union
        for union in unions
        if union.depth == parent.depth + 1 and union.path.startswith(parent.path)
    }
    if not children:
        return
    parts = {path: voters[path] for path in children}
    parts[parent.path] = voters[parent.path] - sum(parts.values())
    names = {path: union.name for path, union in children.items()}
    names[parent.path] = _("%(union)s本级和未登记工会的") % {"union": parent.name}
    members = {path: union.member_count for path, union in children.items()}
    whole = [((path,), 0) for path in children if exact and not voters[path]]
    whole += merge_small(parts, wholes=members) if exact else _apart(parts, children)
    for labels, number in sorted(whole, key=lambda part: -part[1]):
        known = sum(members.get(path, 0) for path in labels)
        yield _row("、".join(names[path] for path in labels), depth, known, number, exact)
        if len(labels) == 1 and labels[0] in children:
            yield from _children(children[labels[0]], unions, voters, exact, depth + 1)


def _apart(parts, children) -> list[tuple[tuple[str, ...], int]]:
    return [((path,), number) for path, number in parts.items() if number or path in children]


def _row(name: str, depth: int, members: int, voters: int, exact: bool) -> UnionTurnout:
    shown = voters if exact else at_least(voters)
    words = str(shown) if exact else _("不少于 %(number)d") % {"number": shown}
    rest = members - voters
    if not members or rest < 0:
        return UnionTurnout(name, depth, members, words, "—", "—")
    if not exact:
        most = members - shown
        return UnionTurnout(name, depth, members, words, "—", _("不多于 %(n)d") % {"n": most})
    if is_small(rest):
        words = _("不少于 %(number)d") % {"number": max(0, members - LEAST)}
        return UnionTurnout(name, depth, members, words, "—", _("不足 %(n)d") % {"n": LEAST})
    return UnionTurnout(name, depth, members, words, _share(voters, members), str(rest))


def _share(voters: int, members: int) -> str:
    percent = round(100 * voters / members)
    return _("不到 1%") if voters and not percent else f"{percent}%"


def named_ballots(poll: PollPage) -> list[tuple[str, str, str]]:
    """(name, union, answer in words) of each ballot of a named poll, by union and name."""
    texts = dict(PollOption.objects.filter(poll=poll.pk).values_list("pk", "text"))
    ballots = Ballot.objects.filter(poll=poll.pk).select_related("user__union")
    return sorted(
        (
            ballot.user.real_name,
            ballot.user.union.name if ballot.user.union else "",
            tally.in_words(ballot.answers, texts),
        )
        for ballot in ballots
    )


# --- Checks --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recount:
    """What is kept of a poll, counted from each side."""

    turnout: int
    ballots: int
    receipts: int
    named_agree: bool

    @property
    def agrees(self) -> bool:
        return self.turnout == self.ballots == self.receipts and self.named_agree


def recount(poll: PollPage) -> Recount:
    """Count turnout and receipts, and in a named poll every ballot, against the tally."""
    count = Tally.objects.get(poll=poll.pk)
    return Recount(
        turnout=Turnout.objects.filter(poll=poll.pk).count(),
        ballots=count.ballots,
        receipts=Receipt.objects.filter(poll=poll.pk).count(),
        named_agree=poll.secrecy != PollPage.Secrecy.NAMED or _named_agree(poll, count),
    )


def _named_agree(poll: PollPage, count: Tally) -> bool:
    cells: Counter = Counter()
    for kept in Ballot.objects.filter(poll=poll.pk).values_list("answers", flat=True):
        cells.update(_cells_of(poll, kept))
    told = {cell: n for cell, n in count.cells.items() if not cell.startswith(tally.DAY)}
    return told == dict(cells)


def _cells_of(poll: PollPage, kept: dict) -> Iterable[str]:
    if "scores" in kept:
        return [f"{option}:{points}" for option, points in kept["scores"].items()]
    chosen = kept.get("options", ())
    if poll.choice == PollPage.Choice.RANKED:
        return [f"{option}:{place}" for place, option in enumerate(chosen, start=1)]
    return [str(option) for option in chosen]
