"""The delivery ledger: a delivery is a row, not a call.

State that matters is written here before anything leaves the machine; what went out, with which
ids and which answer, is written here after. See docs/decisions for the state machine.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision

from cms.matrix.models.accounts import ChannelAccount


class Delivery(models.Model):
    """One story revision on its way to one account."""

    class State(models.TextChoices):
        QUEUED = "queued", _("等待分发")
        SUBMITTING = "submitting", _("正在提交")
        WAITING = "waiting", _("平台处理中")
        UNKNOWN = "unknown", _("结果待核对")
        PUBLISHED = "published", _("已发布")
        MANUAL = "manual", _("待人工发表")
        FAILED = "failed", _("未成功")
        CANCELLED = "cancelled", _("已取消")
        WITHDRAWN = "withdrawn", _("已撤回")
        TAKEN_DOWN = "taken_down", _("被平台下架")

    # In these the machine has a next step of its own.
    MOVING = (State.QUEUED, State.SUBMITTING, State.WAITING, State.UNKNOWN)
    # In these the text has left, or may have left, this machine.
    GONE_OUT = (State.SUBMITTING, State.WAITING, State.UNKNOWN, State.PUBLISHED, State.MANUAL)

    account = models.ForeignKey(
        ChannelAccount, models.PROTECT, related_name="deliveries", verbose_name=_("账号")
    )
    page = models.ForeignKey(
        Page, models.SET_NULL, null=True, related_name="deliveries", verbose_name=_("稿件")
    )
    revision = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(_("标题"), max_length=255)
    payload = models.TextField(editable=False)
    content_hash = models.CharField(max_length=64, editable=False)
    state = models.CharField(
        _("状态"), max_length=12, choices=State.choices, default=State.QUEUED, db_index=True
    )
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    progress = models.JSONField(default=dict, editable=False)
    external = models.JSONField(default=dict, editable=False)
    url = models.URLField(_("平台链接"), max_length=500, blank=True)
    error_code = models.CharField(_("错误码"), max_length=40, blank=True)
    error_text = models.CharField(_("原因"), max_length=500, blank=True)
    next_try_at = models.DateTimeField(_("下次处理"), null=True, db_index=True)
    # Whoever works on the row holds it until then; a worker that dies lets it go by the clock.
    held_until = models.DateTimeField(null=True, editable=False)
    outdated = models.BooleanField(_("站内已更新"), default=False)
    replies_read_at = models.DateTimeField(null=True, editable=False)
    figures_taken_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    published_at = models.DateTimeField(_("发布时间"), null=True)

    class Meta:
        verbose_name = _("分发")
        verbose_name_plural = _("分发台账")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "revision"], name="one_delivery_each")
        ]

    def __str__(self):
        return f"{self.title} → {self.account}"
