"""What the demo's media manager has made of the concerns: names, cases, answers, last week's
report."""

from datetime import timedelta

from django.db.models import Count
from django.utils import timezone
from wagtail.models import Page

from cms.demo import content
from cms.members.models import Union, User
from cms.topics.models import Case, Topic, Voice
from cms.topics.selectors.report_words import latest_monday
from cms.topics.services import (
    case_answer,
    case_open,
    report_make,
    topic_rename,
    topic_set_state,
)

#: Issues that he has accepted beside those that stories have answered; the first has a case.
ACCEPTED = ("binjiang", "huiyuanka")
#: A case is opened so long before its answer.
OPEN_FOR = timedelta(days=6)


def load_decisions(manager: User, union: Union, pages: dict[str, Page]) -> None:
    """Once: a second run changes nothing."""
    if Case.objects.exists():
        return
    for issue in content.issues():
        story = pages.get(issue.get("answered_by"))
        if not (story or issue["key"] in ACCEPTED):
            continue
        topic = _topic_of(issue["key"])
        if topic is None:
            continue
        if topic.kind == Topic.Kind.EMERGENT:
            _accept(topic, issue["about"], manager)
        if story:
            _answered(topic, story, manager, union)
        elif issue["key"] == ACCEPTED[0]:
            case_open(topic=topic, user=manager, union=union, note="区住建局在查总包的工资专户")
    report_make(monday=latest_monday(timezone.localdate()))


def _topic_of(issue: str) -> Topic | None:
    """The issue that most of its records were put to, or the theme if they make none."""
    origins = [
        f"import:{row['kind']}:{row['number']}"
        for row in content.hotline()
        if row.get("issue") == issue
    ]
    about = Topic.objects.filter(
        links__voice__in=Voice.objects.filter(origin__in=origins), merged_into=None
    )
    ranked = about.annotate(n=Count("pk")).order_by("kind", "-n", "pk")
    free = ranked.exclude(cases__state__in=Case.OPEN_STATES)
    return free.first()


def _accept(topic: Topic, name: str, manager: User) -> None:
    topic_rename(topic=topic, name=name, user=manager)
    topic_set_state(topic=topic, state=Topic.State.SHOWN, user=manager)


def _answered(topic: Topic, story: Page, manager: User, union: Union) -> None:
    """As if the case had been answered when its story came out."""
    case = case_open(topic=topic, user=manager, union=union)
    case_answer(case=case, user=manager, page=story)
    at = story.first_published_at
    Case.objects.filter(pk=case.pk).update(opened_at=at - OPEN_FOR, answered_at=at)
