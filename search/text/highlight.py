"""The passage of a text that answers a query, escaped and marked."""

from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search import lexicon
from search.text import segment
from search.text.normalise import QUERY_LIMIT, clean, fold, normalise

#: How much of a text is looked through for a passage.
LOOK_AT = 20_000


def excerpt(text: str, query: str, length: int = 120, also: Iterable[str] = ()) -> SafeString:
    """Return about ``length`` characters of ``text`` round the query's words, as safe HTML.

    The words, and those of ``also``, are in ``<mark>``; everything else is escaped; … shows where
    the text was cut. Without a word found, the beginning of the text.
    """
    text = " ".join(clean(text[:LOOK_AT]).split())
    folded, places = fold(text)
    words = [*needles(query), *filter(None, map(normalise, also))]
    spans = [(places[start], places[end - 1] + 1) for start, end in _spans(folded, words)]
    start = _best_start(spans, length, len(text))
    stop = min(len(text), start + length)
    parts, at = ["…" if start else ""], start
    for left, right in spans:
        left, right = max(left, at), min(right, stop)
        if left < right:
            parts += [escape(text[at:left]), "<mark>", escape(text[left:right]), "</mark>"]
            at = right
    parts += [escape(text[at:stop]), "…" if stop < len(text) else ""]
    return mark_safe("".join(parts))


def needles(query: str) -> list[str]:
    """Return what to mark for ``query``: its runs and their words, without small words."""
    stop_words = lexicon.current().stop_words
    found: dict[str, None] = {}
    runs = segment.RUN.findall(normalise(query, QUERY_LIMIT))
    for run in runs:
        found[run] = None
        for word in segment.words(run):
            if word not in stop_words and (len(word) > 1 or len(run) == 1):
                found[word] = None
    return [word for word in found if word not in stop_words] or runs


def _spans(folded: str, words: list[str]) -> list[tuple[int, int]]:
    """Return where the words stand, from left to right, overlapping and touching ones joined."""
    raw = []
    for word in words:
        at = folded.find(word)
        while at >= 0:
            raw.append((at, at + len(word)))
            at = folded.find(word, at + len(word))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(raw):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _best_start(spans: list[tuple[int, int]], length: int, total: int) -> int:
    """Return where to begin so that the most marked characters show, with some text before."""
    if not spans or total <= length:
        return 0
    lead = length // 5

    def shown(first: int) -> int:
        limit = spans[first][0] - lead + length
        return sum(end - start for start, end in spans[first : first + 50] if end <= limit)

    best = max(range(min(len(spans), 200)), key=lambda first: (shown(first), -first))
    return max(0, min(spans[best][0] - lead, total - length))
