"""What comes back: what readers wrote, and what platforms counted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.matrix.models.accounts import ChannelAccount
from cms.matrix.models.deliveries import Delivery


class Reply(models.Model):
    """A reader's comment on, or message to, one of our accounts."""

    class Kind(models.TextChoices):
        COMMENT = "comment", _("评论")
        MESSAGE = "message", _("私信")

    account = models.ForeignKey(ChannelAccount, models.PROTECT, related_name="replies")
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="replies")
    external_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMMENT)
    author_key = models.CharField(max_length=120)
    author_name = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    posted_at = models.DateTimeField()
    extra = models.JSONField(default=dict)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("渠道来言")
        verbose_name_plural = _("渠道来言")
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="one_reply_once")
        ]

    def __str__(self):
        return self.text[:30]


class StatSnapshot(models.Model):
    """A platform's counters for one delivery at the end of one day, cumulative since publishing.

    None means the platform does not tell; it is never shown or summed as zero.
    """

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="snapshots")
    day = models.DateField()
    reads = models.PositiveIntegerField(null=True)
    likes = models.PositiveIntegerField(null=True)
    shares = models.PositiveIntegerField(null=True)
    comments = models.PositiveIntegerField(null=True)
    delayed = models.BooleanField(default=False)
    taken_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("渠道数据快照")
        verbose_name_plural = _("渠道数据快照")
        constraints = [
            models.UniqueConstraint(fields=["delivery", "day"], name="one_snapshot_a_day")
        ]

    def __str__(self):
        return f"{self.delivery_id} {self.day}"
