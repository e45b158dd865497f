"""Verbs that write.

comments: handed in · moderation: the queue and its decisions · votes: ballots cast.
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
from cms.interactions.services.votes import ballot_cast

__all__ = [
    "Outcome",
    "Submitted",
    "ballot_cast",
    "comment_submit",
    "item_approve",
    "item_register",
    "item_reject",
    "item_withdraw",
    "items_decide",
]
