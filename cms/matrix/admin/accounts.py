"""渠道账号: the list of them, connecting one in two steps, editing one. Its page: account_page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from wagtail import hooks
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from cms.matrix import account_selectors as selectors
from cms.matrix.admin.account_page import PAGE, account_kept, account_page, header, note
from cms.matrix.admin.menu import ITEM_HOOK
from cms.matrix.channels import registry
from cms.matrix.forms import AccountEditForm, AccountKindForm, AccountSetupForm
from cms.matrix.models import ChannelAccount
from cms.matrix.services import accounts as services
from cms.members.models import Role, User
from cms.members.selectors import unions_for


class AccountsByUnion(BasePermissionPolicy):
    """Administrators keep the accounts of their own unions. Only a superuser may delete one."""

    def user_has_permission(self, user, action):
        if action == "delete" or user.is_superuser:
            return user.is_active and user.is_superuser
        return unions_for(user, Role.ADMIN).exists()

    def user_has_permission_for_instance(self, user, action, instance):
        mine = selectors.accounts_kept_by(user).filter(pk=instance.pk)
        return self.user_has_permission(user, action) and mine.exists()

    def instances_user_has_any_permission_for(self, user, actions):
        return selectors.accounts_kept_by(user)

    def users_with_any_permission(self, actions):
        return User.objects.filter(is_active=True, memberships__role=Role.ADMIN).distinct()


register_permission_policy(ChannelAccount, AccountsByUnion(ChannelAccount))


class AccountsView(IndexView):
    add_item_label = gettext_lazy("添加账号")

    def get_base_queryset(self):
        return selectors.accounts_kept_by(self.request.user)


class ChannelAccountViewSet(ModelViewSet):
    """Wagtail's list; connecting, editing and the account's page are ours."""

    model = ChannelAccount
    icon = "site"
    menu_label = gettext_lazy("渠道账号")
    menu_order = 400
    menu_hook = ITEM_HOOK
    add_to_admin_menu = True
    index_view_class = AccountsView
    list_display = [
        TitleColumn(
            "name",
            label=gettext_lazy("账号"),
            sort_key="name",
            get_url=lambda account: reverse(PAGE, args=[account.pk]),
        ),
        "channel",
        Column("union", label=gettext_lazy("所属工会")),
        Column("state", label=gettext_lazy("状态"), accessor=lambda account: _state(account)),
        DateColumn("authorised_until", label=gettext_lazy("授权到期")),
        DateColumn("callback_seen_at", label=gettext_lazy("最近推送")),
    ]
    list_filter = ["channel", "state"]
    search_fields = ["name"]
    copy_view_enabled = False
    inspect_view_enabled = True
    form_fields = ["name"]

    def get_urlpatterns(self):
        # Wagtail's history and usage ask nobody whose account it is.
        left_out = {"history", "history_results", "usage"}
        return [each for each in super().get_urlpatterns() if each.name not in left_out]

    def get_common_view_kwargs(self, **kwargs):
        names = {"history_url_name": None, "usage_url_name": None}
        return super().get_common_view_kwargs(**{**names, **kwargs})

    @property
    def add_view(self):
        return connect

    @property
    def edit_view(self):
        return edit

    @property
    def inspect_view(self):
        return account_page


def _state(account: ChannelAccount) -> str:
    if account.state == ChannelAccount.State.PAUSED:
        return _("已暂停：%(why)s") % {"why": account.pause_reason}
    if selectors.authorisation_ends_soon(account):
        return _("授权快到期，请重新授权")
    return account.get_state_display()


@never_cache
def connect(request):
    """添加: first which channel and whose account (kept in the address), then its credentials."""
    unions = unions_for(request.user, Role.ADMIN)
    if not unions.exists():
        raise PermissionDenied
    chosen = AccountKindForm(request.GET or None, unions=unions)
    if not request.GET or not chosen.is_valid():
        return _form(request, "matrix/account/connect.html", chosen, _("添加账号"))
    first = chosen.cleaned_data
    kind = registry.get(first["channel"])
    form = AccountSetupForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            account = services.account_connect(**first, given=form.given())
        except services.CannotConnect as refusal:
            form.add_error(None, str(refusal))
        else:
            note(request, account, _("接入账号"))
            _tell_whether_it_works(request, account)
            return redirect(PAGE, account.pk)
    title = _("添加%(channel)s账号：%(name)s") % {"channel": kind.label, "name": first["name"]}
    return _form(request, "matrix/account/form.html", form, title, first=first)


@never_cache
def edit(request, pk):
    account = account_kept(request, pk)
    form = AccountEditForm(
        request.POST or None, account=account, unions=unions_for(request.user, Role.ADMIN)
    )
    if request.method == "POST" and form.is_valid():
        whose = {name: form.cleaned_data[name] for name in ("name", "union")}
        try:
            services.account_update(account=account, **whose, given=form.given())
        except services.CannotConnect as refusal:
            form.add_error(None, str(refusal))
        else:
            note(request, account, _("修改设置"))
            if form.changes_access():
                _tell_whether_it_works(request, account)
            else:
                messages.success(request, _("已保存。"))
            return redirect(PAGE, account.pk)
    return _form(request, "matrix/account/form.html", form, account.name, account=account)


def _tell_whether_it_works(request, account: ChannelAccount) -> None:
    if services.uses_oauth(account) and not account.token:
        messages.success(request, _("已保存。还差一步：请点“授权”，在平台上同意后就能使用。"))
    elif services.account_check(account=account):
        messages.success(request, _("已保存，平台已接受，账号可以使用。"))
    else:
        messages.warning(
            request, _("已保存，但平台没有接受：%(why)s") % {"why": account.pause_reason}
        )


def _form(request, template, form, title, **more):
    return render(request, template, {"form": form, **more, **header(title)})


@hooks.register("register_admin_viewset")
def register_accounts():
    return ChannelAccountViewSet("channel_accounts")
