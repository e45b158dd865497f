"""What comes in from other people's feeds. An item may become a draft, never a published page."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class FeedSource(models.Model):
    """A feed that is fetched on schedule. A failed fetch leaves a reason and loses nothing."""

    name = models.CharField(_("名称"), max_length=80)
    url = models.URLField(_("订阅地址"), max_length=500, unique=True)
    section = models.ForeignKey(
        "news.SectionPage",
        models.PROTECT,
        related_name="+",
        verbose_name=_("稿件放入栏目"),
    )
    source_name = models.CharField(
        _("稿源名称"),
        max_length=60,
        help_text=_("转载时署名的来源，应在可转载稿源名单内。"),
    )
    active = models.BooleanField(_("启用"), default=True)
    auto_adopt = models.BooleanField(
        _("自动建稿"), default=False, help_text=_("新条目自动建成草稿，仍须编辑送审。")
    )
    interval_minutes = models.PositiveIntegerField(_("抓取间隔（分钟）"), default=30)

    etag = models.CharField(max_length=200, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    next_fetch_at = models.DateTimeField(_("下次抓取"), null=True, editable=False)
    last_fetched_at = models.DateTimeField(_("上次抓取"), null=True, editable=False)
    last_ok_at = models.DateTimeField(_("上次成功"), null=True, editable=False)
    failures = models.PositiveIntegerField(_("连续失败"), default=0, editable=False)
    failure_code = models.CharField(max_length=40, blank=True, editable=False)
    failure_text = models.CharField(_("失败原因"), max_length=300, blank=True, editable=False)
    warning_text = models.TextField(_("提示"), blank=True, editable=False)

    class Meta:
        verbose_name = _("订阅源")
        verbose_name_plural = _("订阅源")
        ordering = ["name"]

    def __str__(self):
        return self.name


class FeedItem(models.Model):
    class State(models.TextChoices):
        NEW = "new", _("待处理")
        ADOPTED = "adopted", _("已建稿")
        IGNORED = "ignored", _("不采用")

    source = models.ForeignKey(
        FeedSource, models.CASCADE, related_name="items", verbose_name=_("订阅源")
    )
    key = models.CharField(max_length=255)
    title = models.CharField(_("标题"), max_length=255)
    link = models.CharField(_("原文网址"), max_length=500, blank=True)
    author = models.CharField(_("原作者"), max_length=100, blank=True)
    summary = models.TextField(_("摘要"), blank=True)
    content_html = models.TextField(_("内容"), blank=True)
    published_at = models.DateTimeField(_("原发布时间"), null=True)
    date_precision = models.CharField(max_length=10, default="unknown")
    # Signed 64-bit, as SQLite and PostgreSQL store it.
    fingerprint = models.BigIntegerField(default=0, db_index=True)
    similar_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="+", verbose_name=_("疑似重复")
    )
    # What it is most like, found once when it comes in: another item (above) or a story of ours.
    similar_page = models.ForeignKey(
        Page, models.SET_NULL, null=True, related_name="+", verbose_name=_("疑似重复的稿件")
    )
    similarity = models.PositiveSmallIntegerField(_("相似程度（%）"), default=0)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.NEW)
    page = models.ForeignKey(
        Page,
        models.SET_NULL,
        null=True,
        related_name="feed_items",
        verbose_name=_("稿件"),
    )
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    seen_at = models.DateTimeField(_("收到时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("订阅条目")
        verbose_name_plural = _("订阅条目")
        ordering = ["-seen_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="one_item_per_source_key")
        ]

    def __str__(self):
        return self.title
