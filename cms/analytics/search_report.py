"""大家搜什么: what workers searched, what they did not find, and what is rising."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms import spreadsheets
from cms.analytics import charts, periods
from cms.analytics.selectors import Tile
from cms.news.models import SectionPage
from search import selectors

PERMISSION = "search.view_searchlog"
CHOICES = {7: _("7 天"), 30: _("30 天"), 90: _("90 天")}
USUAL = 7
SHOWN = 20
EXPORTED = 10_000
SOURCES = {"site": _("网站"), "wechat": _("微信"), "weibo": _("微博")}
#: Excel takes a file without it for another encoding.
UTF8_MARK = b"\xef\xbb\xbf"


def may_see_searches(user) -> bool:
    return user.has_perm(PERMISSION)


class SearchReportView(SpreadsheetExportMixin, WagtailAdminTemplateMixin, TemplateView):
    """The same number of queries whatever was searched. The file has every term of the period."""

    template_name = "analytics/searches.html"
    page_title = _("大家搜什么")
    header_icon = "search"
    list_export = ["term", "now", "before", "times", "best", "last"]
    export_headings = {
        "term": _("搜索词"),
        "now": _("本期次数"),
        "before": _("上期次数"),
        "times": _("上升倍数"),
        "best": _("最多找到几条"),
        "last": _("最后一次"),
    }
    custom_field_preprocess = {
        "term": {"csv": spreadsheets.safe},
        "times": {"csv": lambda times: round(times, 2), "xlsx": lambda times: round(times, 2)},
    }

    def dispatch(self, request, *args, **kwargs):
        if not may_see_searches(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        if self.is_export:
            found = selectors.terms(self.days)[:EXPORTED]
            return self.as_spreadsheet(found, request.GET["export"])
        return super().get(request, *args, **kwargs)

    def get_filename(self):
        return f"searches-{timezone.localdate():%Y%m%d}-{self.days}"

    def stream_csv(self, queryset) -> Iterator[bytes]:
        yield UTF8_MARK
        yield from super().stream_csv(queryset)

    @cached_property
    def days(self) -> int:
        return periods.asked_for(self.request.GET.get("days", ""), CHOICES, USUAL)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        days = self.days
        period = periods.last_days(days)
        by_day = selectors.by_day(days)
        lines = {
            str(_("搜索")): [searches for searches, _empty in by_day.values()],
            str(_("没找到")): [empty for _searches, empty in by_day.values()],
        }
        now, before = selectors.totals(days)
        return {
            **super().get_context_data(**kwargs),
            "period": period,
            "days": days,
            "period_links": [
                (label, f"?days={number}", number == days) for number, label in CHOICES.items()
            ],
            "tiles": [
                Tile(str(_("搜索次数")), now["searches"], before["searches"]),
                Tile(str(_("不同的词")), now["terms"], before["terms"]),
                Tile(str(_("没找到的次数")), now["empty"], before["empty"]),
            ],
            "most": selectors.terms(days)[:SHOWN],
            "rising": selectors.rising(days, SHOWN),
            "nothing": selectors.nothing_found(days, SHOWN),
            "has_before": before["searches"] > 0,
            "least": selectors.RISING_LEAST,
            "steep": selectors.RISING_TIMES,
            "chart": charts.with_table(str(_("搜索次数")), list(by_day), lines),
            "sources": [
                (SOURCES.get(source, source), searches)
                for source, searches in selectors.by_source(days)
            ],
            "write": writing_place(self.request.user),
        }


def writing_place(user) -> str:
    """Where `user` starts a story: in his one section, or where he chooses one; "" if he may not.

    Two queries.
    """
    pages = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "add")
    sections = list(SectionPage.objects.filter(pk__in=pages.values("pk"))[:2])
    if not sections:
        return ""
    if len(sections) == 1:
        return reverse("wagtailadmin_pages:add_subpage", args=[sections[0].pk])
    return reverse("wagtailadmin_explore", args=[sections[0].get_parent().pk])
