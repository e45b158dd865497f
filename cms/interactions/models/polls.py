"""Polls: a page like any other, reviewed first, whose rules hold still once somebody has voted."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from cms.interactions import tally
from cms.interactions.answers import Asked
from cms.interactions.models.ballots import Tally
from cms.interactions.poll_form import PollForm
from cms.interactions.sources import came_from
from cms.news import pagecache
from cms.news.models.review import ReviewedPage, ReviewedPagePermissions


class OptionsFixed(PermissionDenied):
    """What people have voted on, or how, was about to change behind them."""


class PollPermissions(ReviewedPagePermissions):
    """A poll with votes is withdrawn, never deleted: the votes are records."""

    def can_delete(self, *args, **kwargs):
        return super().can_delete(*args, **kwargs) and not self.page.specific.turnout.exists()


class PollPage(ReviewedPage):
    kind = "poll"
    #: What holds still once somebody has voted, besides the options.
    fixed_rules = ("choice", "secrecy", "min_choices", "max_choices")

    class Choice(models.TextChoices):
        SINGLE = "single", _("单选")
        MULTIPLE = "multiple", _("多选")
        RANKED = "ranked", _("排序")
        RATING = "rating", _("打分")
        TEXT = "text", _("写一句话")

    class Secrecy(models.TextChoices):
        SECRET = "secret", _("无记名")
        NAMED = "named", _("实名")

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
        _("回答方式"),
        max_length=10,
        choices=Choice.choices,
        default=Choice.SINGLE,
        help_text=_("打分：每个选项打 1 到 5 分。写一句话：不列选项，每人最多写 200 字。"),
    )
    min_choices = models.PositiveSmallIntegerField(
        _("最少选几项"), default=1, help_text=_("只对多选和排序有效。")
    )
    max_choices = models.PositiveSmallIntegerField(
        _("最多选几项"), default=2, help_text=_("只对多选和排序有效；排序时是排前几位。")
    )
    secrecy = models.CharField(
        _("记名方式"),
        max_length=10,
        choices=Secrecy.choices,
        default=Secrecy.SECRET,
        help_text=_(
            "无记名：谁也查不出某个人选了什么，包括管理员。实名：本工会能看到谁选了什么，投票前会告诉职工。"
        ),
    )
    opens_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    closes_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    results = models.CharField(
        _("结果公布"), max_length=12, choices=Results.choices, default=Results.AFTER_VOTE
    )
    answer = RichTextField(
        _("工会答复"),
        blank=True,
        features=["bold", "ul", "ol", "link"],
        help_text=_("投票以后怎么办了。和稿件一样要过三审；发布后显示在投票页，并通知投过票的人。"),
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, editable=False)

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        InlinePanel(
            "options",
            label=_("选项"),
            max_num=20,
            help_text=_("2 到 20 个；“打分”可以只有一个，“写一句话”不要选项。"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("choice"),
                FieldRowPanel([FieldPanel("min_choices"), FieldPanel("max_choices")]),
                FieldPanel("secrecy"),
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldPanel("results"),
            ],
            heading=_("规则"),
            help_text=_("有人投票以后，选项、回答方式、项数和记名方式都不能再改。"),
        ),
        FieldPanel("answer"),
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
        if self.is_counted and not 1 <= self.min_choices <= self.max_choices:
            raise ValidationError({"min_choices": _("最少要选 1 项，而且不能多于“最多选几项”。")})

    def save(self, *args, **kwargs):
        """Raises OptionsFixed when a poll that has votes would get other options or rules."""
        if self.pk and kwargs.get("update_fields") is None:
            self._keep_what_stands()
        super().save(*args, **kwargs)
        Tally.objects.get_or_create(poll_id=self.pk)

    def _keep_what_stands(self) -> None:
        """A revision names new options without their ids: give each text the row it has. It also
        knows the time of the answer only as it was when it was written."""
        kept = dict(tally.option_rows(self))
        options = list(self.options.all())
        for option in options:
            option.pk = option.pk or kept.get(option.text)
        same = {option.text: option.pk for option in options} == kept
        stored = PollPage.objects.filter(pk=self.pk).first()
        if stored is None:
            return
        self.answered_at = stored.answered_at
        if self.live and not (same and self.may_follow(stored)) and self.turnout.exists():
            raise OptionsFixed(
                _("已经有人投票，选项和规则不能再改。请撤下这个投票，另建一个新的。")
            )

    def may_follow(self, stored: "PollPage") -> bool:
        """Whether the rules are those of `stored`, and it is not opened again: a count that was
        final may not run on, for the next one would tell of the few between."""
        reopened = stored.state == self.State.CLOSED != self.state
        return not reopened and all(
            getattr(self, name) == getattr(stored, name) for name in self.fixed_rules
        )

    @property
    def is_counted(self) -> bool:
        """Whether the voter chooses a number of options."""
        return self.choice in (self.Choice.MULTIPLE, self.Choice.RANKED)

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

    def card_extra(self) -> dict:
        return {
            "opens_at": self.opens_at.isoformat() if self.opens_at else None,
            "closes_at": self.closes_at.isoformat() if self.closes_at else None,
        }

    def get_absolute_url(self):
        return self.url

    # --- Seen by readers ---------------------------------------------------------------------

    def serve(self, request, *args, **kwargs):
        """The page; with ?fragment=1 only the box, for stories that carry the poll, with
        ?standing=1 how it stands now, for stories that tell of its result."""
        if "standing" in request.GET:
            return render(request, "interactions/poll_now.html", {"page": self})
        if "fragment" in request.GET:
            return render(request, "interactions/poll_box.html", self.box_context(request))
        pagecache.tag(request, pagecache.SITE, f"story:{self.pk}", f"poll:{self.pk}")
        pagecache.keep_until(request, self.opens_at, self.closes_at)
        return render(request, self.template, self.get_context(request))

    def get_context(self, request, *args, **kwargs):
        context = {**super().get_context(request), "view": self.view_for(request)}
        return {**context, "came_from": came_from(request)}

    def box_context(
        self, request, *, asked: Asked | None = None, receipt: str = "", **extra
    ) -> dict:
        """What the box alone needs; `receipt`: that of the vote which was counted just now."""
        view = self.view_for(request, asked, just_voted=bool(receipt))
        context = {"page": self, "view": view, "compact": True, "came_from": came_from(request)}
        return {**context, "receipt": receipt, **extra}

    def view_for(
        self, request, asked: Asked | None = None, *, just_voted: bool = False
    ) -> tally.PollView:
        user = getattr(request, "user", None)
        preview = getattr(request, "is_preview", False)
        just_voted = just_voted and self.secrecy == self.Secrecy.SECRET
        return tally.poll_view(self, user, preview=preview, asked=asked, just_voted=just_voted)
