"""Accounts of the matrix, and a story's version for each of them."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable, Page

from cms.matrix.channels import registry
from cms.matrix.channels.base import Account, Capability, Way
from cms.matrix.models.fields import EncryptedTextField
from cms.members.models import Union
from cms.news.models import CustomImage
from cms.news.models.review import union_of


class ChannelAccount(models.Model):
    """One account on one channel, owned by a union."""

    class State(models.TextChoices):
        ACTIVE = "active", _("正常")
        PAUSED = "paused", _("已暂停")

    union = models.ForeignKey(
        Union, models.PROTECT, related_name="accounts", verbose_name=_("所属工会")
    )
    # The callable, so that a new channel needs no migration.
    channel = models.CharField(_("渠道"), max_length=20, choices=registry.choices)
    name = models.CharField(_("账号名称"), max_length=60)
    app_id = models.CharField(
        _("AppID"), max_length=64, help_text=_("微信填 AppID,微博填账号 UID。")
    )
    secret = EncryptedTextField(_("AppSecret"), blank=True, help_text=_("保存后不再显示。"))
    token = EncryptedTextField(
        _("令牌"), blank=True, help_text=_("微信填消息校验 Token,微博填授权得到的 access_token。")
    )
    # WeChat's message keys (EncodingAESKey), one a line: the current one, then the one before.
    aes_keys = EncryptedTextField(_("消息加解密密钥"), blank=True, editable=False)
    base_url = models.URLField(
        _("接口地址"), blank=True, help_text=_("留空为平台正式地址；演示时指向本机沙箱。")
    )
    extra = models.JSONField(_("其他参数"), default=dict, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.ACTIVE)
    pause_reason = models.CharField(_("暂停原因"), max_length=300, blank=True)
    paused_at = models.DateTimeField(null=True, editable=False)
    # What the last probe found: {capability: true, or in Chinese why not}.
    rights = models.JSONField(default=dict, blank=True, editable=False)
    probed_at = models.DateTimeField(null=True, editable=False)
    authorised_until = models.DateTimeField(_("授权到期"), null=True, editable=False)
    callback_seen_at = models.DateTimeField(null=True, editable=False)
    greeting = models.TextField(
        _("关注后的欢迎语"), max_length=600, blank=True, help_text=_("有人关注账号时自动回复。")
    )
    search_answers = models.BooleanField(
        _("自动回复相关稿件"),
        default=True,
        help_text=_("读者发来的词能找到稿件时，自动回复稿件链接。"),
    )
    menu = models.JSONField(default=list, blank=True, editable=False)
    cursor = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("渠道账号")
        verbose_name_plural = _("渠道账号")
        ordering = ["channel", "name"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "app_id"], name="one_account_per_app_id")
        ]

    def __str__(self):
        return f"{self.get_channel_display()} · {self.name}"

    def may(self, capability: Capability) -> bool:
        """Whether its kind can do this at all and no probe or refusal has said otherwise."""
        kind = registry.get(self.channel)
        return capability in kind.capabilities and self.rights.get(capability, True) is True

    def as_value(self) -> Account:
        """The account as channels know it."""
        keys = {"aes_keys": self.aes_keys.split()} if self.aes_keys else {}
        return Account(
            id=self.pk,
            channel=self.channel,
            name=self.name,
            base_url=self.base_url,
            app_id=self.app_id,
            secret=self.secret,
            token=self.token,
            extra={**self.extra, **_lent(), **keys},
        )


def _lent() -> dict[str, str]:
    """Where a channel may keep files, and the public address they are served under."""
    address = f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{settings.MEDIA_URL}feeds"
    return {"folder": str(Path(settings.MEDIA_ROOT) / "feeds"), "address": address}


class ChannelVersion(Orderable):
    """That a story goes to an account, and what it says differently there.

    It hangs on Page (a room below knows nothing of it) and lives in the page's revisions, so
    reviewers see and approve the choice of accounts together with the text.
    """

    # References are found with the page, which looks at its children; looking at the page anew for
    # each of a hundred accounts finds nothing more.
    wagtail_reference_index_ignore = True

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="channel_versions")
    account = models.ForeignKey(
        ChannelAccount, models.CASCADE, related_name="+", verbose_name=_("账号")
    )
    title = models.CharField(
        _("标题"), max_length=64, blank=True, help_text=_("留空沿用稿件标题。")
    )
    digest = models.CharField(
        _("摘要"), max_length=120, blank=True, help_text=_("留空沿用稿件摘要。")
    )
    cover = models.ForeignKey(
        CustomImage,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("封面"),
        help_text=_("留空沿用稿件封面。"),
    )
    text = models.TextField(
        _("正文"),
        max_length=20_000,
        blank=True,
        help_text=_("留空沿用稿件正文；微博留空按标题和摘要生成。"),
    )
    tail = models.CharField(
        _("文末另加"), max_length=200, blank=True, help_text=_("比如本账号的联系电话、落款。")
    )
    way = models.CharField(
        _("发布方式"),
        max_length=10,
        choices=[
            (Way.PUBLISH.value, _("发布（不推送）")),
            (Way.MASS.value, _("群发（推送给关注的人）")),
        ],
        default=Way.PUBLISH.value,
    )
    send_at = models.DateTimeField(
        _("定时发出"), null=True, blank=True, help_text=_("留空则签发后立即发出。")
    )

    panels = [
        FieldPanel("account"),
        FieldPanel("title"),
        FieldPanel("digest"),
        FieldPanel("cover"),
        FieldPanel("text"),
        FieldPanel("tail"),
        FieldPanel("way"),
        FieldPanel("send_at"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("渠道版本")

    def __str__(self):
        return str(self.account)

    def clean(self):
        """A story goes out through accounts of its own union's line, not through a neighbour's."""
        super().clean()
        union = union_of(self.page) if self.page_id else None
        if union and self.account_id and not _one_line(union, self.account.union):
            raise ValidationError({"account": _("这个账号不属于本栏目的工会，请换一个账号。")})


def _one_line(one: Union, other: Union) -> bool:
    return one.path.startswith(other.path) or other.path.startswith(one.path)
