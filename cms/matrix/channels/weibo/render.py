"""Story → one Weibo status: 【title】summary, tail, link; at most 140 Chinese characters.

How the platform counts: a character outside ASCII is one, an ASCII character is half, the sum is
rounded up. We count a character beyond the basic plane (emoji) as two and an address in full,
which is never less than what the platform counts.
"""

import re
import unicodedata
from importlib.resources import files
from string import Template

from ..base import Loss, Overrides, Payload, Story
from ..links import with_source

STATUS_LIMIT = 140

_STATUS = Template(
    files(__package__).joinpath("templates/status.txt").read_text(encoding="utf-8").strip()
)
_HASHTAG = re.compile(r"#([^#\s][^#]*)#")
_SENTENCE_END = re.compile(r"[。!?;!?;]")
_JOINER = "\u200d"


def render(story: Story, overrides: Overrides) -> Payload:
    """`status` (the whole text), `url` and `cover` (a picture key or "").

    The editor's own text is kept word by word, only the link is added; a summary that does not fit
    is cut at the end of a sentence or of a character.
    """
    url = with_source(story.url, "weibo")
    cut = False
    if overrides.text:
        status = overrides.text if url in overrides.text else f"{overrides.text.rstrip()} {url}"
    else:
        title = f"【{_plain(overrides.title or story.title)}】"
        tail = _plain(overrides.tail)
        room = STATUS_LIMIT * 2 - _halves(
            _STATUS.substitute(title=title, words="", tail=tail, url=url)
        )
        words = _plain(overrides.digest or story.summary)
        fitted = _fit(words, room)
        cut = fitted != words
        status = _STATUS.substitute(title=title, words=fitted, tail=tail, url=url)
    cover = overrides.cover or story.cover
    others = sum(1 for picture in story.pictures if picture != cover)
    losses = (
        Loss("正文（微博只发标题、摘要和链接）", int(bool(story.body_html.strip()))),
        Loss("摘要放不下的部分", int(cut)),
        Loss("封面以外的配图", others),
    )
    return Payload(
        fields={
            "status": status,
            "url": url,
            "cover": cover.key if cover else "",
        },
        losses=tuple(loss for loss in losses if loss.how_many),
    )


def weibo_length(text: str) -> int:
    """The length of `text` in Chinese characters, as Weibo counts."""
    return (_halves(text) + 1) // 2


def has_hashtag(text: str) -> bool:
    """Whether `text` holds a #topic#, which the sharing interface refuses."""
    return _HASHTAG.search(text) is not None


def _halves(text: str) -> int:
    return sum(1 if ord(char) < 128 else 2 if ord(char) < 0x10000 else 4 for char in text)


def _plain(text: str) -> str:
    """One line without #topics#."""
    return _HASHTAG.sub(r"\1", " ".join(text.split()))


def _fit(text: str, room: int) -> str:
    """The longest good beginning of `text` within `room` halves; "" when there is no room."""
    if _halves(text) <= room:
        return text
    room -= _halves("…")
    end = used = 0
    while end < len(text) and used + _halves(text[end]) <= room:
        used += _halves(text[end])
        end += 1
    while end > 0 and _inside_character(text, end):
        end -= 1
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, end)]
    if ends and ends[-1] * 2 >= end:
        return text[: ends[-1]]
    return f"{text[:end]}…" if end else ""


def _inside_character(text: str, end: int) -> bool:
    """Whether a cut at `end` would part a character from its marks, or break an ASCII word."""
    after, before = text[end], text[end - 1]
    if unicodedata.category(after) in ("Mn", "Me", "Sk") or _JOINER in (after, before):
        return True
    return after.isascii() and after.isalnum() and before.isascii() and before.isalnum()
