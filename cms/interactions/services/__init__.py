"""Verbs that write.

comments: handed in · moderation: the queue and its decisions · votes: ballots cast · polls: the
union's answer.
"""

from cms.interactions.services.comments import Submitted, comment_submit
from cms.interactions.services.moderation import (
    Outcome,
    item_approve,
    item_register,
    item_reject,
    item_withdraw,
    items_decide,
)
from cms.interactions.services.polls import poll_answer_publish
from cms.interactions.services.votes import (
    Vote,
    answers_release,
    answers_release_due,
    ballot_cast,
    ballots_count,
    receipt_digest,
    why_not_vote,
)

__all__ = [
    "Outcome",
    "Submitted",
    "Vote",
    "answers_release",
    "answers_release_due",
    "ballot_cast",
    "ballots_count",
    "comment_submit",
    "item_approve",
    "item_register",
    "item_reject",
    "item_withdraw",
    "items_decide",
    "poll_answer_publish",
    "receipt_digest",
    "why_not_vote",
]
