"""What rooms above may listen to."""

from django.dispatch import Signal

page_viewed = Signal()  # page_id: int, source: str (a ReadTally.Source). One reading was counted.
