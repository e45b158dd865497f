"""The three kinds of story and the base they share."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.news import pagecache, selectors
from cms.news.blocks import BodyBlock
from cms.news.models.public import PublicPage
from cms.news.models.review import ReviewedPage
from cms.news.panels import duplicates_panel, keywords_panel


class StoryTag(TaggedItemBase):
    # On Page, so that one table serves every kind of story.
    content_object = ParentalKey(Page, on_delete=models.CASCADE, related_name="story_tags")


class PreviewMode(models.TextChoices):
    WEBSITE = "", _("网站")
    PHONE = "phone", _("手机")


class StoryPage(PublicPage, ReviewedPage):
    """Abstract base of a news story (稿件)."""

    kind = ""
    summary = models.TextField(
        _("摘要"), max_length=120, help_text=_("120 字以内，用于列表、微信摘要和微博。")
    )
    cover = models.ForeignKey(
        "news.CustomImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("封面"),
    )
    body = StreamField(BodyBlock(), verbose_name=_("正文"))
    responsible_editor = models.CharField(_("责任编辑"), max_length=30, help_text=_("填真实姓名。"))
    is_reprint = models.BooleanField(_("转载"), default=False)
    source_name = models.CharField(_("来源"), max_length=60, blank=True)
    source_url = models.URLField(_("原文网址"), max_length=500, blank=True)
    original_title = models.CharField(_("原标题"), max_length=120, blank=True)
    original_author = models.CharField(_("原作者"), max_length=60, blank=True)
    allow_comments = models.BooleanField(_("开放评论"), default=True)
    tags = ClusterTaggableManager(through=StoryTag, blank=True, verbose_name=_("标签"))

    # Rooms above add their panels here when they start (see cms.matrix.apps): the story knows
    # nothing of channels, yet editors choose them in the same form.
    channel_panels: list[Panel] = []
    # … and these stand before everything else: what a story is written for.
    task_panels: list[Panel] = []
    kind_panels: list[Panel] = []

    parent_page_types = ["news.SectionPage"]
    subpage_types: list[str] = []
    template = "news/story_page.html"
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        # What the admin's search boxes look in, besides the title.
        index.AutocompleteField("summary"),
        index.AutocompleteField("particulars"),
        index.FilterField("is_reprint"),
    ]
    # Short texts of a kind's own by which editors remember a story.
    known_by: tuple[str, ...] = ()

    class Meta:
        abstract = True

    @classproperty
    def content_panels(cls):
        return [
            *cls.task_panels,
            FieldPanel("title", help_text=_("32 字以内最合适，微信标题不能超过 32 字。")),
            FieldPanel("summary"),
            FieldPanel("cover"),
            *cls.kind_panels,
            FieldPanel("body"),
            duplicates_panel(),
        ]

    promote_panels = [
        FieldPanel("tags"),
        keywords_panel(),
        MultiFieldPanel(
            [
                FieldPanel("responsible_editor"),
                FieldPanel("is_reprint"),
                FieldPanel("source_name"),
                FieldPanel("source_url"),
                FieldPanel("original_title"),
                FieldPanel("original_author"),
            ],
            heading=_("来源与署名"),
        ),
        FieldPanel("allow_comments"),
        FieldPanel("slug"),
    ]

    @classproperty
    def edit_handler(cls):
        return TabbedInterface(
            [
                ObjectList(cls.content_panels, heading=_("内容")),
                ObjectList(cls.promote_panels, heading=_("来源与标签")),
                *(
                    [ObjectList(cls.channel_panels, heading=_("分发渠道"))]
                    if cls.channel_panels
                    else []
                ),
                # Wagtail shows the schedule in its own place (the status panel), not as a tab;
                # it is bound here so that its fields are in the form.
                ObjectList(cls.settings_panels, heading=_("定时")),
            ]
        )

    def clean(self):
        super().clean()
        if self.is_reprint:
            missing = {
                name: _("转载稿必须填写。")
                for name in ("source_name", "original_title", "original_author")
                if not getattr(self, name)
            }
            if missing:
                raise ValidationError(missing)

    @property
    def kind_label(self) -> str:
        return str(self._meta.verbose_name)

    def particulars(self) -> str:
        """Tags, source and what the kind is known by, for the admin's search boxes."""
        names = ("source_name", "original_title", "responsible_editor", *self.known_by)
        texts = [*(tag.name for tag in self.tags.all()), *(getattr(self, name) for name in names)]
        return "\n".join(filter(None, texts))

    def changes_at(self) -> tuple[datetime | None, ...]:
        """The moments at which the clock alone changes what the page shows."""
        return ()

    def card_extra(self) -> dict:
        """What lists show of this kind besides title and summary; JSON-able."""
        return {}

    # --- Seen by readers ---------------------------------------------------------------------

    def get_absolute_url(self):
        return self.url

    def serve(self, request, *args, **kwargs):
        pagecache.tag(request, pagecache.SITE, f"story:{self.pk}", f"comments:{self.pk}")
        pagecache.keep_until(request, *self.changes_at())
        return render(request, self.template, self.get_context(request))

    def get_context(self, request, *args, **kwargs):
        return {
            **super().get_context(request),
            **selectors.story_context(self, request),
        }

    # Rooms above add theirs, as with `channel_panels`; a mode without a template of its own is
    # shown by news/preview/channel.html.
    preview_modes: list[tuple[str, str]] = list(PreviewMode.choices)

    def get_preview_template(self, request, mode_name):
        if not mode_name:
            return self.template
        return [f"news/preview/{mode_name}.html", "news/preview/channel.html"]


