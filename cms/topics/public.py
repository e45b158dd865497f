"""What readers see of the concerns: nobody's name, and no topic of fewer than FLOOR people."""

from dataclasses import dataclass, field

from django.core.cache import cache
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.interactions.small import LEAST, at_least
from cms.news.models import StoryCard
from cms.news.selectors import cards
from cms.topics.models.topics import Topic
from cms.topics.reading import topics_of
from cms.topics.selectors import (
    Answer,
    Period,
    Row,
    answers_of,
    care_of,
    care_people,
    public_sentences,
    ranking,
)

DAYS = 28
#: Privacy: with fewer people (domain.md §7) a colleague could guess who spoke.
FLOOR = LEAST
CACHE_TAG = "concerns"
STRIP_KEY = "topics:strip"
STRIP_SIZE = 5
STRIP_SECONDS = 3600
#: Newest stories that are looked through for those about a topic.
STORIES_READ = 300
STORIES_SHOWN = 2
STORIES_OF_TOPIC = 12
#: A rise is a fifth more people, and at least this many.
RISE_SHARE = 1.2
RISE_PEOPLE = 3


class Trend(models.TextChoices):
    NEW = "new", _("新")
    UP = "up", _("上升")
    STEADY = "steady", _("平稳")
    DOWN = "down", _("回落")


@dataclass(frozen=True)
class Concern:
    """A topic as the public reads it. `row` is None when too few people speak of it just now."""

    topic: Topic
    row: Row | None = None
    sentences: list[str] = field(default_factory=list)
    stories: list[StoryCard] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def people(self) -> int:
        """A floor in steps of five: no two views differ by fewer people."""
        return at_least(self.row.people)

    @property
    def searches(self) -> int:
        """As `people`."""
        return at_least(self.row.searches)

    @property
    def trend(self) -> Trend:
        return trend(self.row.people, self.row.people_before)


def trend(people: int, before: int) -> Trend:
    """From the people of this period and of the one before."""
    if not before:
        return Trend.NEW
    least = RISE_PEOPLE
    if people >= before * RISE_SHARE and people - before >= least:
        return Trend.UP
    if before >= people * RISE_SHARE and before - people >= least:
        return Trend.DOWN
    return Trend.STEADY


def concerns() -> list[Concern]:
    """The topics of the last DAYS days that FLOOR people or more spoke of, with their stories."""
    rows = public_rows()
    topics = [row.topic for row in rows]
    said = public_sentences(topics=topics, period=Period.of(DAYS))
    stories, answers = stories_about(topics), answers_of(topics, most=1)
    return [
        Concern(
            row.topic,
            row,
            said[row.topic.pk],
            stories[row.topic.pk][:STORIES_SHOWN],
            answers[row.topic.pk],
        )
        for row in rows
    ]


def concern(slug: str) -> Concern | None:
    """One topic with all its stories; None when it is unknown or not shown."""
    topic = Topic.objects.filter(slug=slug, state=Topic.State.SHOWN).first()
    if topic is None:
        return None
    row = next((row for row in public_rows() if row.topic == topic), None)
    said = public_sentences(topics=[topic], period=Period.of(DAYS)) if row else {topic.pk: []}
    stories = stories_about([topic])[topic.pk][:STORIES_OF_TOPIC]
    return Concern(topic, row, said[topic.pk], stories, answers_of([topic])[topic.pk])


def care_box(topic: Topic, user) -> dict:
    """What the button 我也关心 shows: how many people at least, and whether oneself."""
    return {**care_of(topic, user), "carers": care_people(topic)}


def public_rows() -> list[Row]:
    """In the order of the board, which no flood of posts can change; with their counts alone."""
    return [row for row in ranking(period=Period.of(DAYS)) if row.people >= FLOOR]


def stories_about(topics: list[Topic]) -> dict[int, list[StoryCard]]:
    """By topic the public stories whose title or tags speak of it, newest first. One query.

    A title is read with the same lexicon as a voice, so both use a topic in the same sense.
    """
    found: dict[int, list[StoryCard]] = {topic.pk: [] for topic in topics}
    for card in cards()[:STORIES_READ] if topics else ():
        text = f"{card.title}。{card.tag_text()}"
        keys = topics_of(text)
        for topic in topics:
            if topic.key in keys:
                found[topic.pk].append(card)
    return found


def strip() -> dict:
    """The few hottest concerns for the front page, kept ready: {"address": of the page of
    concerns, "" while there is none, "concerns": [{name, slug, people, trend}]}."""
    kept = cache.get(STRIP_KEY)
    if kept is None:
        kept = _strip()
        cache.set(STRIP_KEY, kept, STRIP_SECONDS)
    return kept


def _strip() -> dict:
    page = Page.objects.live().filter(concernspage__isnull=False).first()
    rows = public_rows()[:STRIP_SIZE] if page else []
    return {
        "address": (page.get_url() or "") if page else "",
        "concerns": [
            {
                "name": row.topic.name,
                "slug": row.topic.slug,
                "people": at_least(row.people),
                "trend": str(trend(row.people, row.people_before).label),
            }
            for row in rows
        ],
    }
