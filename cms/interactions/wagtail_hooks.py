"""The admin's way to the queue, what waits there on the home screen, and polls that stay."""

from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from cms.interactions import poll_admin as poll_admin  # Registers its own hooks.
from cms.interactions import selectors
from cms.interactions.admin_views import PERMISSION, QueueView
from cms.interactions.models import ModerationItem, Turnout


class QueueMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(PERMISSION)


class WaitingPanel(Component):
    """How many texts wait, and since when the oldest does."""

    name = "moderation"
    order = 205
    template_name = "interactions/admin/waiting_panel.html"

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        if not user.has_perm(PERMISSION):
            return {"number": 0}
        waiting = selectors.items_for(user).filter(state=ModerationItem.State.PENDING)
        return {"number": waiting.count(), "oldest": waiting.first()}


@hooks.register("register_admin_urls")
def register_queue():
    return [path("moderation/", QueueView.as_view(), name="interactions_queue")]


@hooks.register("register_admin_menu_item")
def register_menu_item():
    return QueueMenuItem(
        gettext_lazy("评论审核"), reverse("interactions_queue"), icon_name="comment", order=250
    )


@hooks.register("construct_homepage_panels")
def add_waiting_panel(request, panels):
    panels.append(WaitingPanel())


@hooks.register("before_delete_page")
def keep_voted_polls(request, page):
    """Votes are records: a poll that has some, or a section with such a poll, stays."""
    if Turnout.objects.filter(poll__path__startswith=page.path).exists():
        messages.error(request, _("这里有已经投过票的投票，不能删除。不想公开的话，请撤下发布。"))
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
