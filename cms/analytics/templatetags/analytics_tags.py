"""Figures in templates."""

from django import template

from cms.analytics import words

register = template.Library()
register.filter("figure", words.figure)


@register.simple_tag
def change(tile) -> str:
    """How a tile compares with the period before."""
    return words.change(tile.now, tile.before, tile.unit)
