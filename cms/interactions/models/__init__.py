"""What workers say back."""

from cms.interactions.models.ballots import Ballot, PollOption, Receipt, Tally, Turnout
from cms.interactions.models.comments import UnionComment
from cms.interactions.models.moderation import ModerationDecision, ModerationItem
from cms.interactions.models.polls import PollPage

__all__ = [
    "Ballot",
    "ModerationDecision",
    "ModerationItem",
    "PollOption",
    "PollPage",
    "Receipt",
    "Tally",
    "Turnout",
    "UnionComment",
]
