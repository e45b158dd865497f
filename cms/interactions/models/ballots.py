"""The options of a poll and the ballots cast for them."""

from django.conf import settings
from django.db import models
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


class Ballot(models.Model):
    """One person's vote in one poll. Unique per person: a second one is refused by the database."""

    poll = models.ForeignKey("interactions.PollPage", models.PROTECT, related_name="ballots")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    source = models.CharField(max_length=20, default="site")
    cast_at = models.DateTimeField(default=timezone.now, db_index=True)
    options = models.ManyToManyField(PollOption, through="BallotChoice", related_name="ballots")

    class Meta:
        verbose_name = _("选票")
        verbose_name_plural = _("选票")
        constraints = [models.UniqueConstraint(fields=["poll", "user"], name="one_vote_each")]

    def __str__(self):
        return f"{self.poll_id} {self.cast_at:%Y-%m-%d %H:%M}"


class BallotChoice(models.Model):
    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="choices")
    # An option that was voted for cannot go: the count would change behind the voters' backs.
    option = models.ForeignKey(PollOption, models.PROTECT, related_name="choices")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "option"], name="option_once_per_ballot")
        ]

    def __str__(self):
        return f"{self.ballot_id} {self.option_id}"
