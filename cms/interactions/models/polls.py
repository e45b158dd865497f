"""Polls: a page like any other (reviewed before it is public), its options, and the ballots."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, Page
from wagtail.search import index

from cms.news.models.review import ReviewedPage


class PollPage(ReviewedPage):
    kind = "poll"

    class Choice(models.TextChoices):
        SINGLE = "single", _("单选")
        MULTIPLE = "multiple", _("多选")

    class Results(models.TextChoices):
        ALWAYS = "always", _("随时可看")
        AFTER_VOTE = "after_vote", _("投票后可看")
        AFTER_CLOSE = "after_close", _("结束后公布")

    summary = models.TextField(_("说明"), max_length=300, blank=True)
    choice = models.CharField(
        _("选择方式"), max_length=10, choices=Choice.choices, default=Choice.SINGLE
    )
    max_choices = models.PositiveSmallIntegerField(
        _("最多选几项"), default=1, help_text=_("只对多选有效。")
    )
    opens_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    closes_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    results = models.CharField(
        _("结果公布"),
        max_length=12,
        choices=Results.choices,
        default=Results.AFTER_VOTE,
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        InlinePanel("options", label=_("选项"), min_num=2, max_num=20),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("choice"), FieldPanel("max_choices")]),
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldPanel("results"),
            ],
            heading=_("规则"),
        ),
    ]
    parent_page_types = ["news.SectionPage"]
    subpage_types: list[str] = []
    template = "interactions/poll_page.html"
    search_fields = [*Page.search_fields, index.SearchField("summary")]

    class Meta:
        verbose_name = _("投票")
        verbose_name_plural = _("投票")

    def clean(self):
        super().clean()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("结束时间要晚于开始时间。")})

    @property
    def kind_label(self) -> str:
        return str(self._meta.verbose_name)

    @property
    def is_open(self) -> bool:
        now = timezone.now()
        return (not self.opens_at or self.opens_at <= now) and not self.is_closed

    @property
    def is_closed(self) -> bool:
        return bool(self.closes_at) and self.closes_at <= timezone.now()

    @property
    def limit(self) -> int:
        """How many options one ballot may name."""
        return self.max_choices if self.choice == self.Choice.MULTIPLE else 1

    def card_extra(self) -> dict:
        return {"closes_at": self.closes_at.isoformat() if self.closes_at else None}

    def get_absolute_url(self):
        return self.url


class PollOption(Orderable):
    poll = ParentalKey(PollPage, on_delete=models.CASCADE, related_name="options")
    text = models.CharField(_("选项"), max_length=80)

    class Meta(Orderable.Meta):
        verbose_name = _("选项")

    def __str__(self):
        return self.text


class Ballot(models.Model):
    """One person's vote in one poll. Unique per person: a second one is refused by the database."""

    poll = models.ForeignKey(PollPage, models.PROTECT, related_name="ballots")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    source = models.CharField(max_length=20, default="site")
    cast_at = models.DateTimeField(default=timezone.now, db_index=True)
    options = models.ManyToManyField(
        PollOption, through="BallotChoice", related_name="ballots"
    )

    class Meta:
        verbose_name = _("选票")
        constraints = [
            models.UniqueConstraint(fields=["poll", "user"], name="one_vote_each")
        ]


class BallotChoice(models.Model):
    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="choices")
    # An option that was voted for cannot go: the count would change behind the voters' backs.
    option = models.ForeignKey(PollOption, models.PROTECT, related_name="choices")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "option"], name="option_once_per_ballot"
            )
        ]
