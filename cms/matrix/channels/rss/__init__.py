"""A feed other unions subscribe to."""
