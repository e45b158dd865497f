"""What passes between us and a platform: calls, pictures held, pushes received, workers alive."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.matrix.models.accounts import ChannelAccount


class CallCount(models.Model):
    """How often one account made one kind of call on one day (Beijing) for one purpose."""

    account = models.ForeignKey(ChannelAccount, models.CASCADE, related_name="call_counts")
    day = models.DateField()
    call = models.CharField(max_length=80)
    purpose = models.CharField(max_length=12)
    used = models.PositiveIntegerField(default=0)
    # The platform itself said so: no more of this call before then.
    exhausted_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("调用次数")
        verbose_name_plural = _("调用次数")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "day", "call", "purpose"], name="one_count_a_day"
            )
        ]

    def __str__(self):
        return f"{self.call} {self.used}"


class UploadedPicture(models.Model):
    """A picture that an account already holds on its platform, by the hash of its bytes."""

    account = models.ForeignKey(ChannelAccount, models.CASCADE, related_name="uploads")
    digest = models.CharField(max_length=64)
    use = models.CharField(max_length=20)
    reference = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("已上传的图片")
        verbose_name_plural = _("已上传的图片")
        constraints = [
            models.UniqueConstraint(fields=["account", "digest", "use"], name="one_upload_each")
        ]

    def __str__(self):
        return self.reference


class CallbackEvent(models.Model):
    """A push of a platform: verified and written down at once, understood later by a task."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待处理")
        DONE = "done", _("已处理")
        FAILED = "failed", _("处理失败")

    account = models.ForeignKey(ChannelAccount, models.CASCADE, related_name="callbacks")
    # The platform's own id of the push: the same for a repeated one.
    key = models.CharField(max_length=150)
    # Of the request that brought it: a signature may not bring anything else.
    signature = models.CharField(max_length=64, db_index=True)
    fields = models.JSONField()
    answer = models.TextField(blank=True)
    seen = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.WAITING, db_index=True
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    claim = models.PositiveIntegerField(default=0)
    error_text = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("平台推送")
        verbose_name_plural = _("平台推送")
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="one_callback_once")]

    def __str__(self):
        return self.key


class CallbackRefusal(models.Model):
    """How often pushes for an account were refused on one day, by reason: forged, old, repeated."""

    account = models.ForeignKey(ChannelAccount, models.CASCADE, related_name="refusals")
    day = models.DateField()
    reason = models.CharField(max_length=60)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("被拒绝的推送")
        verbose_name_plural = _("被拒绝的推送")
        constraints = [
            models.UniqueConstraint(fields=["account", "day", "reason"], name="one_refusal_a_day")
        ]

    def __str__(self):
        return f"{self.reason} {self.count}"


class WorkerBeat(models.Model):
    """When a worker last did something. No fresh row: nobody is sending."""

    name = models.CharField(max_length=120, unique=True)
    beat_at = models.DateTimeField()

    class Meta:
        verbose_name = _("后台进程")
        verbose_name_plural = _("后台进程")

    def __str__(self):
        return self.name
