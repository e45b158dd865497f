"""An outbox double."""
