"""What the matrix hands up to the rooms above it."""

from django.dispatch import Signal

# Sent on commit with `reply` (cms.matrix.models.Reply), once for each new utterance of a reader.
reply_received = Signal()

# Sent on commit with `reply` and `by` (the person who asked, or None): the utterance was deleted on
# its platform on our behalf. What the rooms above made of it is to be withdrawn.
reply_withdrawn = Signal()
