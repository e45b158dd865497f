"""您说我办: what was asked and what the union answered, as the public reads it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import (
    Count,
    DateTimeField,
    ExpressionWrapper,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Length
from wagtail.models import Page

from cms.interactions.small import LEAST, at_least
from cms.news import pagecache
from cms.news.models import StoryCard
from cms.topics.models.cases import Case
from cms.topics.models.topics import Topic
from cms.topics.models.voices import VoiceTopic
from cms.topics.selectors.quotes import asking_first, quotable
from cms.topics.selectors.scope import OWN_WORDS, SPEAKING

ANSWERS_PER_PAGE = 20
OF_A_TOPIC = 3
#: Whom an answer was for: those who spoke of it in so many days before the case, and until then.
ASKED_BEFORE = timedelta(days=84)
#: A sentence of this length says something and is quickly read.
SENTENCE_LENGTH = (8, 60)


@dataclass(frozen=True)
class Answer:
    """One answered case. `people` is 0 when they are fewer than LEAST, `asked` then empty."""

    case: Case
    people: int = 0
    asked: str = ""
    story: dict = field(default_factory=dict)

    @property
    def has_own_page(self) -> bool:
        """Whether the topic can be opened on the page of concerns."""
        return self.case.topic.merged_into_id is None


def public_cases() -> QuerySet[Case]:
    """Answered cases that may be shown, newest first; closing one does not take its answer back."""
    return (
        Case.objects.filter(answered_at__isnull=False, shown=True, topic__state=Topic.State.SHOWN)
        .select_related("topic")
        .order_by("-answered_at", "-pk")
    )


def answers_page(number: str = "") -> ListPage:
    """One page of answers, `object_list` of Answer. Three queries."""
    shown = Paginator(public_cases(), ANSWERS_PER_PAGE).get_page(number)
    shown.object_list = read_answers(list(shown.object_list))
    return shown


def answers_of(topics: Iterable[Topic], most: int = OF_A_TOPIC) -> dict[int, list[Answer]]:
    """By topic its latest answers. Two queries."""
    topics = list(topics)
    found: dict[int, list[Case]] = {topic.pk: [] for topic in topics}
    for case in public_cases().filter(topic__in=topics):
        if len(found[case.topic_id]) < most:
            found[case.topic_id].append(case)
    stories = _stories(case for cases in found.values() for case in cases)
    return {
        topic: [Answer(case=case, story=stories.get(case.answer_page_id, {})) for case in cases]
        for topic, cases in found.items()
    }


def read_answers(cases: list[Case]) -> list[Answer]:
    """With who asked and in which words. Two queries."""
    figures = {
        row.pk: row
        for row in Case.objects.filter(pk__in=[case.pk for case in cases]).annotate(
            people=Coalesce(Subquery(_people()), Value(0)),
            sentence=Coalesce(Subquery(_sentence()), Value("")),
        )
    }
    stories = _stories(cases)
    answers = []
    for case in cases:
        row = figures[case.pk]
        enough = row.people >= LEAST
        answers.append(
            Answer(
                case=case,
                people=at_least(row.people),
                asked=quotable(row.sentence) if enough else "",
                story=stories.get(case.answer_page_id, {}),
            )
        )
    return answers


def _links() -> QuerySet[VoiceTopic]:
    """What was said of the case's topic, from ASKED_BEFORE its opening until its answer."""
    since = ExpressionWrapper(
        OuterRef("opened_at") - Value(ASKED_BEFORE), output_field=DateTimeField()
    )
    return VoiceTopic.objects.order_by().filter(
        topic=OuterRef("topic"),
        voice__source__in=SPEAKING,
        voice__said_at__gte=since,
        voice__said_at__lte=OuterRef("answered_at"),
    )


def _people() -> QuerySet:
    links = _links().exclude(voice__person_key="").values("topic")
    return links.annotate(n=Count("voice__person_key", distinct=True)).values("n")


def _sentence() -> QuerySet:
    """A public sentence, one with a question rather than another."""
    shortest, longest = SENTENCE_LENGTH
    links = _links().filter(voice__is_public=True, voice__source__in=OWN_WORDS)
    said = links.annotate(size=Length("sentence")).filter(size__range=(shortest, longest))
    asked = said.annotate(asks=asking_first())
    return asked.order_by("asks", "size", "pk").values("sentence")[:1]


def _stories(cases: Iterable[Case]) -> dict[int, dict]:
    """page → {page_id, title, url} of answers that are public."""
    pages = {case.answer_page_id for case in cases} - {None}
    rows = StoryCard.objects.filter(pk__in=pages).order_by().values("page_id", "title", "url")
    return {row["page_id"]: row for row in rows}


def answers_address() -> str:
    """Where 您说我办 is; "" while there is no such page. No query when warm."""
    return pagecache.remember("topics:answers-address", _answers_address)


def _answers_address() -> str:
    page = Page.objects.live().filter(answerspage__isnull=False).first()
    return (page.get_url() or "") if page else ""
