"""渠道矩阵 in the admin's menu. Desks register their items with `register_matrix_menu_item`."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, SubmenuMenuItem

ITEM_HOOK = "register_matrix_menu_item"
matrix_menu = Menu(register_hook_name=ITEM_HOOK)


@hooks.register("register_admin_menu_item")
def register_matrix_menu():
    return SubmenuMenuItem(_("渠道矩阵"), matrix_menu, name="matrix", icon_name="site", order=220)
