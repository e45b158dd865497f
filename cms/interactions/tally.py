"""Reads for polls: what one reader sees of one poll, and how the votes stand."""

from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cms.interactions.models.ballots import Ballot, BallotChoice, PollOption


@dataclass(frozen=True)
class Option:
    id: int | None
    text: str
    votes: int = 0
    percent: int = 0
    mine: bool = False


@dataclass(frozen=True)
class PollView:
    """`voters` is the number of people, not of crosses; `percent` is of the people."""

    options: list[Option]
    voters: int
    has_voted: bool
    shows_results: bool
    may_vote: bool


def option_rows(poll) -> QuerySet:
    """(text, id) of the options that are public now."""
    return PollOption.objects.filter(poll=poll.pk).values_list("text", "pk")


def poll_view(poll, user, *, preview: bool = False) -> PollView:
    """What `user` sees of `poll` now: one query, and one more for someone who is signed in."""
    if preview:
        options = [Option(option.pk, option.text) for option in poll.options.all()]
        return PollView(options, 0, has_voted=False, shows_results=False, may_vote=True)
    mine = _chosen_by(user, poll) if user and user.is_authenticated else set()
    rows = list(_counted(poll))
    voters = rows[0].voters if rows else 0
    return PollView(
        options=[
            Option(row.pk, row.text, row.votes, _percent(row.votes, voters), row.pk in mine)
            for row in rows
        ],
        voters=voters,
        has_voted=bool(mine),
        shows_results=_shows_results(poll, has_voted=bool(mine)),
        may_vote=poll.state == poll.State.OPEN and not mine,
    )


def _counted(poll) -> QuerySet[PollOption]:
    voters = Ballot.objects.filter(poll=OuterRef("poll")).order_by().values("poll")
    voters = voters.annotate(number=Count("pk")).values("number")
    return (
        PollOption.objects.filter(poll=poll.pk)
        .annotate(
            votes=Count("choices"),
            voters=Coalesce(Subquery(voters, output_field=IntegerField()), 0),
        )
        .order_by("sort_order", "pk")
    )


def _chosen_by(user, poll) -> set[int]:
    return set(
        BallotChoice.objects.filter(ballot__poll=poll.pk, ballot__user=user).values_list(
            "option_id", flat=True
        )
    )


def _shows_results(poll, *, has_voted: bool) -> bool:
    if poll.state == poll.State.CLOSED or poll.results == poll.Results.ALWAYS:
        return poll.state != poll.State.NOT_OPEN
    return poll.results == poll.Results.AFTER_VOTE and has_voted


def _percent(votes: int, voters: int) -> int:
    return round(100 * votes / voters) if voters else 0
