"""Verbs that write in the matrix. The database knows first; HTTP happens outside transactions.

deliveries: made and approved · moving: one step at a time · failing: what an error means ·
people: what a person may do · returns: what comes back · inbox, acts, auto_reply: answering ·
telling: notices in the chat · accounts: connecting, probing, pausing · callbacks: what platforms
push.
"""

from cms.matrix.services.accounts import account_probe
from cms.matrix.services.acts import act_carry_out, acts_due
from cms.matrix.services.deliveries import (
    deliveries_approve,
    deliveries_approve_missed,
    deliveries_draft,
    deliveries_reopen,
)
from cms.matrix.services.failing import account_pause, capability_off
from cms.matrix.services.inbox import (
    CannotAct,
    act_cancel,
    act_request,
    act_retry,
    act_settle,
    replies_mark_read,
    reply_assign,
    reply_mark_unread,
    reply_refresh,
    reply_take,
)
from cms.matrix.services.moving import deliveries_due, delivery_advance, delivery_settle
from cms.matrix.services.people import (
    CannotRetry,
    delivery_allow_repeat,
    delivery_cancel,
    delivery_check,
    delivery_correct,
    delivery_done_by_hand,
    delivery_give_up,
    delivery_published_by_hand,
    delivery_resend,
    delivery_restore,
    delivery_retry,
    delivery_withdraw,
    story_withdraw,
    version_preview,
)
from cms.matrix.services.returns import (
    account_figures_take,
    days_wanted,
    figures_take,
    replies_fetch,
    reply_take_in,
)
from cms.matrix.services.telling import reader_tell

__all__ = [
    "CannotAct",
    "CannotRetry",
    "account_figures_take",
    "account_pause",
    "account_probe",
    "act_cancel",
    "act_carry_out",
    "act_request",
    "act_retry",
    "act_settle",
    "acts_due",
    "capability_off",
    "days_wanted",
    "deliveries_approve",
    "deliveries_approve_missed",
    "deliveries_draft",
    "deliveries_due",
    "deliveries_reopen",
    "delivery_advance",
    "delivery_allow_repeat",
    "delivery_cancel",
    "delivery_check",
    "delivery_correct",
    "delivery_done_by_hand",
    "delivery_give_up",
    "delivery_published_by_hand",
    "delivery_resend",
    "delivery_restore",
    "delivery_retry",
    "delivery_settle",
    "delivery_withdraw",
    "figures_take",
    "reader_tell",
    "replies_fetch",
    "replies_mark_read",
    "reply_assign",
    "reply_mark_unread",
    "reply_refresh",
    "reply_take",
    "reply_take_in",
    "story_withdraw",
    "version_preview",
]
