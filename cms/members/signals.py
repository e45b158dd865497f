"""What members tells the rooms above it."""

from django.dispatch import Signal

# Sent with `union` and `role` and `group` when a role group has been made.
role_group_made = Signal()

# Sent with `notices` (a list of Notice) after the commit that made them.
notices_made = Signal()

# Sent with `user` inside the transaction of the deletion, while the row is still whole.
person_erased = Signal()
