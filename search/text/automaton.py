"""One automaton over many words, built once for each lexicon. No Django here."""

import os
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from search.lexicon import Lexicon

Built = TypeVar("Built")


class PerLexicon(Generic[Built]):
    """``build(lexicon)``, run once for each lexicon however many threads ask; the latest is kept.

    A forked child gets a lock of its own: the parent's may have been held at that moment.
    """

    def __init__(self, build: Callable[[Lexicon], Built]):
        self._build = build
        self._kept: tuple[Lexicon, Built] | None = None
        self._renew_lock()
        os.register_at_fork(after_in_child=self._renew_lock)

    def _renew_lock(self) -> None:
        self._lock = threading.Lock()

    def __call__(self, words: Lexicon) -> Built:
        kept = self._kept
        if kept is None or kept[0] is not words:
            with self._lock:
                kept = self._kept
                if kept is None or kept[0] is not words:
                    kept = self._kept = (words, self._build(words))
        return kept[1]


def glued(text: str, at: int) -> bool:
    """Whether a Latin word or a number runs across ``at``."""
    around = text[at - 1 : at + 1] if at else ""
    return len(around) == 2 and around.isascii() and around.isalnum()
