"""How the desk works: its clock, ready answers, and where comments are open."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Page

from cms.interactions.audit import LEAST_DAYS
from cms.members.models import Union
from cms.news import pagecache


@register_setting(icon="comment", order=300)
class DeskSettings(BaseGenericSetting):
    """What a union may set about comments and the desk."""

    class Challenge(models.TextChoices):
        AUTO = "auto", _("有人刷屏时自动打开")
        ON = "on", _("一直打开")
        OFF = "off", _("关闭")

    warn_hours = models.PositiveSmallIntegerField(
        _("多久未审变黄（小时）"), default=4, validators=[MinValueValidator(1)]
    )
    red_hours = models.PositiveSmallIntegerField(
        _("多久未审变红（小时）"), default=24, validators=[MinValueValidator(1)]
    )
    hold_days = models.PositiveSmallIntegerField(
        _("禁言几天"), default=7, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    per_minute = models.PositiveSmallIntegerField(
        _("每人每分钟最多几条"), default=5, validators=[MinValueValidator(1)]
    )
    per_day = models.PositiveSmallIntegerField(
        _("每人每天最多几条"),
        default=40,
        validators=[MinValueValidator(1), MaxValueValidator(150)],
    )
    keep_days = models.PositiveIntegerField(
        _("审核记录保存天数"),
        default=LEAST_DAYS,
        validators=[MinValueValidator(LEAST_DAYS)],
        help_text=_("网络安全法要求不少于六个月。"),
    )
    challenge = models.CharField(
        _("防刷验证"),
        max_length=4,
        choices=Challenge.choices,
        default=Challenge.AUTO,
        help_text=_("由手机自己算一道题，不用看图、不用拖动。"),
    )

    panels = [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("warn_hours"), FieldPanel("red_hours")])],
            heading=_("审核时限"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("per_minute"), FieldPanel("per_day")]),
                FieldPanel("challenge"),
            ],
            heading=_("防刷屏"),
        ),
        FieldRowPanel([FieldPanel("hold_days"), FieldPanel("keep_days")]),
    ]

    class Meta:
        verbose_name = _("评论与审核设置")

    @classmethod
    def current(cls) -> "DeskSettings":
        """The settings in force, remembered in this process until they change; only to be read."""
        return pagecache.remember("desk-settings", cls.load)

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        pagecache.touch(pagecache.SITE)

    def clean(self):
        super().clean()
        if self.warn_hours and self.red_hours and self.red_hours <= self.warn_hours:
            raise ValidationError({"red_hours": _("变红要晚于变黄。")})


class SavedAnswer(models.Model):
    """An answer a union gives often, ready to be put under a comment."""

    union = models.ForeignKey(Union, models.CASCADE, related_name="+", verbose_name=_("工会"))
    title = models.CharField(_("名称"), max_length=30)
    text = models.TextField(_("回复内容"), max_length=500)

    class Meta:
        verbose_name = _("常用回复")
        verbose_name_plural = _("常用回复")
        ordering = ["title", "pk"]

    def __str__(self):
        return self.title


class CommentRule(models.Model):
    """Whether a section or a story takes comments, and when. It is no part of the story's text:
    closing a heated discussion must not wait for 三审. A story's own rule goes before that of its
    section."""

    class Mode(models.TextChoices):
        OPEN = "open", _("开放")
        CLOSED = "closed", _("关闭")

    page = models.OneToOneField(
        Page, models.CASCADE, related_name="+", verbose_name=_("稿件或栏目")
    )
    mode = models.CharField(_("评论"), max_length=6, choices=Mode.choices, default=Mode.OPEN)
    opens_at = models.DateTimeField(_("开放时间"), null=True, blank=True)
    closes_at = models.DateTimeField(_("关闭时间"), null=True, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("评论开关")
        verbose_name_plural = _("评论开关")

    def __str__(self):
        return f"{self.page} {self.get_mode_display()}"

    def clean(self):
        super().clean()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("关闭时间要晚于开放时间。")})

    def is_open(self) -> bool:
        now = timezone.now()
        return (
            self.mode == self.Mode.OPEN
            and not (self.opens_at and self.opens_at > now)
            and not (self.closes_at and self.closes_at <= now)
        )
