"""Figures that open the words behind them.

Every number that counts voices is written by `figure`: it names what it counts (`data-figure`) and
how many that are (`data-count`), and its address opens exactly those. tests/topics/evidence.py
follows all of them and counts again.
"""

from collections.abc import Sequence

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from cms.topics.selectors import Bar

register = template.Library()

#: The drawing of bars, in units of its own: room of a bar, height of the tallest, its base.
ROOM, TALLEST, BASE = 12, 72, 80
#: Pixels a bar may have at most.
WIDEST = 56

#: What a figure can count → its unit as it is read out.
UNITS = {
    "people": "人",
    "own_people": "人",
    "voices": "条",
    "unhappy": "条",
    "searches": "次",
    "empty": "次",
}


@register.simple_tag(takes_context=True)
def words_url(context, topic=None, **changes) -> str:
    """Where the words behind this page's scope stand; `changes` narrow it further."""
    query = context["form"].query(**changes)
    if topic is None:
        return f"{reverse('topics_voices')}?{query}"
    return f"{reverse('topics_topic', args=[topic.slug])}?{query}"


@register.simple_tag(takes_context=True)
def figure(context, kind, count, *, topic=None, text="", label="", **changes) -> str:
    """`count` as a link to what it counted. `kind`: a key of UNITS; `text` is shown instead of the
    bare number; `label` says what the number is to those who only hear it."""
    shown = text or str(count)
    if not count:
        return format_html('<span class="concern-none">{}</span>', shown)
    heard = f"{topic.name}，" if topic else ""
    return format_html(
        '<a href="{}" data-figure="{}" data-count="{}" aria-label="{}">{}</a>',
        words_url(context, topic, **changes),
        kind,
        count,
        f"{heard}{label} {count} {UNITS[kind]}",
        shown,
    )


@register.simple_tag
def draw_bars(bars: Sequence[Bar], stories=()) -> dict:
    """Where each bar stands in a drawing: {"width", "wide" (pixels at most), "top", "by_week",
    "bars": [{"period", "number", "x", "left", "middle", "y", "height", "story", "said"}]}."""
    top = max((bar.number for bar in bars), default=0)
    days = {timezone.localdate(story.published_at) for story in stories}
    drawn = []
    for place, bar in enumerate(bars):
        height = round(TALLEST * bar.number / top, 1) if top else 0
        drawn.append(
            {
                "period": bar.period,
                "number": bar.number,
                "x": place * ROOM,
                "left": place * ROOM + 2,
                "middle": place * ROOM + ROOM // 2,
                "y": BASE - height,
                "height": height,
                "story": any(bar.period.first <= day <= bar.period.last for day in days),
                "said": f"{bar.period.first.month}月{bar.period.first.day}日",
            }
        )
    return {
        "width": len(bars) * ROOM,
        "wide": len(bars) * WIDEST,
        "top": top,
        "by_week": any(bar.period.days > 1 for bar in bars),
        "bars": drawn,
    }
