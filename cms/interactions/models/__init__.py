"""What workers say back."""

from cms.interactions.models.ballots import Ballot, PollOption, Receipt, Tally, Turnout
from cms.interactions.models.comments import CommentReport, UnionComment
from cms.interactions.models.desk import CommentRule, DeskSettings, SavedAnswer
from cms.interactions.models.moderation import Appeal, ModerationEvent, ModerationItem
from cms.interactions.models.people import Measure
from cms.interactions.models.polls import PollPage

__all__ = [
    "Appeal",
    "Ballot",
    "CommentReport",
    "CommentRule",
    "DeskSettings",
    "Measure",
    "ModerationEvent",
    "ModerationItem",
    "PollOption",
    "PollPage",
    "Receipt",
    "SavedAnswer",
    "Tally",
    "Turnout",
    "UnionComment",
]
