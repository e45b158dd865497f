"""What goes into a brief, and what its editor sees of it."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from wagtail.models import Page

from cms.members.models import Role, Union, User
from cms.members.selectors import users_with_role
from cms.news.models import LegalPage, SectionPage, StoryCard
from cms.topics import briefing
from cms.topics.models.cases import Brief, Case
from cms.topics.models.topics import Topic
from cms.topics.models.voices import Voice
from cms.topics.selectors.coverage import Story, is_about, shelf
from cms.topics.selectors.quotes import questions
from cms.topics.selectors.scope import SPOKEN, Period, heard, people_of

QUESTIONS = 8
EARLIER = 6
#: Lines on the admin's front page.
WAITING_SHOWN = 8
#: Over how many days a brief gathers what was asked.
ASKED_DAYS = 84


@dataclass(frozen=True)
class Plan:
    """A brief before it is handed out. `section`: id of the one its stories mostly stand in."""

    kind: str
    section: int | None
    title: str
    people: int
    questions: list[dict]
    laws: list[dict]
    earlier: list[Story] = field(default_factory=list)


def theme_of(topic: Topic) -> str:
    """The lexicon's key of a theme, or of the theme that an issue belongs to; "" for neither."""
    if topic.kind == Topic.Kind.LEXICON:
        return topic.key
    return topic.parent.key if topic.parent else ""


def plan_for(*, topic: Topic, unions: QuerySet[Union] | None) -> Plan:
    """What a brief on `topic` would say, from what somebody in charge of `unions` hears."""
    theme = theme_of(topic)
    stories = [story for story in shelf() if is_about(story, topic) or theme in story.themes]
    voices = heard(period=Period.of(ASKED_DAYS), unions=unions)
    asked = questions(topic=topic, voices=voices, most=QUESTIONS)
    kind = briefing.kind_for(theme, [story.kind for story in stories])
    return Plan(
        kind=kind,
        section=section_for(stories, kind),
        title=briefing.title_for(topic.name, len(asked)),
        people=voices.filter(links__topic=topic).aggregate(n=people_of(SPOKEN))["n"],
        questions=asked,
        laws=briefing.laws_for(theme, _laws_in(stories)),
        earlier=stories[:EARLIER],
    )


def section_for(stories: list[Story], kind: str) -> int | None:
    """Where most stories of this kind on the topic stand; else most of the site's of this kind."""
    for pool in (stories, shelf()):
        places = [story.section_id for story in pool if story.kind == kind]
        if places:
            return max(set(places), key=lambda place: (places.count(place), -place))
    return None


def _laws_in(stories: list[Story]) -> list[dict]:
    """Laws that earlier stories explain, the newest story's first."""
    pages = [story.pk for story in stories if story.kind == briefing.LEGAL]
    rows = {
        pk: {"law": law, "articles": articles, "page": pk}
        for pk, law, articles in LegalPage.objects.filter(pk__in=pages).values_list(
            "pk", "law_name", "law_articles"
        )
    }
    return [rows[pk] for pk in pages if pk in rows]


def sections_for(unions: QuerySet[Union] | None) -> QuerySet[SectionPage]:
    """Sections whose editors somebody in charge of `unions` may give work."""
    found = SectionPage.objects.live().select_related("union").order_by("path")
    return found if unions is None else found.filter(union__in=unions)


def editors_for(unions: QuerySet[Union] | None) -> QuerySet[User]:
    """People who write for one of these unions: editors there or above."""
    found = User.objects.filter(is_active=True, memberships__role=Role.EDITOR)
    if unions is not None:
        paths = list(unions.values_list("path", flat=True))
        steps = range(Union.steplen, max(map(len, paths), default=0) + 1, Union.steplen)
        upwards = {path[:step] for path in paths for step in steps}
        found = found.filter(memberships__union__path__in=upwards)
    return found.distinct().order_by("pk")


def writes_for(editor: User, section: SectionPage) -> bool:
    return users_with_role(Role.EDITOR, section.union).filter(pk=editor.pk).exists()


# --- In the page's editor ------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """A brief as its editor reads it. `questions` whose voice was withdrawn are gone from it."""

    brief: Brief
    questions: list[dict]
    earlier: list[StoryCard]
    case_url: str


def drafts_waiting_for(user: User) -> list[Page]:
    """Drafts with a `brief` that this editor has not sent in, or got back; the most urgent first.
    Two queries."""
    drafts = Page.objects.filter(
        owner=user, live=False, brief__case__state__in=Case.OPEN_STATES
    ).select_related("brief__case__topic")
    ordered = drafts.order_by("brief__case__due_on", "pk").prefetch_workflow_states()
    return [page for page in ordered if not page.workflow_in_progress][:WAITING_SHOWN]


def brief_of(page_id: int | None) -> Brief | None:
    if page_id is None:
        return None
    return Brief.objects.filter(page=page_id).select_related("case__topic", "case__owner").first()


def sheet(brief: Brief, user: User) -> Sheet:
    """Two queries, whatever the number of questions. Only who may open the rows gets links to
    them."""
    may_listen = user.has_perm("topics.view_topic")
    links = dict(
        Voice.objects.filter(pk__in=[one["voice"] for one in brief.questions]).values_list(
            "pk", "link"
        )
    )
    topic = brief.case.topic
    return Sheet(
        brief=brief,
        questions=[
            {
                **one,
                "source_label": Voice.Source(one["source"]).label,
                "link": row_url(topic, one) if may_listen else links[one["voice"]],
            }
            for one in brief.questions
            if one["voice"] in links
        ],
        earlier=list(
            StoryCard.objects.filter(pk__in=brief.earlier).defer("body_html", "body_text")
        ),
        case_url=reverse("topics_case", args=[brief.case_id])
        if user.has_perm("topics.change_case")
        else "",
    )


def row_url(topic: Topic, question: dict) -> str:
    """The words page of a topic on the day of one utterance, where it stands among its like."""
    day = question["day"]
    query = urlencode({"since": day, "until": day, "source": question["source"]})
    return f"{reverse('topics_topic', args=[topic.slug])}?{query}"
