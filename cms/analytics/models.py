"""How often stories were read on the site: sums only, nothing about who read them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class ReadTally(models.Model):
    """The readings of one story on one day from one kind of source."""

    class Source(models.TextChoices):
        DIRECT = "direct", _("直接打开")
        SEARCH = "search", _("搜索引擎")
        WECHAT = "wechat", _("微信")
        WEIBO = "weibo", _("微博")
        FEED = "feed", _("订阅")
        SITE = "site", _("站内")
        OTHER = "other", _("其他网站")

    page = models.ForeignKey(Page, models.CASCADE, related_name="+", verbose_name=_("稿件"))
    day = models.DateField(_("日期"))
    source = models.CharField(_("来源"), max_length=10, choices=Source.choices)
    reads = models.PositiveIntegerField(_("阅读"), default=0)

    class Meta:
        verbose_name = _("站内阅读")
        verbose_name_plural = _("站内阅读")
        default_permissions = ()
        permissions = [("view_dashboard", _("查看传播数据"))]
        indexes = [models.Index(fields=["day"], name="tally_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["page", "day", "source"], name="one_tally_a_day")
        ]

    def __str__(self):
        return f"{self.page_id} {self.day} {self.source} {self.reads}"
