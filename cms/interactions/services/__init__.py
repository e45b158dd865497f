"""Verbs that write.

comments: what readers do with theirs and others' · queue: what joins it · deciding: what
moderators decide · appeals · answers: answering, pinning, handing on · people: the ladder ·
record: the trail · retention: its end · rules: where comments are open · showing: what is seen
and counted · votes: ballots cast · polls: the union's answer.
"""

from cms.interactions.services.answers import (
    answer_give,
    comment_pin,
    item_assign,
    platform_delete,
)
from cms.interactions.services.appeals import appeal_decide, appeal_make
from cms.interactions.services.comments import (
    PersonalNumbers,
    Submitted,
    comment_edit,
    comment_like,
    comment_report,
    comment_submit,
    comment_withdraw,
)
from cms.interactions.services.deciding import (
    Outcome,
    item_approve,
    item_reject,
    item_withdraw,
    items_decide,
    reports_keep,
)
from cms.interactions.services.people import measure_lift, measure_take
from cms.interactions.services.polls import poll_answer_publish
from cms.interactions.services.queue import item_register
from cms.interactions.services.rules import rule_remove, rule_set
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
    "PersonalNumbers",
    "Submitted",
    "Vote",
    "answer_give",
    "answers_release",
    "answers_release_due",
    "appeal_decide",
    "appeal_make",
    "ballot_cast",
    "ballots_count",
    "comment_edit",
    "comment_like",
    "comment_pin",
    "comment_report",
    "comment_submit",
    "comment_withdraw",
    "item_approve",
    "item_assign",
    "item_register",
    "item_reject",
    "item_withdraw",
    "items_decide",
    "measure_lift",
    "measure_take",
    "platform_delete",
    "poll_answer_publish",
    "receipt_digest",
    "reports_keep",
    "rule_remove",
    "rule_set",
    "why_not_vote",
]
