"""The admin's screens for unions and memberships."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from cms.members.forms import UnionForm
from cms.members.models import Membership, Union


class UnionViewSet(ModelViewSet):
    model = Union
    icon = "group"
    menu_label = _("工会组织")
    list_display = ["indented_name", "level", "member_count"]
    list_filter = ["level"]
    search_fields = ["name"]
    ordering = ["path"]
    copy_view_enabled = False
    add_to_admin_menu = False

    def get_form_class(self, for_update=False):
        return UnionForm


class MembershipViewSet(ModelViewSet):
    model = Membership
    icon = "user"
    menu_label = _("任职与角色")
    list_display = ["user", "union", "role"]
    list_filter = ["role", "union"]
    search_fields = [
        "user__nickname",
        "user__last_name",
        "user__first_name",
        "user__username",
        "user__phone",
        "union__name",
    ]
    panels = [FieldPanel("user"), FieldPanel("union"), FieldPanel("role")]
    add_to_admin_menu = False


class PeopleGroup(ModelViewSetGroup):
    items = (UnionViewSet, MembershipViewSet)
    menu_label = _("工会与人员")
    menu_icon = "group"
    menu_order = 700


@hooks.register("register_admin_viewset")
def register_people():
    return PeopleGroup()
