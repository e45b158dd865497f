"""Who reads 职工关切周报, and of whose voices."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from cms.members.models import Role, Union, User
from cms.members.selectors import unions_for
from cms.news.models import HomePage
from cms.topics.models.runs import ReportMail, ReportReader, WeeklyReport
from cms.topics.models.voices import Voice
from cms.topics.selectors.report_words import latest_monday, week_of
from cms.topics.selectors.scope import SPEAKING, SPOKEN, Period

PERMISSION = "topics.view_topic"
ROLES = (Role.MANAGER, Role.ADMIN)
UNIONS_NAMED = 3


@dataclass(frozen=True)
class Reach:
    """Whose voices somebody may hear. `unions`: as for `heard`, None for all. `is_head`: he is in
    charge of the union whose house this is, and so of what concerns all."""

    unions: QuerySet[Union] | None
    name: str
    is_head: bool = False

    @property
    def is_whole(self) -> bool:
        return self.unions is None


def reach_of(user: User) -> Reach:
    """Four queries at most. The whole site is in reach of who is in charge of its home page's
    union, unless somebody outside of that has said something (a record of another union, say)."""
    if user.is_active and user.is_superuser:
        return Reach(None, _("全站"), is_head=True)
    unions = unions_for(user, *ROLES)
    is_head = HomePage.objects.filter(union__in=unions).exists()
    if is_head and not _spoken_outside(unions):
        return Reach(None, _("全站"), is_head=True)
    return Reach(unions, _names(unions), is_head)


def _spoken_outside(unions: QuerySet[Union]) -> bool:
    spoken = Voice.objects.filter(source__in=SPEAKING)
    return spoken.exclude(union__in=unions.values("pk")).exists()


def _names(unions: QuerySet[Union]) -> str:
    """The highest of these unions; those below them are understood."""
    tops: list[Union] = []
    for union in unions.order_by("path"):
        if not any(union.path.startswith(top.path) for top in tops):
            tops.append(union)
    names = "、".join(union.name for union in tops[:UNIONS_NAMED])
    return f"{names}等 {len(tops)} 个工会" if len(tops) > UNIONS_NAMED else names


def may_read(user: User) -> bool:
    return user.is_active and user.has_perm(PERMISSION)


def why_not_mailed(user: User, allowed: bool | None = None) -> str:
    """Why somebody gets no report, in words that say what to do; "" when he does. `allowed`: what
    `may_read` says, where it is known."""
    if not user.is_active:
        return _("账号已停用，收不到。可以移除。")
    if not (may_read(user) if allowed is None else allowed):
        return _("已经没有看职工关切的权限，收不到。可以移除，或请管理员恢复任职。")
    if not user.email:
        return _("账号里没有邮箱地址，收不到。请在账号资料里填上。")
    return ""


def report_readers() -> list[ReportReader]:
    """Those who get the report, each with `why_not` (see `why_not_mailed`). Four queries at
    most."""
    found = list(ReportReader.objects.select_related("user", "added_by").order_by("pk"))
    people = [reader.user_id for reader in found]
    allowed = set(_allowed().filter(pk__in=people).values_list("pk", flat=True))
    for reader in found:
        reader.why_not = why_not_mailed(reader.user, reader.user_id in allowed)
    return found


def _allowed() -> QuerySet[User]:
    """As `may_read`."""
    backend = f"{ModelBackend.__module__}.{ModelBackend.__qualname__}"
    return User.objects.with_perm(PERMISSION, backend=backend)


def unmailed(report: WeeklyReport) -> list[ReportMail]:
    """Those who were to have this report and have not, each with its `problem`. One query."""
    return list(report.mails.filter(sent_at=None).select_related("user").order_by("pk"))


def reader_candidates() -> QuerySet[User]:
    """Who may be added: those who may see topics and do not get it yet."""
    return _allowed().exclude(pk__in=ReportReader.objects.values("user")).order_by("pk")


@dataclass(frozen=True)
class ReportWeek:
    """One week in the list. `report` is None when none was made of it; else it was `mailed` to so
    many, and could not be to `unsent`."""

    week: Period
    report: WeeklyReport | None

    @property
    def monday(self) -> date:
        return self.week.first


def report_weeks(today: date) -> list[ReportWeek]:
    """The weeks of which there is something to tell, the latest first. Two queries."""
    reports = {
        report.monday: report
        for report in WeeklyReport.objects.defer("figures").annotate(
            mailed=Count("mails", filter=Q(mails__sent_at__isnull=False)),
            unsent=Count("mails", filter=Q(mails__sent_at__isnull=True)),
        )
    }
    latest = latest_monday(today)
    first = Voice.objects.filter(SPOKEN, day__lte=today).aggregate(first=Min("day"))["first"]
    begin = min([*reports, first or latest, latest])
    weeks = (latest - latest_monday(begin)).days // 7
    mondays = [week_of(latest).earlier(back).first for back in range(weeks)]
    return [ReportWeek(week_of(monday), reports.get(monday)) for monday in mondays]
