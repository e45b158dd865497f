"""What the machine remembers between two runs, and the numbers it was told to use."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

USER = settings.AUTH_USER_MODEL


class Progress(models.Model):
    """How far the grouping of voices is. One row.

    `dirty_from` is the earliest day of which a voice came, changed or went since it was grouped:
    the next run goes back to the checkpoint before it. None: nothing is left to do.
    """

    dirty_from = models.DateField(null=True)
    # What the run that is going on has taken over of it. A run that died leaves it behind, and the
    # next one takes it up.
    claimed_from = models.DateField(null=True)
    # When that run last gave a sign of life; and for the board, days done of days to do.
    seen_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.done}/{self.total}"


class Checkpoint(models.Model):
    """The state of the detector at the end of `day` (cms.topics.detection)."""

    day = models.DateField(unique=True)
    state = models.BinaryField()

    def __str__(self):
        return str(self.day)


class GroupMerge(models.Model):
    """On `day` a group of voices had grown so like an older one that they are one from there on."""

    gone = models.CharField(max_length=120, unique=True)
    kept = models.CharField(max_length=120)
    day = models.DateField(db_index=True)

    def __str__(self):
        return f"{self.gone} → {self.kept}"


class HeatFormula(models.Model):
    """The weights of the heat as somebody set them; the latest is in force. Rows are added,
    never changed, so that a report can say which formula it was made with."""

    weights = models.JSONField()
    set_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.pk}"


class LearnedModel(models.Model):
    """A version of the classifier. Trained on request, tried, and used only when adopted."""

    class State(models.TextChoices):
        LEARNING = "learning", _("学习中")
        TRIAL = "trial", _("待采用")
        ADOPTED = "adopted", _("在用")
        RETIRED = "retired", _("停用")
        FAILED = "failed", _("没有学成")

    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.LEARNING)
    weights = models.BinaryField(null=True)
    examples = models.PositiveIntegerField(_("学习的例子"), default=0)
    corrections = models.PositiveIntegerField(_("其中人工更正"), default=0)
    # As cms.topics.services.learning writes it: how well it does, and what adopting would change.
    figures = models.JSONField(default=dict)
    trained_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")
    trained_at = models.DateTimeField(_("学习时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("分类模型")
        verbose_name_plural = _("分类模型")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state="adopted"),
                name="one_model_in_force",
            )
        ]

    def __str__(self):
        return f"v{self.pk}"


class WeeklyReport(models.Model):
    """职工关切周报 of one week, as it was made and sent: its figures stay as they were."""

    monday = models.DateField(_("周一"), unique=True)
    figures = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("职工关切周报")
        verbose_name_plural = _("职工关切周报")
        ordering = ["-monday"]

    def __str__(self):
        return f"{self.monday}"


class ReportReader(models.Model):
    """Somebody who gets the weekly report by e-mail."""

    user = models.OneToOneField(USER, models.CASCADE, related_name="+", verbose_name=_("收件人"))
    added_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("周报收件人")
        verbose_name_plural = _("周报收件人")

    def __str__(self):
        return str(self.user)
