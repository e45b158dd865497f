"""What pages of other rooms show of the concerns, and small drawings for the board."""

from django import template

from cms.news import pagecache
from cms.topics import public

register = template.Library()

SPARK_WIDTH, SPARK_HEIGHT = 96, 24


@register.inclusion_tag("topics/concern_strip.html", takes_context=True)
def concern_strip(context):
    """The hottest concerns; nothing while there are none or no page to show them on. No query
    when warm."""
    if request := context.get("request"):
        pagecache.tag(request, public.CACHE_TAG)
    return public.strip()


@register.filter
def sparkline(days: list[int]) -> str:
    """Points of a polyline in a box of SPARK_WIDTH × SPARK_HEIGHT, the oldest day on the left."""
    top = max([*days, 1])
    step = SPARK_WIDTH / max(len(days) - 1, 1)
    inner = SPARK_HEIGHT - 4
    return " ".join(
        f"{place * step:.1f},{2 + inner - inner * number / top:.1f}"
        for place, number in enumerate(days)
    )


@register.filter
def get(figures: dict, key: str):
    return figures.get(key, 0)
