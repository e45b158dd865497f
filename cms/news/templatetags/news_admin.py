"""What the admin's templates ask of the newsroom."""

from django import template
from django.utils.translation import gettext_lazy as _

from search.text.keywords import Keyword

register = template.Library()

PARTS = {"score": _("得分")}


@register.filter
def why(keyword: Keyword) -> str:
    """The parts of a keyword's score, in words: "出现次数 2 × 少见程度 9.1"."""
    return " × ".join(f"{PARTS.get(name, name)} {part:.4g}" for name, part in keyword.parts.items())
