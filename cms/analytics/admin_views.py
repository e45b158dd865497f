"""The manager's screens: the dashboard, one story's ledger, the ledger as a file."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from wagtail.admin.ui.tables import Column, Table
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import HeaderButton

from cms.analytics import charts, exports, periods, selectors
from cms.analytics.filters import Asked
from cms.analytics.selectors.scope import channel_labels

ROWS_PER_PAGE = 50
MAX_STORY_DAYS = 84
WEEK = 7
ICON = "history"


class ManagersOnly:
    """For those with analytics.view_dashboard; what they see is cut to their unions."""

    def dispatch(self, request, *args, **kwargs):
        if not selectors.may_see_dashboard(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def asked(self) -> Asked:
        return Asked(self.request.GET, self.request.user)


def chart_by_day(metric: str, period: periods.Period, found: selectors.Days) -> dict:
    """A line chart and the table behind it, for the template: only lines that say something."""
    labels = channel_labels()
    lines = {
        labels[slug]: figures
        for slug, figures in found.items()
        if any(figure is not None for figure in figures)
    }
    return charts.with_table(str(selectors.METRICS[metric]), period.each_day(), lines)


class DashboardView(ManagersOnly, WagtailAdminTemplateMixin, TemplateView):
    template_name = "analytics/dashboard.html"
    page_title = _("传播数据")
    header_icon = ICON

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_header_buttons(self):
        return [
            HeaderButton(
                str(_("导出表格")),
                url=reverse("analytics_ledger_csv") + self.asked.link(),
                icon_name="download",
            )
        ]

    def get_context_data(self, **kwargs):
        asked, cards = self.asked, self.asked.cards()
        tiles, daily = selectors.summary(cards, asked.period)
        top = selectors.top_stories(cards, asked.period)
        rows = Paginator(asked.rows(), ROWS_PER_PAGE).get_page(self.request.GET.get("p"))
        return {
            **super().get_context_data(**kwargs),
            "asked": asked,
            "tiles": tiles,
            "period_links": [
                (label, asked.link(days=days), days == asked.days)
                for days, label in periods.CHOICES.items()
            ],
            "metric_links": metric_links(asked),
            "sections": selectors.sections_in(asked.all_unions),
            "kinds": selectors.kinds_in(asked.all_unions),
            "chart": self.chart(cards, daily),
            "chart_days": max(asked.days, WEEK),
            "top": top,
            "top_option": charts.ranking(str(_("阅读")), [(card.title, n) for card, n in top]),
            "table": ledger_table(rows, asked.order),
            "rows": rows,
            "elided_page_range": rows.paginator.get_elided_page_range(rows.number),
            "refusals": selectors.refusals_today(),
        }

    def chart(self, cards, daily) -> dict:
        """One day is no line: then the last seven are drawn."""
        asked = self.asked
        if asked.days >= WEEK:
            return chart_by_day(asked.metric, asked.period, daily[asked.metric])
        week = periods.last_days(WEEK)
        return chart_by_day(asked.metric, week, selectors.series(cards, week, asked.metric))


class StoryView(ManagersOnly, WagtailAdminTemplateMixin, TemplateView):
    """What was published where, and what came of it, for one story."""

    template_name = "analytics/story.html"
    page_title = _("传播台账")
    header_icon = ICON

    @cached_property
    def row(self):
        card = selectors.stories(self.asked.all_unions).filter(pk=self.kwargs["pk"]).first()
        row = card and selectors.story_ledger(card)
        if not row:
            raise Http404
        return row

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("analytics_dashboard"), "label": DashboardView.page_title},
            {"url": "", "label": self.page_title},
        ]

    def get_header_buttons(self):
        pk = self.row.card.pk
        return [
            HeaderButton(str(_("看稿件")), url=self.row.card.url, icon_name="view"),
            HeaderButton(
                str(_("编辑")), url=reverse("wagtailadmin_pages:edit", args=[pk]), icon_name="edit"
            ),
        ]

    def get_context_data(self, **kwargs):
        card, asked = self.row.card, self.asked
        cards = selectors.stories(asked.all_unions).filter(pk=card.pk)
        age = (timezone.localdate() - timezone.localdate(card.published_at)).days + 1
        period = periods.last_days(min(max(age, WEEK), MAX_STORY_DAYS))
        found = selectors.series(cards, period, asked.metric)
        return {
            **super().get_context_data(**kwargs),
            "row": self.row,
            "asked": asked,
            "metric_links": metric_links(asked),
            "chart": chart_by_day(asked.metric, period, found),
            "sources": selectors.by_source(card.pk),
        }


class LedgerFileView(ManagersOnly, View):
    def get(self, request):
        name = f"传播台账-{timezone.localdate():%Y%m%d}.csv"
        return HttpResponse(
            exports.ledger_csv(self.asked.rows()),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": content_disposition_header(True, name)},
        )


def metric_links(asked: Asked) -> list[tuple[str, str, bool]]:
    return [
        (label, asked.link(metric=metric), metric == asked.metric)
        for metric, label in selectors.METRICS.items()
    ]


class StoryColumn(Column):
    cell_template_name = "analytics/cells/story.html"


class PlacesColumn(Column):
    cell_template_name = "analytics/cells/places.html"


class FigureColumn(Column):
    """A sum with each channel's part below it."""

    cell_template_name = "analytics/cells/figure.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        context["total"] = getattr(instance, self.name)
        context["parts"] = [(line.label, getattr(line, self.name)) for line in instance.channels]
        return context


class LedgerTable(Table):
    ascending_title_text_format = _("按“%(label)s”从小到大排列")
    descending_title_text_format = _("按“%(label)s”从大到小排列")


def ledger_table(rows, order: str) -> Table:
    columns = [
        StoryColumn("title", label=_("稿件"), sort_key="title", classname="analytics-story"),
        Column(
            "published_at",
            label=_("发布时间"),
            accessor=lambda row: timezone.localtime(row.card.published_at).strftime("%m-%d %H:%M"),
            sort_key="published_at",
            classname="analytics-day",
        ),
        PlacesColumn("accounts", label=_("发到哪里")),
        *(
            FigureColumn(name, label=label, sort_key=name, classname="analytics-figure")
            for name, label in selectors.METRICS.items()
        ),
    ]
    return LedgerTable(columns, rows, base_url="", ordering=order, caption=_("传播台账"))
