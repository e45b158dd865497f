"""The delivery ledger: a delivery is a row, not a call.

State that matters is written here before anything leaves the machine; what went out, with which
ids and which answer, is written here after. How it may move: cms/matrix/lifecycle.py.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision

from cms.matrix import lifecycle
from cms.matrix.channels.base import Way
from cms.matrix.models.accounts import ChannelAccount


class Wish(models.TextChoices):
    """What a person asked for that the machine still has to carry out on the platform."""

    NONE = "", ""
    WITHDRAW = "withdraw", _("撤回")
    CORRECT = "correct", _("更新")


class Delivery(models.Model):
    """One story revision on its way to one account."""

    State = lifecycle.State
    MOVING = lifecycle.MOVING
    BEFORE = lifecycle.BEFORE
    GONE_OUT = lifecycle.GONE_OUT
    Wish = Wish

    account = models.ForeignKey(
        ChannelAccount, models.PROTECT, related_name="deliveries", verbose_name=_("账号")
    )
    page = models.ForeignKey(
        Page, models.SET_NULL, null=True, related_name="deliveries", verbose_name=_("稿件")
    )
    revision = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(_("标题"), max_length=255)
    way = models.CharField(_("发布方式"), max_length=10, default=Way.PUBLISH.value, editable=False)
    send_at = models.DateTimeField(_("定时"), null=True, editable=False)

    # What was approved: the payload, its hash, and a seal only this installation can set on it.
    payload = models.TextField(editable=False, blank=True)
    content_hash = models.CharField(max_length=64, editable=False, blank=True)
    seal = models.CharField(max_length=64, editable=False, blank=True)
    likeness = models.CharField(max_length=64, editable=False, blank=True, db_index=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    # A person has seen the warning that the same content went to this account within a day.
    repeat_allowed = models.BooleanField(default=False, editable=False)

    state = models.CharField(
        _("状态"),
        max_length=12,
        choices=lifecycle.State.choices,
        default=lifecycle.State.DRAFT,
        db_index=True,
    )
    moved_at = models.DateTimeField(_("进入此状态"), default=timezone.now, editable=False)
    wish = models.CharField(max_length=10, choices=Wish.choices, blank=True, editable=False)
    # What somebody has to do by hand on the platform, in words.
    todo = models.CharField(_("待人工处理"), max_length=300, blank=True, editable=False)

    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    progress = models.JSONField(default=dict, editable=False)
    external = models.JSONField(default=dict, editable=False)
    url = models.URLField(_("平台链接"), max_length=500, blank=True)
    error_class = models.CharField(_("错误类别"), max_length=20, blank=True)
    error_code = models.CharField(_("错误码"), max_length=40, blank=True)
    error_text = models.CharField(_("原因"), max_length=500, blank=True)
    error_field = models.CharField(max_length=40, blank=True, editable=False)
    trace_id = models.CharField(_("平台追踪号"), max_length=80, blank=True)

    next_try_at = models.DateTimeField(_("下次处理"), null=True, db_index=True)
    # Whoever works on the row holds it until then; a worker that dies lets it go by the clock.
    held_until = models.DateTimeField(null=True, editable=False)
    claim = models.PositiveIntegerField(default=0, editable=False)
    # A task for it is under way to a worker: the sweep does not send another until then.
    queued_until = models.DateTimeField(null=True, editable=False)
    # How often a look found nothing after a lost answer; one look is not believed.
    unseen = models.PositiveSmallIntegerField(default=0, editable=False)

    outdated = models.BooleanField(_("站内已更新"), default=False)
    replies_read_at = models.DateTimeField(null=True, editable=False)
    figures_taken_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, editable=False, db_index=True)
    published_at = models.DateTimeField(_("发布时间"), null=True)

    class Meta:
        verbose_name = _("分发")
        verbose_name_plural = _("分发台账")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "page"],
                condition=Q(state__in=lifecycle.BEFORE),
                name="one_unsent_delivery_each",
            ),
        ]

    def __str__(self):
        return f"{self.title} → {self.account}"


class DeliveryEvent(models.Model):
    """One line of a delivery's log. Written once, never changed."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    from_state = models.CharField(max_length=12, choices=lifecycle.State.choices)
    to_state = models.CharField(max_length=12, choices=lifecycle.State.choices)
    # None: the machine itself.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    why = models.CharField(max_length=500, blank=True)
    code = models.CharField(max_length=40, blank=True)
    trace_id = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("分发记录")
        verbose_name_plural = _("分发记录")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_to_state_display()} {self.why}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("a line of the log is written once")
        super().save(*args, **kwargs)
