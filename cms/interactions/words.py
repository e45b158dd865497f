"""What becomes of a worker's words before they are kept: cleaned, compared, made into HTML."""

import hashlib
import re

from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from search.text.normalise import HEAPED, INVISIBLE, normalise

MAX_LENGTH = 1000
MAX_LINKS = 2
TELLING_LENGTH = 8

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LINK = re.compile(
    r"(?:https?://|www\.)\S+|[a-z0-9-]+\.(?:com|cn|net|org|top|xyz|vip|cc)(?![a-z0-9])",
    re.IGNORECASE,
)
NOT_A_WORD = re.compile(r"[\W_]+")


def tidy(text: str) -> str:
    """Drop what nobody sees, end lines alike, keep at most one empty line between paragraphs."""
    text = INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = HEAPED.sub(r"\1", CONTROL.sub("", text))
    lines = [line.rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def check(text: str) -> str:
    """The tidied text; ValidationError when it is empty, too long or full of addresses."""
    text = tidy(text)
    if not text:
        raise ValidationError(_("请写点内容再发表。"), code="empty")
    if len(text) > MAX_LENGTH:
        raise ValidationError(
            _("评论最多 %(max)d 字，现在是 %(now)d 字，请删减后再发表。"),
            code="long",
            params={"max": MAX_LENGTH, "now": len(text)},
        )
    if len(links(text)) > MAX_LINKS:
        raise ValidationError(
            _("一条评论最多放 %(max)d 个网址，请删去多余的再发表。"),
            code="links",
            params={"max": MAX_LINKS},
        )
    return text


def links(text: str) -> list[str]:
    return LINK.findall(text)


def fingerprint(text: str, story_id: int | None = None) -> str:
    """Equal for texts that differ only in blanks, punctuation, width, case or character set.

    Short ones (「支持」) mean something else under each story: they are equal within one only.
    """
    plain = normalise(text)
    plain = NOT_A_WORD.sub("", plain) or plain
    if len(plain) < TELLING_LENGTH:
        plain = f"{plain} {story_id or ''}"
    return hashlib.blake2b(plain.encode(), digest_size=16).hexdigest()


def as_html(text: str) -> str:
    """Paragraphs and line breaks of a tidied text; everything else is escaped, nothing linked."""
    paragraphs = escape(text).split("\n\n")
    return "".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)
