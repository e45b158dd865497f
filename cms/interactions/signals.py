"""What interactions tells the rooms above it. All are sent after the commit."""

from django.dispatch import Signal

# Sent with `item` (ModerationItem) when a text has become, or is no longer, approved.
utterance_approved = Signal()
utterance_withdrawn = Signal()

# Sent with `poll` (PollPage) and `voters` (ids of those who voted), once for each poll, when the
# union's answer has become public.
poll_answered = Signal()
