"""自定义菜单: the menu at the foot of an account's chat, edited here and put in place there."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from cms.matrix.admin.auto_reply import accounts_kept_by, is_keeper
from cms.matrix.admin.menu import ITEM_HOOK
from cms.matrix.channels.base import Capability, ChannelError
from cms.matrix.menu_forms import MenuForm, moved
from cms.matrix.models import ChannelAccount
from cms.matrix.services import menus

CHOOSE, EDIT = "matrix_menus", "matrix_menu"


@require_safe
def choose(request):
    """The accounts that can have a menu; straight to the only one."""
    if not is_keeper(request.user):
        raise PermissionDenied
    accounts = [a for a in accounts_kept_by(request.user) if a.may(Capability.MENU)]
    if len(accounts) == 1:
        return redirect(EDIT, accounts[0].pk)
    return render(
        request, "matrix/menu/choose.html", {"accounts": accounts, **_header(_("自定义菜单"))}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    """Nothing typed is lost: what the platform refuses stays as a draft, what is incomplete stays
    on the screen."""
    if not is_keeper(request.user):
        raise PermissionDenied
    account = get_object_or_404(accounts_kept_by(request.user), pk=pk)
    if request.method != "POST":
        return _shown(request, account, MenuForm(account.channel, account.menu))
    if asked := request.POST.get("move"):
        return _shown(request, account, MenuForm(account.channel, data=moved(request.POST, asked)))
    match request.POST.get("do"):
        case "fetch":
            if _told(request, account, menus.menu_fetch, _("已取回平台上的菜单。")):
                return redirect(EDIT, account.pk)
        case "remove":
            _told(request, account, menus.menu_remove, _("已停用平台上的菜单，草稿还在这里。"))
        case _:
            return _save(request, account)
    return _shown(request, account, MenuForm(account.channel, data=request.POST))


def _save(request, account: ChannelAccount):
    form = MenuForm(account.channel, data=request.POST)
    if not form.is_valid():
        messages.error(request, form.problem or _("有几处要改，改好再保存。"))
        return _shown(request, account, form, checked=True)
    if request.POST.get("do") == "save":
        menus.menu_save(account=account, buttons=form.buttons())
        messages.success(request, _("草稿已保存，平台上的菜单没有变。"))
        return redirect(EDIT, account.pk)

    def publish(*, account):
        menus.menu_publish(account=account, buttons=form.buttons())

    _told(request, account, publish, _("菜单已发布。已关注的人重新打开对话就能看到。"))
    return redirect(EDIT, account.pk)


def _told(request, account: ChannelAccount, verb, done: str) -> bool:
    """Speak to the platform and say what came of it; whether it went well."""
    try:
        verb(account=account)
    except ChannelError as error:
        code = _("（错误码 %(code)s）") % {"code": error.code} if error.code else ""
        messages.error(request, (error.human or error.message) + code)
        return False
    messages.success(request, done)
    return True


def _shown(request, account: ChannelAccount, form: MenuForm, *, checked: bool = False):
    return render(
        request,
        "matrix/menu/edit.html",
        {
            "account": account,
            "form": form,
            "checked": checked,
            "may": account.may(Capability.MENU),
            "why": account.rights.get(Capability.MENU),
            **_header(_("%(account)s的菜单") % {"account": account.name}),
        },
    )


def _header(title: str) -> dict:
    return {
        "page_title": title,
        "header_icon": "list-ul",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("首页")},
            {"url": reverse(CHOOSE), "label": _("自定义菜单")},
            {"url": "", "label": title},
        ],
    }


class MenusItem(MenuItem):
    def is_shown(self, request):
        return is_keeper(request.user)


@hooks.register(ITEM_HOOK)
def register_menus():
    label = gettext_lazy("自定义菜单")
    return MenusItem(label, reverse_lazy(CHOOSE), icon_name="list-ul", order=140)


@hooks.register("register_admin_urls")
def register_menu_urls():
    return [
        path("matrix/menu/", choose, name=CHOOSE),
        path("matrix/menu/<int:pk>/", edit, name=EDIT),
    ]
