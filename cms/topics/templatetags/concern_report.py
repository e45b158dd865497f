"""Numbers of 职工关切周报: on the screen they open what they counted, on paper they keep the rule
of small groups (cms.topics.selectors.report_words)."""

from datetime import date
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html

from cms.topics.selectors.report_words import asked_in, week_of
from cms.topics.templatetags.concern_figures import UNITS

register = template.Library()


@register.simple_tag(takes_context=True)
def report_number(context, number, name=""):
    """One number of the figures in the context; `name` says of what topic it is to those who only
    hear it."""
    shown = _link(context["figures"], number, name) if number["n"] else number["text"]
    if number["out"] == number["text"]:
        return shown
    return format_html(
        '<span class="weekly-in">{}</span><span class="weekly-out" aria-hidden="true">{}</span>',
        shown,
        number["out"],
    )


def _link(figures: dict, number: dict, name: str) -> str:
    heard = "，".join(part for part in (name, number["label"]) if part)
    return format_html(
        '<a href="{}" data-figure="{}" data-count="{}" aria-label="{}">{}</a>',
        address_of(figures, number["ask"]),
        number["kind"],
        number["n"],
        f"{heard} {number['n']} {UNITS[number['kind']]}".strip(),
        number["text"],
    )


def address_of(figures: dict, ask: dict) -> str:
    """Where the words of a number are, as they are today."""
    asked = {**asked_in(week_of(date.fromisoformat(figures["monday"]))), **ask}
    slug = asked.pop("topic", "")
    if figures["union"]:
        asked["union"] = figures["union"]
    page = reverse("topics_topic", args=[slug]) if slug else reverse("topics_voices")
    return f"{page}?{urlencode(asked)}"


@register.simple_tag(takes_context=True)
def report_topic_url(context, row) -> str:
    """All that was said of a topic in the week."""
    return address_of(context["figures"], {"topic": row["slug"]})


@register.filter
def is_text(piece) -> bool:
    """Whether a piece of a sentence is plain text, and no number."""
    return isinstance(piece, str)


@register.filter
def as_day(iso: str) -> date:
    """A day as the figures keep it."""
    return date.fromisoformat(iso)
