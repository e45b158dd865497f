"""职工关切周报: the weeks, one week as a page to read and to print, those who get it by e-mail."""

import re
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages

from cms.members.models import Union
from cms.topics import services
from cms.topics.admin.board import ConcernsMixin
from cms.topics.models import ReportReader, WeeklyReport
from cms.topics.selectors.report import quotations, report_figures, voices_since
from cms.topics.selectors.report_readers import (
    Reach,
    reach_of,
    report_readers,
    report_weeks,
    unmailed,
)
from cms.topics.selectors.report_words import days_in_words, week_of

WEEKS_PER_PAGE = 20
ROW_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
REPORTS = {"url": reverse_lazy("topics_reports"), "label": _("周报")}


def row_of(rows: QuerySet, given: str):
    """The row of `rows` whose number somebody gave; None when it is none of them."""
    return rows.filter(pk=given).first() if ROW_NUMBER.fullmatch(given) else None


class ReportsMixin(ConcernsMixin):
    """For those who may see topics. The report that was made and sent is for those who hear the
    whole site; others read their own unions' figures of the same week."""

    breadcrumbs_items = [*ConcernsMixin.breadcrumbs_items, REPORTS]

    @cached_property
    def heard(self) -> Reach:
        return reach_of(self.request.user)

    @property
    def may_tend(self) -> bool:
        """Whether this person may make reports again and say who gets them."""
        return self.heard.is_head and self.request.user.has_perm("topics.change_topic")

    def get_header_buttons(self):
        return []

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            tab="reports", heard=self.heard, may_tend=self.may_tend, **kwargs
        )


class ReportsView(ReportsMixin, TemplateView):
    page_title = _("职工关切周报")
    template_name = "topics/admin/reports.html"

    def get_context_data(self, **kwargs):
        weeks = report_weeks(timezone.localdate())
        return super().get_context_data(
            weeks=Paginator(weeks, WEEKS_PER_PAGE).get_page(self.request.GET.get("page")),
            readers=len(report_readers()),
            is_reader=ReportReader.objects.filter(user=self.request.user).exists(),
            **kwargs,
        )


class WeekMixin(ReportsMixin):
    """Screens of one week, which is named by its Monday in the address."""

    @cached_property
    def monday(self) -> date:
        given = self.kwargs["monday"]
        try:
            monday = date.fromisoformat(given)
        except ValueError as error:
            raise Http404 from error
        if monday.isoformat() != given or monday.weekday() or monday > timezone.localdate():
            raise Http404
        return monday


class ReportView(WeekMixin, TemplateView):
    """One week."""

    template_name = "topics/admin/report.html"

    def get_page_title(self):
        return days_in_words(week_of(self.monday))

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    @cached_property
    def union(self) -> Union | None:
        """The union that was asked for, among those in reach; another one is nobody's business."""
        asked = self.request.GET.get("union", "")
        found = row_of(self.unions, asked)
        if asked and found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs):
        week, today = week_of(self.monday), timezone.localdate()
        report = self.report()
        figures = report.figures if report else self.counted()
        following = self.monday + timedelta(days=7)
        return super().get_context_data(
            report=report,
            figures=figures,
            quotations=quotations(figures),
            unmailed=unmailed(report) if report and self.may_tend else [],
            since=voices_since(figures) if report else 0,
            week=week,
            days=days_in_words(week),
            scope=self.union.name if self.union else self.heard.name,
            union=self.union,
            unions=self.unions.order_by("path"),
            is_going_on=week.last >= today,
            earlier=self.monday - timedelta(days=7),
            later=following if following <= today else None,
            **kwargs,
        )

    def report(self) -> WeeklyReport | None:
        """What was kept of this week, for those whom it is about."""
        if not self.heard.is_whole or self.union:
            return None
        return WeeklyReport.objects.filter(monday=self.monday).first()

    def counted(self) -> dict:
        return report_figures(monday=self.monday, unions=self.heard.unions, union=self.union)


class ReportMakeView(WeekMixin, View):
    """Make a week's report, or make it again."""

    http_method_names = ["post"]

    def post(self, request, monday):
        if not self.may_tend:
            raise PermissionDenied
        try:
            services.report_make(
                monday=self.monday,
                user=request.user,
                confirmed=request.POST.get("confirmed") == "1",
            )
            messages.success(request, _("已按现在的声音生成这一期。"))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("topics_report", self.monday.isoformat())
