"""The delivery board (分发台账): what needs somebody first, with age, next try and reason."""

import re

from django.contrib import messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.timesince import timeuntil
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import modeladmin_register

from cms.matrix import selectors, services, tasks, watchdog
from cms.matrix.admin.menu import ITEM_HOOK
from cms.matrix.ages import ago
from cms.matrix.channels.base import ChannelError
from cms.matrix.forms import PublishedByHandForm
from cms.matrix.gateway import pictures_for
from cms.matrix.lifecycle import MOVING, IllegalMove, State
from cms.matrix.models import Delivery
from cms.news.admin_rows import RowsAdmin

INDEX = "matrix_delivery_modeladmin_index"
# Wagtail's own classes: done is filled, what needs somebody is in its colour for trouble.
STATE_LOOK = {
    State.PUBLISHED: "w-status w-status--primary",
    State.FAILED: "w-text-critical-200 w-font-bold",
    State.TAKEN_DOWN: "w-text-critical-200 w-font-bold",
    State.NEEDS_CONSOLE: "w-font-bold",
    State.UNKNOWN: "w-font-bold",
}
# What a person may do in which state: verb, words on the button.
ACTIONS = {
    State.APPROVED: (("check", _("立即检查")), ("cancel", _("取消"))),
    State.SCHEDULED: (("cancel", _("取消")),),
    State.DRAFT: (("cancel", _("取消")),),
    State.SUBMITTING: (("check", _("立即检查")),),
    State.SUBMITTED: (("check", _("立即检查")), ("give_up", _("放弃"))),
    State.UNKNOWN: (("check", _("立即检查")), ("give_up", _("放弃"))),
    State.NEEDS_CONSOLE: (("check", _("立即检查")), ("give_up", _("放弃"))),
    State.FAILED: (("retry", _("重试")), ("cancel", _("取消"))),
    State.PUBLISHED: (("withdraw", _("撤回")),),
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


class NeedsFilter(SimpleListFilter):
    """The three questions of an editor on duty."""

    title = _("要处理的")
    parameter_name = "needs"

    def lookups(self, request, model_admin):
        return [("overdue", _("超时未完成")), ("hand", _("要人工处理")), ("newer", _("站内已更新"))]

    def queryset(self, request, queryset):
        match self.value():
            case "overdue":
                return queryset.filter(watchdog.overdue())
            case "hand":
                return queryset.exclude(todo="")
            case "newer":
                return queryset.filter(outdated=True, state=State.PUBLISHED)
        return queryset


class DeliveryAdmin(RowsAdmin):
    """What needs somebody first, with the reason in words and the next step as a button."""

    model = Delivery
    menu_label = _("分发台账")
    menu_icon = "upload"
    add_to_admin_menu = False
    list_display = ("story", "account", "state_shown", "reason", "age", "next_try", "action")
    list_filter = (NeedsFilter, "state", "account__channel", "account")
    search_fields = ("title",)
    list_per_page = 50
    permission_helper_class = LedgerPermissions
    button_helper_class = NoButtons
    index_template_name = "matrix/board.html"

    def get_queryset(self, request):
        self._may_act = request.user.has_perm("matrix.change_delivery")
        return selectors.deliveries_for(request.user)

    def get_ordering(self, request):
        return selectors.ON_DUTY

    def get_extra_attrs_for_row(self, delivery, context):
        return {"data-state": delivery.state}

    def story(self, delivery):
        link = reverse("matrix_delivery", args=[delivery.pk])
        return format_html('<a href="{}"><b>{}</b></a>', link, delivery.title)

    story.short_description = _("稿件")
    story.admin_order_field = "title"

    def state_shown(self, delivery):
        marks = []
        if delivery.is_overdue:
            marks.append(_("超时"))
        if delivery.wish:
            marks.append(_("正在%(wish)s") % {"wish": delivery.get_wish_display()})
        if delivery.outdated and delivery.state == State.PUBLISHED:
            marks.append(_("站内已更新"))
        return format_html(
            '<span class="{}">{}</span> {}',
            STATE_LOOK.get(delivery.state, "w-status w-status--label"),
            delivery.get_state_display(),
            format_html_join(" ", "<small>{}</small>", ((mark,) for mark in marks)),
        )

    state_shown.short_description = _("状态")
    state_shown.admin_order_field = "state"

    def reason(self, delivery):
        if delivery.todo:
            return format_html("<b>{}</b>{}", _("待人工："), delivery.todo)
        if delivery.error_text and delivery.state != State.PUBLISHED:
            return delivery.error_text
        if delivery.url:
            return format_html(
                '<a href="{}" target="_blank" rel="noopener">{}</a>',
                delivery.url,
                _("在平台上查看"),
            )
        return ""

    reason.short_description = _("说明")

    def age(self, delivery):
        exact = timezone.localtime(delivery.moved_at).strftime("%m-%d %H:%M")
        return format_html('<time title="{}">{}</time>', exact, ago(delivery.moved_at))

    age.short_description = _("进入此状态")
    age.admin_order_field = "moved_at"

    def next_try(self, delivery):
        if delivery.next_try_at is None or delivery.state not in (*MOVING, State.NEEDS_CONSOLE):
            return ""
        if delivery.next_try_at <= timezone.now():
            return _("马上")
        return _("%(wait)s后") % {"wait": timeuntil(delivery.next_try_at, depth=1)}

    next_try.short_description = _("下次处理")
    next_try.admin_order_field = "next_try_at"

    def action(self, delivery):
        if not self._may_act or not (acts := ACTIONS.get(delivery.state)):
            return ""
        if delivery.error_class == "repeat":
            acts = (("allow_repeat", _("仍要发布")), ("cancel", _("取消")))
        if delivery.wish or delivery.state == State.PUBLISHED:
            return ""
        verb, label = acts[0]
        return format_html(
            '<button class="button button-small button-secondary" form="act" formaction="{}">{}'
            '<span class="w-sr-only"> {}</span></button>',
            reverse("matrix_delivery_act", args=[delivery.pk, verb]),
            label,
            delivery,
        )

    action.short_description = _("操作")


modeladmin_register(DeliveryAdmin)


@hooks.register(ITEM_HOOK)
def register_board():
    return _BoardItem(_("分发台账"), reverse(INDEX), icon_name="upload", order=100)


class _BoardItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm("matrix.view_delivery")


class TroublePanel(Component):
    """On the admin's front page: what needs somebody."""

    name = "matrix_trouble"
    template_name = "matrix/trouble_panel.html"
    order = 60

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        return {
            "troubles": watchdog.troubles(
                selectors.deliveries_for(user), selectors.accounts_for(user)
            )
        }


@hooks.register("construct_homepage_panels")
def add_trouble_panel(request, panels):
    if request.user.has_perm("matrix.view_delivery"):
        panels.append(TroublePanel())


def delivery_for(request, pk: int, permission: str) -> Delivery:
    """The delivery, if this person has the right and it belongs to a union of theirs."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return get_object_or_404(selectors.deliveries_for(request.user), pk=pk)


def delivery_detail(request, pk):
    """One delivery in full: what was sent, what the platform will not keep, what came of it."""
    delivery = delivery_for(request, pk, "matrix.view_delivery")
    acts = ACTIONS.get(delivery.state, ()) if not delivery.wish else ()
    if delivery.error_class == "repeat":
        acts = (("allow_repeat", _("仍要发布")), *acts)
    if delivery.state == State.DRAFT and delivery.seal:
        acts = (("restore", _("按已签发的版本发出")), *acts)
    return render(
        request,
        "matrix/delivery_detail.html",
        {
            "delivery": delivery,
            "payload": (payload := services.people.payload_shown(delivery)),
            "payload_fields": _fields_shown(payload),
            "pictures": [picture.alt for picture in pictures_for(payload).values()]
            if payload
            else (),
            "events": delivery.events.select_related("by"),
            "acts": acts if request.user.has_perm("matrix.change_delivery") else (),
            "by_hand": PublishedByHandForm() if delivery.state == State.NEEDS_CONSOLE else None,
            "can_listen": delivery.state == State.PUBLISHED,
            "went_out": delivery.submitted_at is not None,
            "page_title": delivery.title,
            "header_icon": "upload",
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_home"), "label": _("首页")},
                {"url": reverse(INDEX), "label": _("分发台账")},
                {"url": "", "label": delivery.title},
            ],
        },
    )


FIELDS = {
    "title": _("标题"),
    "author": _("作者"),
    "digest": _("摘要"),
    "status": _("微博文字"),
    "text": _("正文"),
    "content": _("正文"),
    "url": _("链接"),
    "content_source_url": _("阅读原文"),
}
PICTURES = ("cover", "pictures")
_LINE_ENDS = re.compile(r"</(?:p|section|h\d|li|blockquote|tr)>|<br\s*/?>")


def _fields_shown(payload) -> list[tuple]:
    """(what editors call it, value as text) of what goes out; pictures are told apart."""
    fields = payload.fields if payload else {}
    return [
        (FIELDS.get(name, name), strip_tags(_LINE_ENDS.sub("\n", str(value))).strip())
        for name, value in fields.items()
        if value and name not in PICTURES
    ]


VERBS = {
    "retry": (services.delivery_retry, _("已重新开始分发，请稍后刷新查看。")),
    "check": (services.delivery_retry, _("正在核对，请稍后刷新查看。")),
    "cancel": (services.delivery_cancel, _("已取消这条分发。")),
    "give_up": (services.delivery_give_up, _("已放弃等待。重试前请先到平台确认没有发出。")),
    "allow_repeat": (services.delivery_allow_repeat, _("已重新开始分发。")),
    "restore": (services.delivery_restore, _("将按已签发的版本发出。")),
    "done": (services.delivery_done_by_hand, _("已记为处理完毕。")),
}


@require_POST
def delivery_act(request, pk, verb):
    """One button of the board or of the delivery's page."""
    delivery = delivery_for(request, pk, "matrix.change_delivery")
    if verb not in VERBS:
        raise PermissionDenied
    service, done = VERBS[verb]
    return _act(request, delivery, service, done)


@require_POST
def delivery_listen(request, pk):
    """Ask the platform now what readers said on this account's stories, out of turn."""
    delivery = delivery_for(request, pk, "matrix.change_delivery")
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
    delivery = delivery_for(request, pk, "matrix.change_delivery")
    form = PublishedByHandForm(request.POST)
    if not form.is_valid():
        messages.warning(request, form.errors["url"][0])
        return redirect("matrix_delivery", delivery.pk)

    def verb(*, delivery, by):
        return services.delivery_published_by_hand(
            delivery=delivery, url=form.cleaned_data["url"], by=by
        )

    return _act(request, delivery, verb, _("已记为发布。"))


def _act(request, delivery, verb, done):
    try:
        delivery = verb(delivery=delivery, by=request.user)
    except IllegalMove as refusal:
        messages.warning(request, str(refusal))
    else:
        tasks.dispatch([delivery.pk])
        messages.success(request, done)
    return redirect("matrix_delivery", delivery.pk)


@hooks.register("register_admin_urls")
def register_urls():
    base = "matrix/delivery/<int:pk>/"
    return [
        path(base, delivery_detail, name="matrix_delivery"),
        path(f"{base}by-hand/", delivery_by_hand, name="matrix_delivery_by_hand"),
        path(f"{base}listen/", delivery_listen, name="matrix_delivery_listen"),
        path(f"{base}<slug:verb>/", delivery_act, name="matrix_delivery_act"),
    ]
