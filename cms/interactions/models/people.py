"""What is done about people who keep writing what must be refused."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.interactions.models.moderation import ModerationItem

USER = settings.AUTH_USER_MODEL


class MeasureQuerySet(models.QuerySet):
    def in_force(self):
        now = timezone.now()
        return self.filter(Q(until=None) | Q(until__gt=now), lifted_at=None)


class Measure(models.Model):
    """One step of the ladder, from a word of warning to no re-registration.

    Source: 《跟帖评论服务管理规定》 arts. 7 and 8 (警示提醒、限制功能、暂停账号、关闭、
    禁止重新注册; records are kept). `until` None: until it is lifted.
    """

    class Kind(models.TextChoices):
        WARNING = "warning", _("警示提醒")
        HOLD = "hold", _("限期禁言")
        BLOCK = "block", _("停止互动")
        BAR = "bar", _("关闭账号，不得再注册")

    #: Those that keep a person from speaking.
    SILENCING = (Kind.HOLD, Kind.BLOCK, Kind.BAR)

    author_key = models.CharField(max_length=120, db_index=True)
    author_name = models.CharField(_("作者"), max_length=60, blank=True)
    kind = models.CharField(_("措施"), max_length=10, choices=Kind.choices)
    reason = models.CharField(_("原因"), max_length=12, choices=ModerationItem.Reason.choices)
    note = models.CharField(_("给本人的说明"), max_length=200, blank=True)
    # The text that led to it; the measure stays when the text goes.
    item = models.ForeignKey(ModerationItem, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("经手人"))
    at = models.DateTimeField(_("时间"))
    until = models.DateTimeField(_("到期"), null=True)
    lifted_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(_("解除时间"), null=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("处置措施")
        verbose_name_plural = _("处置措施")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.author_name} {self.get_kind_display()}"

    @property
    def is_in_force(self) -> bool:
        return not self.lifted_at and (self.until is None or self.until > timezone.now())
