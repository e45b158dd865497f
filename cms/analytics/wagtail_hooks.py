"""The dashboard in the admin: its addresses, its menu item, its panel, and the way from a story."""

from django.contrib.auth.models import Permission
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import HeaderButton

from cms.analytics import periods, selectors
from cms.analytics.admin_views import ICON, DashboardView, LedgerFileView, StoryView
from cms.analytics.search_report import SearchReportView, may_see_searches
from cms.news.models import StoryCard

PANEL_DAYS = 7
PANEL_TILES = 3


class DashboardMenuItem(MenuItem):
    def is_shown(self, request):
        return selectors.may_see_dashboard(request.user)


class SearchesMenuItem(MenuItem):
    def is_shown(self, request):
        return may_see_searches(request.user)


class WeekPanel(Component):
    """阅读, 评论 and 投票 of the last seven days, for those who answer for them."""

    name = "analytics_week"
    order = 150
    template_name = "analytics/week_panel.html"

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        cards = selectors.stories(selectors.unions_of(user))
        tiles, _daily = selectors.summary(cards, periods.last_days(PANEL_DAYS))
        return {"tiles": tiles[:PANEL_TILES]}


@hooks.register("register_admin_urls")
def register_urls():
    return [
        path("analytics/", DashboardView.as_view(), name="analytics_dashboard"),
        path("analytics/story/<int:pk>/", StoryView.as_view(), name="analytics_story"),
        path("analytics/ledger.csv", LedgerFileView.as_view(), name="analytics_ledger_csv"),
        path("reports/searches/", SearchReportView.as_view(), name="analytics_searches"),
    ]


@hooks.register("register_admin_menu_item")
def register_menu_item():
    return DashboardMenuItem(
        _("传播数据"), reverse("analytics_dashboard"), icon_name=ICON, order=240
    )


@hooks.register("register_reports_menu_item")
def register_searches_menu_item():
    return SearchesMenuItem(
        SearchReportView.page_title,
        reverse("analytics_searches"),
        icon_name=SearchReportView.header_icon,
        order=100,
    )


@hooks.register("construct_homepage_panels")
def add_week_panel(request, panels):
    if selectors.may_see_dashboard(request.user):
        panels.append(WeekPanel())


@hooks.register("register_page_header_buttons")
def what_came_of_it(page, user, view_name, next_url=None):
    """From the editor of a public story to its ledger."""
    if not selectors.may_see_dashboard(user):
        return
    if StoryCard.objects.filter(pk=page.pk, union__in=selectors.unions_of(user)).exists():
        yield HeaderButton(
            label=str(_("传播台账")),
            url=reverse("analytics_story", args=[page.pk]),
            icon_name=ICON,
        )


@hooks.register("register_permissions")
def register_permission():
    return Permission.objects.filter(content_type__app_label="analytics", codename="view_dashboard")


@hooks.register("insert_global_admin_css")
def stylesheet():
    return format_html('<link rel="stylesheet" href="{}">', static("analytics/analytics.css"))


@hooks.register("construct_help_menu")
def no_outside_guides(request, menu_items):
    """Wagtail's news and guide are on another server and in English; the shortcuts stay."""
    menu_items[:] = [item for item in menu_items if not item.url.startswith("http")]
