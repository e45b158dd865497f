"""Reads: the comments of a story, the moderators' queue, how many have voted."""

from cms.interactions.selectors.comments import (
    THREADS_PER_PAGE,
    Threads,
    comment_counts,
    comment_threads,
    own_unpublished,
    public_comment,
)
from cms.interactions.selectors.ids import as_id
from cms.interactions.selectors.moderation import (
    items_filtered,
    items_for,
    moderated_unions,
    state_counts,
    stories_spoken_of,
    twins,
)
from cms.interactions.selectors.polls import (
    BALLOT_ROLES,
    RESULT_ROLES,
    Recount,
    Standing,
    named_ballots,
    polls_for,
    public_standing,
    recount,
    standing,
    turnout_by_union,
    vote_counts,
    votes_by_day,
    votes_by_source,
)

__all__ = [
    "BALLOT_ROLES",
    "RESULT_ROLES",
    "THREADS_PER_PAGE",
    "Recount",
    "Standing",
    "Threads",
    "as_id",
    "comment_counts",
    "comment_threads",
    "items_filtered",
    "items_for",
    "moderated_unions",
    "named_ballots",
    "own_unpublished",
    "polls_for",
    "public_comment",
    "public_standing",
    "recount",
    "standing",
    "state_counts",
    "stories_spoken_of",
    "turnout_by_union",
    "twins",
    "vote_counts",
    "votes_by_day",
    "votes_by_source",
]
