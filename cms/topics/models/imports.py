"""Records of the hotline or of a survey that a clerk brings in from a file."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.members.models import Union

USER = settings.AUTH_USER_MODEL


class ImportLayout(models.Model):
    """Which column means what, told once: the next file with the same header needs no asking."""

    # SHA-256 of the header as `cms.topics.services.imports` joins it.
    header_key = models.CharField(max_length=64, unique=True)
    header = models.JSONField()
    # {"text": "诉求内容", "said_at": "受理时间", …}: field → title of its column.
    columns = models.JSONField()
    set_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return "、".join(self.header)


class ImportBatch(models.Model):
    """One file: all its good rows are in, or none. The file itself is kept only until then."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待确认")
        RUNNING = "running", _("导入中")
        DONE = "done", _("已导入")
        UNDONE = "undone", _("已撤销")
        FAILED = "failed", _("没有导入")

    class Kind(models.TextChoices):
        HOTLINE = "hotline", _("12351 热线")
        SURVEY = "survey", _("问卷")

    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    union = models.ForeignKey(
        Union, models.SET_NULL, null=True, related_name="+", verbose_name=_("所属工会")
    )
    name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(max_length=64, db_index=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    layout = models.ForeignKey(ImportLayout, models.SET_NULL, null=True, related_name="+")
    # Emptied when the rows are in, or a day later: it holds names and numbers.
    file = models.BinaryField(null=True)
    # The bad rows with their reasons, as a workbook; emptied after a week.
    rejected = models.BinaryField(null=True)
    good = models.PositiveIntegerField(_("导入"), default=0)
    bad = models.PositiveIntegerField(_("退回"), default=0)
    known = models.PositiveIntegerField(_("已有"), default=0)
    problem = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        ordering = ["-pk"]

    def __str__(self):
        return self.name
