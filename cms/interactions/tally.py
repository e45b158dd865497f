"""Reads for polls: what one reader sees of one poll, and how the votes stand.

Everything public comes from `published`; nothing here gives the running count itself away.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.interactions import results
from cms.interactions.answers import SCORES, Asked
from cms.interactions.models.ballots import Ballot, PollOption, Tally, Turnout
from cms.interactions.models.moderation import ModerationItem
from cms.interactions.small import LEAST, Lag, View, is_small

#: Keys of a count that name a day and a source, not an answer.
DAY = "@"
#: Origins of texts in the moderators' queue that were answers to a poll begin so.
ANSWER = "answer:"


@dataclass(frozen=True)
class Option:
    """One option in the form. `chosen`: ticked when it was refused; `scores`: (points, chosen)."""

    id: int | None
    text: str
    chosen: bool = False
    mine: bool = False
    scores: tuple[tuple[int, bool], ...] = ()


@dataclass(frozen=True)
class Place:
    """One place of a ranked poll in the form; `chosen`: id as text of what was put there."""

    number: int
    required: bool
    chosen: str = ""


@dataclass(frozen=True)
class Said:
    """A text that was written in a poll; `people`: how many wrote just this, None for a few."""

    text: str
    people: int | None = None


@dataclass(frozen=True)
class PollView:
    """`voters`: people, as of the view that is published, None when too few to tell; `table`: None
    when results are not shown to this reader; `mine`: one's own answer in a named poll."""

    options: list[Option]
    voters: int | None
    has_voted: bool
    may_vote: bool
    table: results.Table | None = None
    answers: list[Said] = field(default_factory=list)
    withheld: bool = False
    mine: str = ""
    places: tuple[Place, ...] = ()
    text: str = ""

    @property
    def shows_results(self) -> bool:
        return self.table is not None


def option_rows(poll) -> QuerySet:
    """(text, id) of the options that are public now."""
    return PollOption.objects.filter(poll=poll.pk).values_list("text", "pk")


def options_of(poll) -> list[tuple[str, int]]:
    """`option_rows` in the poll's order; those that `kept_poll` has read already."""
    kept = getattr(poll, "kept_options", None)
    return kept or list(option_rows(poll).order_by("sort_order", "pk"))


def lag_of(tally: Tally) -> Lag:
    return Lag(View(**tally.shown), View(**tally.next))


def published(poll, tally: Tally | None) -> View | None:
    """The count that may be shown now: while votes come in one that lags, then the final one.

    None when it tells of too few people.
    """
    if tally is None:
        return None
    view = lag_of(tally).shown
    if poll.state == poll.State.CLOSED:
        view = View(tally.ballots, tally.cells)
    return view if view.ballots >= LEAST else None


def poll_view(
    poll, user, *, preview: bool = False, asked: Asked | None = None, just_voted: bool = False
) -> PollView:
    """What `user` sees of `poll` now; `asked`: what was handed in and refused.

    Two queries (options, count), one more for someone who is signed in, one for texts.
    """
    asked = asked or Asked.of()
    if preview:
        options = [(option.text, option.pk) for option in poll.options.all()]
        return PollView(
            _options(options, asked, set()), None, has_voted=False, may_vote=True,
            places=_places(poll, len(options), asked),
        )  # fmt: skip
    rows = options_of(poll)
    view = published(poll, Tally.objects.filter(poll=poll.pk).first())
    has_voted, kept = (True, {}) if just_voted else _own(poll, user)
    shows = _shows_results(poll, has_voted=has_voted)
    return PollView(
        options=_options(rows, asked, set(kept.get("options", ()))),
        voters=view.ballots if view else None,
        has_voted=has_voted,
        may_vote=poll.state == poll.State.OPEN and not has_voted,
        table=results.table(poll, rows, view) if view and shows else None,
        answers=approved_answers(poll) if view and shows else [],
        withheld=shows and view is None,
        mine=in_words(kept, {pk: text for text, pk in rows}),
        places=_places(poll, len(rows), asked),
        text=asked.text,
    )


def in_words(kept: Mapping, texts: Mapping[int, str]) -> str:
    """A kept answer as one line; "" for none. `texts`: option id → text."""
    if "scores" in kept:
        parts = [
            _("%(option)s %(points)d 分") % {"option": texts.get(int(pk), ""), "points": points}
            for pk, points in kept["scores"].items()
        ]
    else:
        parts = [texts.get(pk, "") for pk in kept.get("options", ())]
    return kept.get("text", "") or "、".join(parts)


def _own(poll, user) -> tuple[bool, dict]:
    """(has voted, the answer as kept): in a secret poll nobody knows the answer any more."""
    if not (user and user.is_authenticated):
        return False, {}
    if poll.secrecy == poll.Secrecy.NAMED:
        ballot = Ballot.objects.filter(poll=poll.pk, user=user).first()
        return ballot is not None, ballot.answers if ballot else {}
    return Turnout.objects.filter(poll=poll.pk, user=user).exists(), {}


def _options(rows, asked: Asked, mine: set[int]) -> list[Option]:
    return [
        Option(
            pk,
            text,
            chosen=str(pk) in asked.option_ids,
            mine=pk in mine,
            scores=tuple(
                (points, (asked.scores or {}).get(str(pk)) == str(points)) for points in SCORES
            ),
        )
        for text, pk in rows
    ]


def _places(poll, options: int, asked: Asked) -> tuple[Place, ...]:
    if poll.choice != poll.Choice.RANKED:
        return ()
    chosen = dict(enumerate(asked.option_ids, start=1))
    return tuple(
        Place(n, required=n <= poll.min_choices, chosen=chosen.get(n, ""))
        for n in range(1, min(poll.max_choices, options) + 1)
    )


def approved_answers(poll) -> list[Said]:
    """The approved texts of a poll that asks for some: what many wrote first, then as in the
    alphabet."""
    if poll.choice != poll.Choice.TEXT:
        return []
    approved = ModerationItem.objects.filter(
        story=poll.pk, origin__startswith=ANSWER, state=ModerationItem.State.APPROVED
    )
    written = Counter(approved.values_list("text", flat=True))
    told = [Said(text, None if is_small(n) else n) for text, n in written.items()]
    return sorted(told, key=lambda said: (-(said.people or 0), said.text))


def _shows_results(poll, *, has_voted: bool) -> bool:
    if is_public(poll):
        return True
    return poll.results == poll.Results.AFTER_VOTE and has_voted and poll.state == poll.State.OPEN


def is_public(poll) -> bool:
    """Whether anybody may see how the votes stand."""
    if poll.state == poll.State.CLOSED:
        return True
    return poll.results == poll.Results.ALWAYS and poll.state == poll.State.OPEN
