"""Polls: a page like any other, reviewed first, whose options hold still once voted for."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from cms.interactions import tally
from cms.interactions.poll_form import PollForm
from cms.news import pagecache
from cms.news.models.review import ReviewedPage, ReviewedPagePermissions


class OptionsFixed(PermissionDenied):
    """Options were about to change under the people who have voted for them."""


class PollPermissions(ReviewedPagePermissions):
    """A poll with votes is withdrawn, never deleted: the votes are records."""

    def can_delete(self, *args, **kwargs):
        return super().can_delete(*args, **kwargs) and not self.page.specific.ballots.exists()


class PollPage(ReviewedPage):
    kind = "poll"

    class Choice(models.TextChoices):
        SINGLE = "single", _("单选")
        MULTIPLE = "multiple", _("多选")

    class Results(models.TextChoices):
        ALWAYS = "always", _("随时可看")
        AFTER_VOTE = "after_vote", _("投票后可看")
        AFTER_CLOSE = "after_close", _("结束后公布")

    class State(models.TextChoices):
        NOT_OPEN = "not_open", _("尚未开始")
        OPEN = "open", _("投票中")
        CLOSED = "closed", _("已结束")

    summary = models.TextField(_("说明"), max_length=300, blank=True)
    choice = models.CharField(
        _("选择方式"), max_length=10, choices=Choice.choices, default=Choice.SINGLE
    )
    max_choices = models.PositiveSmallIntegerField(
        _("最多选几项"), default=2, help_text=_("只对多选有效。")
    )
    opens_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    closes_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    results = models.CharField(
        _("结果公布"), max_length=12, choices=Results.choices, default=Results.AFTER_VOTE
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
    base_form_class = PollForm
    parent_page_types = ["news.SectionPage"]
    subpage_types: list[str] = []
    template = "interactions/poll_page.html"
    search_fields = [*Page.search_fields, index.SearchField("summary")]

    class Meta:
        verbose_name = _("投票")
        verbose_name_plural = _("投票")

    def permissions_for_user(self, user):
        return PollPermissions(user, self)

    def clean(self):
        super().clean()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("结束时间要晚于开始时间。")})
        if self.choice == self.Choice.MULTIPLE and self.max_choices < 2:
            raise ValidationError({"max_choices": _("多选至少要能选 2 项。")})

    def save(self, *args, **kwargs):
        """Raises OptionsFixed when a poll that has votes would get other options."""
        if self.pk and kwargs.get("update_fields") is None:
            self._keep_option_rows()
        super().save(*args, **kwargs)

    def _keep_option_rows(self) -> None:
        """A revision names new options without their ids: give each text the row it has."""
        kept = dict(tally.option_rows(self))
        options = list(self.options.all())
        for option in options:
            option.pk = option.pk or kept.get(option.text)
        same = {option.text: option.pk for option in options} == kept
        if self.live and not same and self.ballots.exists():
            raise OptionsFixed(_("已经有人投票，选项不能再改。请撤下这个投票，另建一个新的。"))

    @property
    def kind_label(self) -> str:
        return str(self._meta.verbose_name)

    @property
    def state(self) -> "PollPage.State":
        now = timezone.now()
        if self.closes_at and self.closes_at <= now:
            return self.State.CLOSED
        if self.opens_at and self.opens_at > now:
            return self.State.NOT_OPEN
        return self.State.OPEN

    @property
    def limit(self) -> int:
        """How many options one ballot may name."""
        return self.max_choices if self.choice == self.Choice.MULTIPLE else 1

    def card_extra(self) -> dict:
        return {
            "opens_at": self.opens_at.isoformat() if self.opens_at else None,
            "closes_at": self.closes_at.isoformat() if self.closes_at else None,
        }

    def get_absolute_url(self):
        return self.url

    # --- Seen by readers ---------------------------------------------------------------------

    def serve(self, request, *args, **kwargs):
        """The page; with ?fragment=1 only the box, for stories that carry the poll."""
        if "fragment" in request.GET:
            return render(request, "interactions/poll_box.html", self.box_context(request))
        pagecache.tag(request, pagecache.SITE, f"story:{self.pk}", f"poll:{self.pk}")
        pagecache.keep_until(request, self.opens_at, self.closes_at)
        return render(request, self.template, self.get_context(request))

    def get_context(self, request, *args, **kwargs):
        return {**super().get_context(request), "view": self.view_for(request)}

    def box_context(self, request, **extra) -> dict:
        return {"page": self, "view": self.view_for(request), "compact": True, **extra}

    def view_for(self, request) -> tally.PollView:
        user = getattr(request, "user", None)
        return tally.poll_view(self, user, preview=getattr(request, "is_preview", False))
