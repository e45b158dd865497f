"""What the admin's templates ask of the newsroom."""

from django import template
from django.utils.translation import gettext_lazy as _

from search.text.keywords import Keyword

register = template.Library()

# What a keyword's score is made of (search.text.keywords.PARTS), as editors say it.
PARTS = {
    "frequency": _("出现次数"),
    "rarity": _("少见程度"),
    "speech": _("词性"),
    "title": _("标题里有"),
    "position": _("出现得早"),
    "length": _("词的长短"),
    "unity": _("连成一词"),
    "marks": _("书名号里"),
    "house": _("词库收录"),
}
NEUTRAL = 1.0


@register.filter
def why(keyword: Keyword) -> str:
    """The parts that move a keyword's score, in words: "出现次数 2 × 少见程度 9.1"."""
    moving = [(name, round(part, 2)) for name, part in keyword.parts.items() if part != NEUTRAL]
    return " × ".join(f"{PARTS.get(name, name)} {part:g}" for name, part in moving)
