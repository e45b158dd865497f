"""What a channel is lent in its contract tests, with a memory of how it was used."""

import re
from datetime import datetime

from cms.matrix.channels.base import MemoryUploads, Purpose, QuotaExceeded


class Counting:
    """A meter that writes down what was asked of it."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def spend(self, call: str, purpose: Purpose) -> None:
        self.calls.append(call)

    def exhausted(self, call: str, until: datetime) -> None:
        """Not remembered."""


class Spent(Counting):
    """A meter with nothing left."""

    def spend(self, call: str, purpose: Purpose) -> None:
        raise QuotaExceeded("budget", human="今天的次数用完了。")


class CountedUploads(MemoryUploads):
    """An upload memory that counts what is put into it."""

    def __init__(self) -> None:
        super().__init__()
        self.puts = 0

    def put(self, digest: str, use: str, reference: str) -> None:
        self.puts += 1
        super().put(digest, use, reference)


def is_chinese(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text))


def ignore(progress) -> None:
    """Nobody keeps the progress."""
