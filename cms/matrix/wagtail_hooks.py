"""Brings in the admin's screens for the matrix: importing a module registers its desk."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet

from cms.matrix.admin import auto_reply, board, inbox, log, menu  # noqa: F401
from cms.matrix.forms import ChannelAccountForm
from cms.matrix.models import ChannelAccount


class ChannelAccountViewSet(ModelViewSet):
    model = ChannelAccount
    icon = "site"
    menu_label = _("渠道账号")
    menu_order = 230
    add_to_admin_menu = True
    list_display = ["name", "channel", "union", "state", "pause_reason"]
    list_filter = ["channel", "state"]
    search_fields = ["name"]
    copy_view_enabled = False

    def get_form_class(self, for_update=False):
        return ChannelAccountForm


@hooks.register("register_admin_viewset")
def register_accounts():
    return ChannelAccountViewSet("channel_accounts")
