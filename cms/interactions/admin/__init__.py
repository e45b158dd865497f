"""The desks in Wagtail's admin: the queue, one item, where comments are open, the report."""
