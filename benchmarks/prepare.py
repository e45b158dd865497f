"""Run in Django's shell: chooses the pages to measure.

One story is given comments until exactly COMMENTS of them are public.
"""

import json
from urllib.parse import urlencode

from cms.interactions.selectors import comment_counts
from cms.members.models import User
from cms.news.models import StoryCard
from cms.news.models.stories import STORY_MODELS
from tests.factories.comments import public_comments

COMMENTS = 100
QUERY = "高温津贴"
SAID = (
    "第{}天上工地，棚里四十度，津贴一分没见着，问班长说公司没通知。",
    "我们厂（第{}车间）去年是按天算的，八月底一起发，工资条上单列了一行。",
    "请问外卖骑手算不算？已经问了{}个人，说法都不一样。",
)


def print_pages() -> None:
    """Print {name of page: path} as JSON."""
    print(json.dumps(pages()))


def pages() -> dict[str, str]:
    stories = [card for card in StoryCard.objects.all() if card.kind in _kinds()]
    counts = comment_counts(card.pk for card in stories)
    stories.sort(key=lambda card: counts.get(card.pk, 0))
    spoken_of = [card for card in stories if counts.get(card.pk, 0) <= COMMENTS][-1]
    _fill(spoken_of.page.specific, counts.get(spoken_of.pk, 0))
    article = next(card for card in stories if card.cover and card != spoken_of)
    return {
        "home": "/",
        "section": article.section_url,
        "article": article.url,
        "article_100_comments": spoken_of.url,
        "search": f"/search/?{urlencode({'q': QUERY})}",
    }


def _kinds() -> set[str]:
    return {model.kind for model in STORY_MODELS}


def _fill(page, number: int) -> None:
    """Public comments up to COMMENTS, every third an answer to the one before."""
    people = list(User.objects.filter(phone__isnull=False)[:40])
    texts = [SAID[place % len(SAID)].format(place) for place in range(number, COMMENTS)]
    public_comments(page, people, texts, every_nth_answers=3)
    found = comment_counts([page.pk])[page.pk]
    if found != COMMENTS:
        raise SystemExit(f"{page.title}: {found} public comments, {COMMENTS} wanted")