class PolicyPage(StoryPage):
    """政策: what was decided, by whom, from when."""

    kind = "policy"
    template = StoryPage.template  # Wagtail names a template of its own for each class.
    known_by = ("issuer", "document_number")
    issuer = models.CharField(_("发文机关"), max_length=80, blank=True)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    effective_on = models.DateField(_("施行日期"), null=True, blank=True)

    kind_panels = [
        MultiFieldPanel(
            [
                FieldPanel("issuer"),
                FieldRowPanel([FieldPanel("document_number"), FieldPanel("effective_on")]),
            ],
            heading=_("文件信息"),
        )
    ]

    class Meta:
        verbose_name = _("政策")
        verbose_name_plural = _("政策")

    def card_extra(self):
        return {"issuer": self.issuer}


class LegalPage(StoryPage):
    """法律: a law explained, with its article and how long the text holds."""

    kind = "legal"
    template = StoryPage.template
    known_by = ("law_name", "law_articles")
    law_name = models.CharField(_("法律名称"), max_length=80)
    law_articles = models.CharField(_("条款"), max_length=120, blank=True)
    valid_from = models.DateField(_("生效日期"), null=True, blank=True)
    valid_until = models.DateField(_("失效日期"), null=True, blank=True)

    kind_panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("law_name"), FieldPanel("law_articles")]),
                FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
            ],
            heading=_("法律依据"),
        )
    ]

    class Meta:
        verbose_name = _("法律")
        verbose_name_plural = _("法律")

    class Validity(models.TextChoices):
        PENDING = "pending", _("尚未生效")
        VALID = "valid", _("现行有效")
        EXPIRED = "expired", _("已失效")

    @property
    def validity(self) -> "LegalPage.Validity":
        today = timezone.localdate()
        if self.valid_from and today < self.valid_from:
            return self.Validity.PENDING
        if self.valid_until and today > self.valid_until:
            return self.Validity.EXPIRED
        return self.Validity.VALID

    def changes_at(self):
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight + timedelta(days=1),)

    def card_extra(self):
        return {"law": f"《{self.law_name}》{self.law_articles}"}


class ActivityPage(StoryPage):
    """活动: when, where, for how many, and whether one can still sign up."""

    kind = "activity"
    template = StoryPage.template
    known_by = ("place",)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    place = models.CharField(_("地点"), max_length=120)
    capacity = models.PositiveIntegerField(_("名额"), default=0, help_text=_("0 表示不限名额。"))
    signup_opens_at = models.DateTimeField(_("报名开始"), null=True, blank=True)
    signup_closes_at = models.DateTimeField(_("报名截止"), null=True, blank=True)
    signup_full = models.BooleanField(_("名额已满"), default=False)

    kind_panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldRowPanel([FieldPanel("place"), FieldPanel("capacity")]),
                FieldRowPanel([FieldPanel("signup_opens_at"), FieldPanel("signup_closes_at")]),
                FieldPanel("signup_full"),
            ],
            heading=_("时间、地点与报名"),
        )
    ]

    class Meta:
        verbose_name = _("活动")
        verbose_name_plural = _("活动")

    class Signup(models.TextChoices):
        NONE = "none", _("无需报名")
        NOT_OPEN = "not_open", _("报名未开始")
        OPEN = "open", _("报名中")
        FULL = "full", _("名额已满")
        CLOSED = "closed", _("报名已截止")
        ENDED = "ended", _("活动已结束")

    def clean(self):
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            raise ValidationError({"ends_at": _("结束时间早于开始时间，请检查。")})

    @property
    def signup_state(self) -> "ActivityPage.Signup":
        return signup_state(
            now=timezone.now(),
            ends_at=self.ends_at,
            opens_at=self.signup_opens_at,
            closes_at=self.signup_closes_at,
            full=self.signup_full,
        )

    def changes_at(self):
        return (self.signup_opens_at, self.signup_closes_at, self.ends_at)

    def card_extra(self):
        return {
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "place": self.place,
            "capacity": self.capacity,
            "opens_at": self.signup_opens_at.isoformat() if self.signup_opens_at else None,
            "closes_at": self.signup_closes_at.isoformat() if self.signup_closes_at else None,
            "full": self.signup_full,
        }


def signup_state(*, now, ends_at, opens_at, closes_at, full) -> ActivityPage.Signup:
    """Where an activity's sign-up stands at `now`; times are aware datetimes or None."""
    states = ActivityPage.Signup
    if now > ends_at:
        return states.ENDED
    if not (opens_at or closes_at):
        return states.NONE
    if opens_at and now < opens_at:
        return states.NOT_OPEN
    if closes_at and now > closes_at:
        return states.CLOSED
    return states.FULL if full else states.OPEN


STORY_MODELS = (PolicyPage, LegalPage, ActivityPage)
