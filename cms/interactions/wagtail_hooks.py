"""The admin's way to the desks, what waits there on the home screen, and polls that stay."""

from datetime import timedelta

from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button

from cms.interactions import ids as ids  # <row:…>
from cms.interactions import poll_admin as poll_admin  # Registers its own hooks.
from cms.interactions import selectors
from cms.interactions.admin.base import may_moderate
from cms.interactions.admin.desk import QueueView
from cms.interactions.admin.item import item_act, item_page
from cms.interactions.admin.report import report, report_file
from cms.interactions.admin.rules import rule, rules
from cms.interactions.admin.saved import SavedAnswerViewSet
from cms.interactions.models import DeskSettings, Turnout
from cms.matrix.ages import ago


class ForModerators(MenuItem):
    def is_shown(self, request):
        return may_moderate(request.user)


class ForRulers(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm("interactions.change_commentrule")


class ForManagers(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm("interactions.view_moderationevent")


class WaitingPanel(Component):
    """How much waits, since when the oldest does, and what is too late."""

    name = "moderation"
    order = 205
    template_name = "interactions/admin/waiting_panel.html"

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        if not may_moderate(user):
            return {"number": 0}
        items = selectors.items_for(user)
        counts = selectors.queue_counts(items)
        waiting = items.filter(selectors.QUEUES["pending"][1])
        red = timezone.now() - timedelta(hours=DeskSettings.current().red_hours)
        oldest = waiting.first()
        return {
            "number": counts["pending"],
            "appeals": counts["appeals"],
            "reports": counts["reports"],
            "oldest": ago(oldest.waiting_since) if oldest else "",
            "late": waiting.filter(waiting_since__lt=red).count(),
        }


@hooks.register("register_admin_urls")
def register_desks():
    return [
        path("moderation/", QueueView.as_view(), name="interactions_queue"),
        path("moderation/<row:pk>/", item_page, name="interactions_item"),
        path("moderation/<row:pk>/<slug:verb>/", item_act, name="interactions_act"),
        path("moderation-report/", report, name="interactions_report"),
        path("moderation-report/report.<str:ending>", report_file, name="interactions_report_file"),
        path("comment-rules/", rules, name="interactions_rules"),
        path("comment-rules/<row:page_id>/", rule, name="interactions_rule"),
    ]


@hooks.register("register_admin_viewset")
def register_saved_answers():
    return SavedAnswerViewSet("saved_answers")


@hooks.register("register_admin_menu_item")
def register_menu():
    items = [
        ForModerators(
            gettext_lazy("评论审核"), reverse("interactions_queue"), icon_name="comment", order=10
        ),
        ForRulers(
            gettext_lazy("评论开关"), reverse("interactions_rules"), icon_name="lock-open", order=20
        ),
        ForModerators(
            gettext_lazy("常用回复"),
            reverse("saved_answers:index"),
            icon_name="openquote",
            order=30,
        ),
        ForManagers(
            gettext_lazy("审核情况"), reverse("interactions_report"), icon_name="history", order=40
        ),
    ]
    return SubmenuMenuItem(gettext_lazy("互动"), Menu(items=items), icon_name="comment", order=250)


@hooks.register("construct_homepage_panels")
def add_waiting_panel(request, panels):
    panels.append(WaitingPanel())


@hooks.register("register_page_header_buttons")
def add_rule_button(page, user, view_name, next_url=None):
    if page.pk and selectors.may_rule(user, page.specific):
        yield Button(
            _("评论开关"),
            reverse("interactions_rule", args=[page.pk]),
            icon_name="comment",
            priority=60,
        )


@hooks.register("register_log_actions")
def register_log_actions(actions):
    label = gettext_lazy("改了评论开关")
    actions.register_action("interactions.comment_rule", label, label)


@hooks.register("before_delete_page")
def keep_voted_polls(request, page):
    """Votes are records: a poll that has some, or a section with such a poll, stays."""
    if Turnout.objects.filter(poll__path__startswith=page.path).exists():
        messages.error(request, _("这里有已经投过票的投票，不能删除。不想公开的话，请撤下发布。"))
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
