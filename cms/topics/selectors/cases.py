"""Cases as a desk reads them: whose turn, how old, what came of the answer."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from cms.matrix.models import ReplyAct
from cms.members.models import Role, Union, User
from cms.members.selectors import users_with_role
from cms.topics.models.cases import Brief, Case, Follow
from cms.topics.models.topics import Topic
from cms.topics.models.voices import Voice
from cms.topics.selectors.scope import OWN_WORDS, SPOKEN, Period, heard, people_of

State = Case.State
CASES_PER_PAGE = 30
#: Lines on the admin's front page.
WAITING_SHOWN = 8
FILTERS = {
    "todo": (_("待办"), Q(state__in=Case.OPEN_STATES)),
    "overdue": (_("逾期"), None),
    "answered": (_("已答复"), Q(state=State.ANSWERED)),
    "all": (_("全部"), Q()),
}
WEEKS_EACH_SIDE = 4
#: For so long after an answer somebody whose words were still in review may be told of it.
TELL_DAYS = 7
#: Unanswered for so long, a message fails the check of the state (国办秘函〔2019〕19号: 三个月).
RED_LINE_DAYS = 90


def overdue(today: date | None = None) -> Q:
    return Q(state__in=Case.OPEN_STATES, due_on__lt=today or timezone.localdate())


def cases_for(unions: QuerySet[Union] | None) -> QuerySet[Case]:
    """Cases that somebody in charge of `unions` sees; None for all (as `heard`)."""
    found = Case.objects.select_related("topic", "owner", "union", "answer_page")
    return found if unions is None else found.filter(union__in=unions)


def cases_waiting_for(user: User) -> QuerySet[Case]:
    """Open cases that this person is to answer for and may open, the most urgent first."""
    if not user.has_perm("topics.change_case"):
        return Case.objects.none()
    found = Case.objects.filter(owner=user, state__in=Case.OPEN_STATES)
    return found.select_related("topic").order_by("due_on", "pk")[:WAITING_SHOWN]


def case_list(
    *, unions: QuerySet[Union] | None, which: str, number: str = ""
) -> tuple[ListPage, list[tuple[str, str, int]]]:
    """One page of cases, the most urgent first, and the filters with their counts:
    [(name, label, number)]. Four queries."""
    found = cases_for(unions)
    conditions = {name: q if q is not None else overdue() for name, (_label, q) in FILTERS.items()}
    counts = found.order_by().aggregate(
        **{name: Count("pk", filter=q or Q(pk__gt=0)) for name, q in conditions.items()}
    )
    order = ["due_on", "pk"] if which in ("todo", "overdue") else ["-opened_at", "-pk"]
    rows = found.filter(conditions[which]).order_by(*order)
    briefs = Brief.objects.filter(page__isnull=False).select_related("page")
    shown = Paginator(
        rows.prefetch_related(Prefetch("briefs", queryset=briefs, to_attr="drafts")),
        CASES_PER_PAGE,
    ).get_page(number)
    for case in shown.object_list:
        describe(case)
    filters = [(name, label, counts[name]) for name, (label, _q) in FILTERS.items()]
    return shown, filters


def describe(case: Case) -> Case:
    """Adds what a desk shows: `age` and `days_left` in days, `is_overdue`, `next_step` and so on.
    Needs `drafts`, the case's briefs whose page is there."""
    today = timezone.localdate()
    case.age = (today - timezone.localdate(case.opened_at)).days
    case.days_left = (case.due_on - today).days if case.due_on else None
    case.is_overdue = case.is_open and case.days_left is not None and case.days_left < 0
    case.days_over = -case.days_left if case.is_overdue else 0
    case.past_red_line = case.is_open and case.age > RED_LINE_DAYS
    case.draft = case.drafts[0].page if case.drafts else None
    case.next_step = _next_step(case)
    return case


def _next_step(case: Case) -> str:
    if case.state == State.CLOSED:
        return ""
    if case.state == State.ANSWERED:
        return _("看反响，没有新情况就了结")
    if case.draft is None:
        return _("派选题单，或直接答复")
    if case.draft.live:
        return _("稿件已发布，请作为答复")
    return _("等稿件写好、审完、发布")


def case_box(topic: Topic, unions: QuerySet[Union] | None) -> dict:
    """The open case of a topic, or else its latest, and whether somebody in charge of `unions` sees
    it: {"case": Case|None, "in_reach": bool}. Two queries."""
    cases = Case.objects.filter(topic=topic).select_related("owner", "union")
    case = min(cases.order_by("-pk"), key=lambda case: not case.is_open, default=None)
    in_reach = bool(case) and (unions is None or unions.filter(pk=case.union_id).exists())
    return {"case": case, "in_reach": in_reach}


def answered_with(page_id: int) -> list[int]:
    """Ids of the answered cases whose answer is this page."""
    cases = Case.objects.filter(answer_page=page_id, state=State.ANSWERED).order_by("pk")
    return list(cases.values_list("pk", flat=True))


