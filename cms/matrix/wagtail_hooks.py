"""The admin's screens for the matrix: the delivery board, accounts, and each story's way out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import HeaderButton
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import modeladmin_register

from cms.matrix import selectors, services
from cms.matrix.channels.base import ChannelError, Payload
from cms.matrix.forms import ChannelAccountForm, PublishedByHandForm
from cms.matrix.models import ChannelAccount, Delivery
from cms.matrix.tasks import advance_delivery
from cms.news.admin_rows import RowsAdmin
from cms.news.models import StoryPage

RETRYABLE = (Delivery.State.FAILED, *Delivery.MOVING)
# Wagtail's own classes: done is filled, what needs somebody is in its colour for trouble.
STATE_LOOK = {
    Delivery.State.PUBLISHED: "w-status w-status--primary",
    Delivery.State.FAILED: "w-text-critical-200 w-font-bold",
    Delivery.State.TAKEN_DOWN: "w-text-critical-200 w-font-bold",
    Delivery.State.NEEDS_CONSOLE: "w-font-bold",
    Delivery.State.UNKNOWN: "w-font-bold",
}


class LedgerPermissions(PermissionHelper):
    """Rows are made by publishing: nobody adds, edits or deletes them by hand."""

    def user_can_list(self, user):
        return user.has_perm("matrix.view_delivery")

    def user_can_create(self, user):
        return False

    def user_can_edit_obj(self, user, obj):
        return False

    def user_can_delete_obj(self, user, obj):
        return False


class NoButtons(ButtonHelper):
    def get_buttons_for_obj(self, obj, exclude=None, classnames_add=None, classnames_exclude=None):
        return []


class DeliveryAdmin(RowsAdmin):
    """The delivery board: what needs somebody first, with the reason in words."""

    model = Delivery
    menu_label = _("分发台账")
    menu_icon = "upload"
    menu_order = 220
    list_display = ("story", "account", "state_shown", "reason", "age", "action")
    list_filter = ("state", "account__channel", "account")
    search_fields = ("title",)
    list_per_page = 50
    permission_helper_class = LedgerPermissions
    button_helper_class = NoButtons
    index_template_name = "news/admin/index_with_actions.html"

    def get_queryset(self, request):
        return selectors.deliveries_for(request.user)

    def get_ordering(self, request):
        return ("urgency", "-created_at", "-pk")

    def story(self, delivery):
        link = reverse("matrix_delivery", args=[delivery.pk])
        return format_html('<a href="{}"><b>{}</b></a>', link, delivery.title)

    story.short_description = _("稿件")
    story.admin_order_field = "title"

    def state_shown(self, delivery):
        label = format_html(
            '<span class="{}">{}</span>',
            STATE_LOOK.get(delivery.state, "w-status w-status--label"),
            delivery.get_state_display(),
        )
        if delivery.outdated:
            return format_html("{} <small>{}</small>", label, _("站内已更新"))
        return label

    state_shown.short_description = _("状态")
    state_shown.admin_order_field = "state"

    def reason(self, delivery):
        if delivery.error_text:
            return delivery.error_text
        if delivery.url:
            return format_html(
                '<a href="{}" target="_blank" rel="noopener">{}</a>',
                delivery.url,
                _("在平台上查看"),
            )
        if delivery.next_try_at:
            return _("系统会自动继续处理")
        return ""

    reason.short_description = _("说明")

    def age(self, delivery):
        return _("%(age)s前") % {"age": timesince(delivery.created_at, depth=1)}

    age.short_description = _("时间")
    age.admin_order_field = "created_at"

    def action(self, delivery):
        if delivery.state not in RETRYABLE:
            return ""
        label = _("重试") if delivery.state == Delivery.State.FAILED else _("立即检查")
        return format_html(
            '<button class="button button-small button-secondary" form="act" formaction="{}">{}'
            '<span class="w-sr-only"> {}</span></button>',
            reverse("matrix_delivery_retry", args=[delivery.pk]),
            label,
            delivery,
        )

    action.short_description = _("操作")


modeladmin_register(DeliveryAdmin)


def _delivery_for(request, pk: int, permission: str) -> Delivery:
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return get_object_or_404(selectors.deliveries_for(request.user), pk=pk)


def delivery_detail(request, pk):
    """One delivery in full: what was sent, what the platform will not keep, what came of it."""
    delivery = _delivery_for(request, pk, "matrix.view_delivery")
    payload = Payload.from_json(delivery.payload)
    return render(
        request,
        "matrix/delivery_detail.html",
        {
            "delivery": delivery,
            "payload": payload,
            "can_retry": delivery.state in RETRYABLE,
            "by_hand": PublishedByHandForm()
            if delivery.state == Delivery.State.NEEDS_CONSOLE
            else None,
            "can_listen": delivery.state == Delivery.State.PUBLISHED,
            "can_cancel": delivery.state in (Delivery.State.APPROVED, Delivery.State.FAILED),
            "page_title": delivery.title,
            "header_icon": "upload",
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_home"), "label": _("首页")},
                {"url": reverse("matrix_delivery_modeladmin_index"), "label": _("分发台账")},
                {"url": "", "label": delivery.title},
            ],
        },
    )


@require_POST
def delivery_retry(request, pk):
    delivery = _delivery_for(request, pk, "matrix.change_delivery")
    return _act(request, delivery, services.delivery_retry, _("已重新开始分发，请稍后刷新查看。"))


@require_POST
def delivery_cancel(request, pk):
    delivery = _delivery_for(request, pk, "matrix.change_delivery")
    return _act(request, delivery, services.delivery_cancel, _("已取消这条分发。"))


@require_POST
def delivery_listen(request, pk):
    """Ask the platform now what readers said on this account's stories, out of turn."""
    delivery = _delivery_for(request, pk, "matrix.change_delivery")
    try:
        new = services.replies_fetch(account=delivery.account, at_once=True)
        services.figures_take(account=delivery.account, at_once=True)
    except ChannelError as error:
        messages.warning(request, error.human or str(error))
    else:
        messages.success(request, _("已收取，新增留言 %(new)s 条。") % {"new": new})
    return redirect("matrix_delivery", delivery.pk)


