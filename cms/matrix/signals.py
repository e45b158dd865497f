"""What the matrix hands up to the rooms above it."""

from django.dispatch import Signal

# Sent on commit with `reply` (cms.matrix.models.Reply), once for each new utterance of a reader.
reply_received = Signal()
