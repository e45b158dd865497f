"""A meter that writes down what was spent and what was said to be used up."""

from datetime import datetime

from cms.matrix.channels.base import Purpose


class Ledger:
    def __init__(self) -> None:
        self.spent: list[tuple[str, Purpose]] = []
        self.used_up: list[tuple[str, datetime]] = []

    def spend(self, call: str, purpose: Purpose) -> None:
        self.spent.append((call, purpose))

    def exhausted(self, call: str, until: datetime) -> None:
        self.used_up.append((call, until))

    def purposes(self) -> dict[str, set[Purpose]]:
        """path → what it was called for."""
        found: dict[str, set[Purpose]] = {}
        for call, purpose in self.spent:
            found.setdefault(call, set()).add(purpose)
        return found
