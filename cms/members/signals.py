"""What members tells the rooms above it."""

from django.dispatch import Signal

# Sent with `union` and `role` and `group` when a role group has been made.
role_group_made = Signal()
