"""The article as the platform will keep it, with a mark in the place of whatever is lost.

Both steps on the way to a reader leave traces: our renderer (links become numbers, pictures that
cannot be uploaded, embeds) and the platform (`kept`). A trace travels as a token of private-use
characters, which both steps take for text; its HTML is put in last.
"""

import re
from html import escape

from ..base import Loss, Overrides, Story
from .addresses import is_ours
from .kept import Kept, Traces, keep
from .render import content_traced

_OPEN, _CLOSE = "\ue000", "\ue001"
_TOKEN = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_PRIVATE = re.compile(f"[{_OPEN}{_CLOSE}]")


def kept_html(content: str) -> Kept:
    """A payload's `content` as a reader gets it; no losses when the renderer did its work."""
    return keep(content, ours=is_ours)


def marked_html(story: Story, overrides: Overrides) -> str:
    """The same with marks: elements of class `lost` (vanished) and `less` (stays as less)."""
    marks = Marks()
    content = content_traced(story, overrides, marks)
    return marks.filled(keep(content, ours=is_ours, traces=marks).html)


def marked_digest(digest: str, cut: str) -> str:
    """The digest as HTML, with the part for which there is no room struck through."""
    struck = f'<del class="lost">{escape(cut)}</del>' if cut else ""
    return f"{escape(digest)}{struck}"


def all_losses(rendered: tuple[Loss, ...], content: str) -> tuple[Loss, ...]:
    """What our renderer gave up, then what the platform would take besides."""
    return (*rendered, *kept_html(content).losses)


class Marks(Traces):
    """Collects marks while HTML is written; see `filled`."""

    def __init__(self) -> None:
        self._html: list[str] = []

    def gone(self, what: str, shown: str = "") -> str:
        """A label that names what vanished, and `shown` (a picture's words) if there is any."""
        said = f"：{escape(shown)}" if shown else ""
        return self._token(f'<del class="lost">{escape(what)}{said}</del>')

    def changed(self, what: str, inner: str) -> str:
        """`inner`, marked, with the reason where a pointer or a screen reader finds it."""
        begin = self._token(f'<ins class="less" title="{escape(what)}">')
        return f"{begin}{inner}{self._token('</ins>')}"

    def filled(self, html: str) -> str:
        """`html` with the marks in the place of their tokens; unknown tokens vanish."""
        known = _TOKEN.sub(lambda token: self._mark(int(token[1])), html)
        return _PRIVATE.sub("", known)

    def _mark(self, number: int) -> str:
        return self._html[number] if number < len(self._html) else ""

    def _token(self, html: str) -> str:
        self._html.append(html)
        return f"{_OPEN}{len(self._html) - 1}{_CLOSE}"