def owners_for(union: Union | None) -> QuerySet[User]:
    """Who can answer for a case of `union`: those in charge of it or of a union above."""
    if union is None:
        return User.objects.filter(is_superuser=True, is_active=True)
    return users_with_role(Role.MANAGER, union) | users_with_role(Role.ADMIN, union)


def case_history(case: Case) -> list[ModelLogEntry]:
    """What was decided about a case, newest first; the words are in `data`."""
    entries = ModelLogEntry.objects.for_instance(case).select_related("user")
    return list(entries.order_by("-timestamp", "-pk")[:100])


# --- Before and after ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Week:
    """Seven days of voices on a topic. `offset`: −1 the week before the answer, 0 the one that
    begins with it. `written`: without presses of 我也关心, which have no mood."""

    offset: int
    period: Period
    people: int
    voices: int
    written: int
    unhappy: int

    @property
    def share(self) -> int | None:
        """不满 in hundredths of all that was written; None when nothing was."""
        return round(100 * self.unhappy / self.written) if self.written else None

    @property
    def query(self) -> str:
        """The week as the words page of a topic is asked for it."""
        return urlencode({"since": self.period.first, "until": self.period.last})

    @property
    def is_to_come(self) -> bool:
        return self.period.first > timezone.localdate()


def weeks(case: Case, unions: QuerySet[Union] | None) -> list[Week]:
    """Four weeks before the answer and four after; without one, the last four. One query."""
    if case.answered_at:
        pivot = timezone.localdate(case.answered_at)
        offsets = range(-WEEKS_EACH_SIDE, WEEKS_EACH_SIDE)
    else:
        pivot = timezone.localdate() + timedelta(days=1)
        offsets = range(-WEEKS_EACH_SIDE, 0)
    periods = {offset: _week(pivot, offset) for offset in offsets}
    whole = Period(periods[offsets[0]].first, periods[offsets[-1]].last)
    said = heard(period=whole, unions=unions).filter(SPOKEN, links__topic=case.topic_id)
    figures = {}
    for offset, period in periods.items():
        name = f"w{offset + WEEKS_EACH_SIDE}"
        figures[f"{name}_people"] = people_of(period.q)
        figures[f"{name}_voices"] = Count("pk", filter=period.q)
        figures[f"{name}_written"] = Count("pk", filter=period.q & Q(source__in=OWN_WORDS))
        figures[f"{name}_unhappy"] = Count("pk", filter=period.q & Q(mood=Voice.Mood.BAD))
    found = said.aggregate(**figures)
    return [
        Week(
            offset,
            period,
            *(
                found[f"w{offset + WEEKS_EACH_SIDE}_{part}"]
                for part in ("people", "voices", "written", "unhappy")
            ),
        )
        for offset, period in periods.items()
    ]


def _week(pivot: date, offset: int) -> Period:
    first = pivot + timedelta(days=7 * offset)
    return Period(first, first + timedelta(days=6))


# --- Those who are told --------------------------------------------------------------------------


@dataclass(frozen=True)
class Telling:
    """Who was told of a case's answer. `problems`: [(why, people)]; `failed`: messages that the
    platform did not take in the end."""

    told: int
    by_account: int
    waiting: int
    problems: list[tuple[str, int]]
    failed: int

    @property
    def not_told(self) -> int:
        return sum(number for _why, number in self.problems)


def telling(case: Case) -> Telling:
    """Three queries."""
    told = Follow.objects.filter(told_of=case).aggregate(
        all=Count("pk"), by_account=Count("pk", filter=Q(user__isnull=False))
    )
    left = Follow.objects.filter(
        Q(topic=case.topic_id) | Q(topic__merged_into=case.topic_id), told_of=None
    )
    if case.answered_at:
        left = left.filter(agreed_at__lte=case.answered_at)
    rows = dict(left.order_by().values_list("problem").annotate(n=Count("pk")))
    failed = ReplyAct.objects.filter(
        reply__in=Follow.objects.filter(told_of=case, reply__isnull=False).values("reply"),
        kind=ReplyAct.Kind.ANSWER,
        state=ReplyAct.State.FAILED,
        created_at__gte=case.answered_at or timezone.now(),
    )
    return Telling(
        told=told["all"],
        by_account=told["by_account"],
        waiting=rows.pop("", 0),
        problems=sorted(rows.items(), key=lambda row: (-row[1], row[0])),
        failed=failed.count(),
    )


def cases_to_tend() -> QuerySet[Case]:
    """Open ones, and those whose answer is so fresh that somebody may still have to be told."""
    fresh = timezone.now() - timedelta(days=TELL_DAYS)
    return Case.objects.filter(Q(state__in=Case.OPEN_STATES) | Q(answered_at__gte=fresh))