@require_POST
def delivery_by_hand(request, pk):
    delivery = _delivery_for(request, pk, "matrix.change_delivery")
    form = PublishedByHandForm(request.POST)
    if not form.is_valid():
        messages.warning(request, form.errors["url"][0])
        return redirect("matrix_delivery", delivery.pk)

    def verb(*, delivery):
        return services.delivery_published_by_hand(delivery=delivery, url=form.cleaned_data["url"])

    return _act(request, delivery, verb, _("已记为发布。"))


def _act(request, delivery, verb, done):
    try:
        delivery = verb(delivery=delivery)
    except services.CannotRetry as refusal:
        messages.warning(request, str(refusal))
    else:
        if delivery.state in Delivery.MOVING:
            advance_delivery.delay(delivery.pk)
        messages.success(request, done)
    return redirect("matrix_delivery", delivery.pk)


@hooks.register("register_admin_urls")
def register_urls():
    base = "matrix/delivery/<int:pk>/"
    return [
        path(base, delivery_detail, name="matrix_delivery"),
        path(f"{base}retry/", delivery_retry, name="matrix_delivery_retry"),
        path(f"{base}by-hand/", delivery_by_hand, name="matrix_delivery_by_hand"),
        path(f"{base}listen/", delivery_listen, name="matrix_delivery_listen"),
        path(f"{base}cancel/", delivery_cancel, name="matrix_delivery_cancel"),
    ]


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


@hooks.register("register_page_header_buttons")
def where_it_went(page, user, view_name, next_url=None):
    """From the editor of a published story to its deliveries."""
    if isinstance(page.specific_deferred, StoryPage) and user.has_perm("matrix.view_delivery"):
        yield HeaderButton(
            label=str(_("分发情况")),
            url=f"{reverse('matrix_delivery_modeladmin_index')}?q={page.title[:20]}",
            icon_name="upload",
        )
