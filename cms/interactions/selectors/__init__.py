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
from cms.interactions.selectors.polls import vote_counts

__all__ = [
    "THREADS_PER_PAGE",
    "Threads",
    "as_id",
    "comment_counts",
    "comment_threads",
    "items_filtered",
    "items_for",
    "moderated_unions",
    "own_unpublished",
    "public_comment",
    "state_counts",
    "stories_spoken_of",
    "twins",
    "vote_counts",
]
