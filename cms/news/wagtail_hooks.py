"""The newsroom's own admin screens: feed sources and what came in through them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Page
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from cms.members.models import Role
from cms.members.selectors import unions_for
from cms.news import services, writing
from cms.news.admin_rows import RowsAdmin
from cms.news.models import FeedItem, FeedSource
from cms.news.tasks import fetch_feed


def _action(address: str, label: str, what: object, look: str = "button-secondary"):
    """A button that posts to `address` through the page's one form (id="act")."""
    return format_html(
        '<button class="button button-small {}" form="act" formaction="{}">{}'
        '<span class="w-sr-only"> {}</span></button>',
        look,
        address,
        label,
        what,
    )


class FeedSourceAdmin(RowsAdmin):
    model = FeedSource
    menu_label = _("订阅源")
    menu_icon = "link"
    list_display = ("name", "state_shown", "last_ok", "section", "auto_adopt", "action")
    list_filter = ("active",)
    search_fields = ("name", "url")
    index_template_name = "news/admin/index_with_actions.html"
    panels = [
        FieldPanel("name"),
        FieldPanel("url"),
        FieldPanel("source_name"),
        FieldPanel("section"),
        FieldRowPanel([FieldPanel("interval_minutes"), FieldPanel("active")]),
        FieldPanel("auto_adopt"),
    ]

    def state_shown(self, source):
        if not source.active:
            return _("已停用")
        if source.failures:
            return format_html(
                '<b class="w-text-critical-200">{}</b> {}',
                _("失败 %(count)s 次") % {"count": source.failures},
                source.failure_text,
            )
        if source.last_ok_at:
            return source.warning_text or _("正常")
        return _("等待首次抓取")

    state_shown.short_description = _("状态")

    def last_ok(self, source):
        return localtime(source.last_ok_at).strftime("%m-%d %H:%M") if source.last_ok_at else "—"

    last_ok.short_description = _("上次成功")

    def action(self, source):
        return _action(reverse("news_feed_fetch", args=[source.pk]), _("立即抓取"), source)

    action.short_description = _("操作")


class ItemPermissions(PermissionHelper):
    """Items come from feeds: nobody adds or edits them here, editors adopt or lay them aside."""

    def user_can_create(self, user):
        return False

    def user_can_edit_obj(self, user, obj):
        return False

    def user_can_delete_obj(self, user, obj):
        return False


class NoButtons(ButtonHelper):
    def get_buttons_for_obj(self, obj, exclude=None, classnames_add=None, classnames_exclude=None):
        return []


def _story_link(page: Page) -> str:
    return page.url if page.live else reverse("wagtailadmin_pages:edit", args=[page.pk])


class FeedItemAdmin(RowsAdmin):
    model = FeedItem
    menu_label = _("来稿")
    menu_icon = "download"
    list_display = ("title_shown", "source", "date_shown", "similar", "state", "action")
    list_filter = ("state", "source")
    search_fields = ("title", "summary")
    list_per_page = 50
    list_select_related = ("source", "similar_to", "similar_page")
    permission_helper_class = ItemPermissions
    button_helper_class = NoButtons
    index_template_name = "news/admin/index_with_actions.html"

    def get_queryset(self, request):
        unions = unions_for(request.user, Role.EDITOR, Role.ADMIN)
        return super().get_queryset(request).filter(source__section__union__in=unions)

    def title_shown(self, item):
        if not item.link:
            return item.title
        return format_html(
            '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>', item.link, item.title
        )

    title_shown.short_description = _("标题")
    title_shown.admin_order_field = "title"

    def date_shown(self, item):
        if item.published_at is None:
            return _("日期不明")
        shape = "%Y-%m-%d" if item.date_precision == "day" else "%Y-%m-%d %H:%M"
        return localtime(item.published_at).strftime(shape)

    date_shown.short_description = _("原发布时间")
    date_shown.admin_order_field = "published_at"

    def similar(self, item):
        """What the item repeats, how much of it, and the way there."""
        if item.similar_page:
            title, link = item.similar_page.title, _story_link(item.similar_page)
        elif item.similar_to:
            # This list, narrowed to the other item.
            title, link = item.similar_to.title, f"?{urlencode({'q': item.similar_to.title})}"
        else:
            return ""
        story = format_html('<a href="{}">《{}》</a>', link, title)
        share = format_html(" {}%", item.similarity) if item.similarity else ""
        return format_html(_("与{story}相似{share}"), story=story, share=share)

    similar.short_description = _("疑似重复")

    def action(self, item):
        if item.page_id:
            link = reverse("wagtailadmin_pages:edit", args=[item.page_id])
            return format_html('<a href="{}">{}</a>', link, _("打开草稿"))
        if item.state == FeedItem.State.IGNORED:
            return ""
        adopt = _action(reverse("news_item_adopt", args=[item.pk]), _("建稿"), item)
        ignore = _action(
            reverse("news_item_ignore", args=[item.pk]), _("不采用"), item, "button-secondary no"
        )
        return format_html("{} {}", adopt, ignore)

    action.short_description = _("操作")


class IntakeGroup(ModelAdminGroup):
    menu_label = _("订阅与来稿")
    menu_icon = "mail"
    menu_order = 210
    items = (FeedItemAdmin, FeedSourceAdmin)


modeladmin_register(IntakeGroup)


def _require(request, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


@require_POST
def feed_fetch(request, pk):
    _require(request, "news.view_feedsource")
    source = get_object_or_404(FeedSource, pk=pk)
    fetch_feed.delay(source.pk)
    messages.success(request, _("已开始抓取“%(name)s”，请稍后刷新。") % {"name": source.name})
    return redirect("news_feedsource_modeladmin_index")


def _item(request, pk: int) -> FeedItem:
    _require(request, "news.change_feeditem")
    unions = unions_for(request.user, Role.EDITOR, Role.ADMIN)
    return get_object_or_404(FeedItem, pk=pk, source__section__union__in=unions)


@require_POST
def item_adopt(request, pk):
    page = services.feed_item_adopt(item=_item(request, pk), user=request.user)
    messages.success(request, _("已建成草稿，请核对来源和内容后送审。"))
    return redirect("wagtailadmin_pages:edit", page.pk)


@require_POST
def item_ignore(request, pk):
    services.feed_item_ignore(item=_item(request, pk), user=request.user)
    return redirect("news_feeditem_modeladmin_index")


@hooks.register("register_admin_urls")
def register_urls():
    return [
        path("news/feeds/<int:pk>/fetch/", feed_fetch, name="news_feed_fetch"),
        path("news/items/<int:pk>/adopt/", item_adopt, name="news_item_adopt"),
        path("news/items/<int:pk>/ignore/", item_ignore, name="news_item_ignore"),
        path("news/writing/keywords/", writing.writing_keywords, name="news_writing_keywords"),
        path(
            "news/writing/duplicates/", writing.writing_duplicates, name="news_writing_duplicates"
        ),
    ]
