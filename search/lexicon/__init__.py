"""The house's words: terms with their topic, synonyms and stop words.

``current()`` is what everything in ``search.text`` asks. Without Django it reads the files that
ship with the package; ``search.apps`` points it at the editable table instead.
"""

from collections.abc import Callable

from search.lexicon.base import Entry, Lexicon, Watch, from_files

__all__ = ["Entry", "Lexicon", "Watch", "current", "from_files", "use"]

_source: Callable[[], Lexicon] = from_files


def use(source: Callable[[], Lexicon]) -> None:
    """Make ``source`` answer ``current()``; it must be quick, thread-safe and never raise."""
    global _source
    _source = source


def current() -> Lexicon:
    """Return the lexicon in force: an immutable object, the same one until the words change."""
    return _source()
