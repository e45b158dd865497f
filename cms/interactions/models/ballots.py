"""What is kept of votes. See docs/decisions/0015-secret-ballots.md before adding a column here:
a time, a number or a row of its own beside a choice would tell whose it is.
"""

from django.conf import settings
from django.db import models
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable


class PollOption(Orderable):
    poll = ParentalKey("interactions.PollPage", on_delete=models.CASCADE, related_name="options")
    text = models.CharField(_("选项"), max_length=80)

    class Meta(Orderable.Meta):
        verbose_name = _("选项")

    def __str__(self):
        return self.text

    def delete(self, *args, **kwargs):
        """Raises ProtectedError once somebody has voted: the count would change behind them."""
        turnout = Turnout.objects.filter(poll=self.poll_id)
        if turnout.exists():
            raise ProtectedError("Options that people have voted on stay.", set(turnout[:1]))
        return super().delete(*args, **kwargs)


class Turnout(models.Model):
    """This person has voted in this poll. The row is the spent right to vote: unique, without a
    time, a source or a number of its own."""

    wagtail_reference_index_ignore = True

    pk = models.CompositePrimaryKey("poll", "user")
    poll = models.ForeignKey("interactions.PollPage", models.PROTECT, related_name="turnout")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("已投票")
        verbose_name_plural = _("已投票")

    def __str__(self):
        return f"{self.poll_id} {self.user_id}"


class Tally(models.Model):
    """The count of a poll, in ONE row that every vote writes anew.

    `cells`: answer → number (keys: cms.interactions.answers), and "@2026-11-26/site" → votes of
    that day from there. `shown` and `next` are views of the same ({"ballots", "cells"}) as
    cms.interactions.small.Lag keeps them. `answers`: texts not yet handed to the moderators,
    sorted, so that no order of coming in remains.
    """

    wagtail_reference_index_ignore = True

    poll = models.OneToOneField(
        "interactions.PollPage", models.CASCADE, primary_key=True, related_name="tally"
    )
    ballots = models.PositiveIntegerField(default=0)
    cells = models.JSONField(default=dict)
    shown = models.JSONField(default=dict)
    next = models.JSONField(default=dict)
    answers = models.JSONField(default=list)

    class Meta:
        verbose_name = _("计票")
        verbose_name_plural = _("计票")

    def __str__(self):
        return f"{self.poll_id}: {self.ballots}"


class Receipt(models.Model):
    """The hash of a code that a voter holds: a ballot was counted, not whose nor for what."""

    wagtail_reference_index_ignore = True

    digest = models.CharField(max_length=64, primary_key=True)
    poll = models.ForeignKey("interactions.PollPage", models.PROTECT, related_name="receipts")

    class Meta:
        verbose_name = _("收据")
        verbose_name_plural = _("收据")

    def __str__(self):
        return self.digest[:8]


class Ballot(models.Model):
    """What one person answered, in a poll that says 实名 before one votes. Secret polls have none.

    `answers` has the shape of `cms.interactions.answers.Answer.kept`.
    """

    wagtail_reference_index_ignore = True

    pk = models.CompositePrimaryKey("poll", "user")
    poll = models.ForeignKey("interactions.PollPage", models.PROTECT, related_name="ballots")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answers = models.JSONField()
    source = models.CharField(max_length=20, default="site")
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("实名选票")
        verbose_name_plural = _("实名选票")

    def __str__(self):
        return f"{self.poll_id} {self.user_id}"
