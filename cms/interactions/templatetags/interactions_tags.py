"""What pages of the rooms below show of comments and polls."""

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cms.interactions import listing, selectors
from cms.news import pagecache
from cms.news.models import StoryCard

register = template.Library()

OPEN_POLLS = 2
POLLS_LOOKED_AT = 10


@register.inclusion_tag("interactions/comments.html", takes_context=True)
def story_comments(context, page):
    """A story's comments: the public ones; for the signed-in also the form and what is theirs."""
    request = context.get("request")
    if request is None or getattr(request, "is_preview", False) or not page.pk:
        return {"hidden": True}
    pagecache.tag(request, f"comments:{page.pk}")
    return {**listing.story_context(request, page), "csrf_token": context.get("csrf_token")}


@register.filter
def is_in(comment_id: str, ids: set[int]) -> bool:
    """Whether a comment's id, as lists name it, is among these."""
    return int(comment_id) in ids


@register.inclusion_tag("interactions/poll_results.html")
def poll_figures(table, answers, poll, place="option"):
    """Bars with the table behind them; `table` is a cms.interactions.results.Table. `place` keeps
    ids apart where a page shows the figures of a poll twice."""
    return {"table": table, "answers": answers, "prefix": f"{place}-{poll.pk}"}


@register.inclusion_tag("interactions/poll_standing.html")
def poll_result(poll, *, live: bool = False):
    """How a poll stands, as far as anybody may know.

    In a story's text it is a table as when the story was published, and asks for the figures of
    today; `live` are these figures, with bars, which ask for nothing more.
    """
    poll = poll.specific
    standing = selectors.public_standing(poll)
    return {"page": poll, "standing": standing, "now": timezone.now(), "live": live}


@register.simple_tag(takes_context=True)
def open_polls(context) -> list[StoryCard]:
    """The two newest polls one can vote in now."""
    newest = StoryCard.objects.filter(kind="poll").defer("body_html", "body_text")
    cards = list(newest[:POLLS_LOOKED_AT])
    if request := context.get("request"):
        moments = [moment for card in cards for moment in _opening_hours(card)]
        pagecache.keep_until(request, *moments)
    now = timezone.now()
    return [card for card in cards if _is_open(card, now)][:OPEN_POLLS]


def _is_open(card: StoryCard, now) -> bool:
    opens_at, closes_at = _opening_hours(card)
    return not (opens_at and opens_at > now) and not (closes_at and closes_at <= now)


def _opening_hours(card: StoryCard):
    return [
        parse_datetime(card.extra[name]) if card.extra.get(name) else None
        for name in ("opens_at", "closes_at")
    ]
