"""What workers say back."""

from cms.interactions.models.comments import UnionComment
from cms.interactions.models.moderation import ModerationItem
from cms.interactions.models.polls import Ballot, BallotChoice, PollOption, PollPage

__all__ = [
    "Ballot",
    "BallotChoice",
    "ModerationItem",
    "PollOption",
    "PollPage",
    "UnionComment",
]
