"""What interactions tells the rooms above it. All are sent after the commit."""

from django.dispatch import Signal

# Sent with `item` (ModerationItem) when a text has become, or is no longer, approved.
utterance_approved = Signal()
utterance_withdrawn = Signal()

# Sent with `ballot` (Ballot) for each vote that counts.
vote_cast = Signal()
