"""Which public stories are about a topic, and which of them still hold."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cms.news import pagecache
from cms.news.models import LegalPage, StoryCard
from cms.topics import reading
from cms.topics.models.cases import Case
from cms.topics.models.topics import Topic

#: A theme that a body speaks of in passing does not make a story about it.
BODY_MENTIONS = 3
STORY_KINDS = ("policy", "legal", "activity")


@dataclass(frozen=True)
class Story:
    """A public story as a topic's page lists it. `themes` are keys of the lexicon's topics."""

    pk: int
    title: str
    summary: str
    kind: str
    kind_label: str
    url: str
    section_id: int
    published_at: datetime
    words: str
    themes: frozenset[str] = field(default=frozenset())
    law: LegalPage | None = None
    ends_at: datetime | None = None

    def holds(self, now: datetime | None = None) -> bool:
        """Whether a reader can rely on it now: the law is in force, the activity is not over."""
        if self.law is not None:
            return self.law.validity == LegalPage.Validity.VALID
        return self.ends_at is None or self.ends_at >= (now or timezone.now())

    def age(self, today: date | None = None) -> int:
        """Whole days since it was published."""
        return ((today or timezone.localdate()) - timezone.localdate(self.published_at)).days


def shelf() -> list[Story]:
    """All public stories, newest first, with what they are about. Two queries after a story or
    the lexicon has changed, none otherwise."""
    return pagecache.remember(f"topics:shelf:{reading.stamp(None)}", _read_shelf)


def stories_for(topics: Iterable[Topic]) -> dict[int, list[Story]]:
    """By topic the stories about it that hold, newest first: by their words, or because a case of
    the topic was answered with them. One query."""
    topics = list(topics)
    answers: dict[int, set[int]] = {}
    rows = Case.objects.filter(topic__in=topics, answer_page__isnull=False)
    for topic, page in rows.values_list("topic", "answer_page"):
        answers.setdefault(topic, set()).add(page)
    standing = [story for story in shelf() if story.holds()]
    return {
        topic.pk: [
            story
            for story in standing
            if story.pk in answers.get(topic.pk, ()) or is_about(story, topic)
        ]
        for topic in topics
    }


def is_about(story: Story, topic: Topic) -> bool:
    """A theme: the lexicon reads it in the story. An issue: its name, or two of its words, stand in
    title, summary or tags."""
    if topic.kind == Topic.Kind.LEXICON:
        return topic.key in story.themes
    related = {str(word) for word in topic.related if word}
    return topic.name in story.words or sum(word in story.words for word in related) >= 2


def themes_of(words: str, body: str) -> frozenset[str]:
    """The themes of title and tags; and the one the body speaks of most, if it does so
    BODY_MENTIONS times."""
    named = set(reading.topics_of(words))
    marks = {key: len(found.marks) for key, found in reading.topics_of(body).items()}
    most = max(marks.values(), default=0)
    if most >= BODY_MENTIONS:
        named |= {key for key, number in marks.items() if number == most}
    return frozenset(named)


def _read_shelf() -> list[Story]:
    laws = {
        pk: LegalPage(valid_from=first, valid_until=last)
        for pk, first, last in LegalPage.objects.live().values_list(
            "pk", "valid_from", "valid_until"
        )
    }
    cards = StoryCard.objects.filter(kind__in=STORY_KINDS).defer("body_html", "cover")
    return [_story(card, laws.get(card.pk)) for card in cards.iterator()]


def _story(card: StoryCard, law: LegalPage | None) -> Story:
    title = f"{card.title}。{card.tag_text()}"
    return Story(
        pk=card.pk,
        title=card.title,
        summary=card.summary,
        kind=card.kind,
        kind_label=card.kind_label,
        url=card.url,
        section_id=card.section_id,
        published_at=card.published_at,
        words=f"{title}。{card.summary}",
        themes=themes_of(title, card.body_text),
        law=law,
        ends_at=parse_datetime(card.extra.get("ends_at") or ""),
    )
