"""One queue for everything workers say, wherever they said it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.members.models import Union


class ModerationItem(models.Model):
    """One utterance waiting for, or past, a moderator's decision.

    `origin` names the row it came from ("comment:12", "reply:7"); the text is a copy without
    phone, identity and card numbers, so that the decision stays readable when the original goes
    and no personal number goes further than the original. 先审后发 (《跟帖评论服务管理规定》):
    nothing shows before `approved`.
    """

    class Source(models.TextChoices):
        SITE = "site", _("网站")
        WECHAT = "wechat", _("微信")
        WEIBO = "weibo", _("微博")

    class State(models.TextChoices):
        PENDING = "pending", _("待审")
        APPROVED = "approved", _("已通过")
        REJECTED = "rejected", _("未通过")

    class Reason(models.TextChoices):
        """Why a text is refused, in the words its author reads (互联网信息服务管理办法 art. 15)."""

        ILLEGAL = "illegal", _("违反法律法规")
        RUMOUR = "rumour", _("不实信息")
        INSULT = "insult", _("侮辱诽谤他人")
        PRIVACY = "privacy", _("泄露个人信息")
        OBSCENE = "obscene", _("低俗内容")
        ADVERT = "advert", _("广告营销")
        FLOOD = "flood", _("重复刷屏")
        OFF_TOPIC = "off_topic", _("与稿件无关")
        OTHER = "other", _("其他原因")

    class Hint(models.TextChoices):
        """What a machine noticed; a person decides."""

        MOBILE = "mobile", _("含手机号")
        IDENTITY = "identity", _("含身份证号")
        BANK_CARD = "bank_card", _("含银行卡号")
        LINK = "link", _("含链接")
        PRIVATE = "private", _("私信")

    source = models.CharField(_("来源"), max_length=20, choices=Source.choices)
    origin = models.CharField(max_length=60, unique=True)
    story = models.ForeignKey(
        Page, models.SET_NULL, null=True, related_name="+", verbose_name=_("稿件")
    )
    union = models.ForeignKey(
        Union, models.SET_NULL, null=True, related_name="+", verbose_name=_("所属工会")
    )
    author_name = models.CharField(_("作者"), max_length=60, blank=True)
    # Says that two texts are one person's without saying whose: "user:5", "wechat:<openid>".
    author_key = models.CharField(max_length=120, db_index=True)
    text = models.TextField(_("内容"))
    # Equal for texts that a reader takes for the same.
    fingerprint = models.CharField(max_length=32, db_index=True, editable=False)
    hints = models.JSONField(default=list, editable=False)
    # What the machine suspects, and where in the text: cms.interactions.suspicions.
    marks = models.JSONField(default=list, editable=False)
    said_at = models.DateTimeField(_("发表时间"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PENDING)
    reason = models.CharField(_("不通过原因"), max_length=12, choices=Reason.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("审核人"),
    )
    decided_at = models.DateTimeField(_("审核时间"), null=True)

    class Meta:
        verbose_name = _("待审内容")
        verbose_name_plural = _("评论审核")
        ordering = ["said_at", "pk"]
        indexes = [models.Index(fields=["state", "said_at"], name="queue_order")]

    def __str__(self):
        return self.text[:30]

    @property
    def hint_labels(self) -> list[str]:
        return [self.Hint(hint).label for hint in self.hints]

    def is_said_by(self, user) -> bool:
        return self.author_key == user_key(user)


def user_key(user) -> str:
    """The author key of one who speaks on the site."""
    return f"user:{user.pk}"


class ModerationDecision(models.Model):
    """Who decided what, when and why. Rows are added, never changed."""

    item = models.ForeignKey(ModerationItem, models.PROTECT, related_name="decisions")
    state = models.CharField(_("决定"), max_length=10, choices=ModerationItem.State.choices)
    reason = models.CharField(
        _("原因"), max_length=12, choices=ModerationItem.Reason.choices, blank=True
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("审核人")
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("审核记录")
        verbose_name_plural = _("审核记录")
        ordering = ["at", "pk"]
        default_permissions = ("view",)

    def __str__(self):
        return f"{self.item_id} {self.get_state_display()}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("A moderation decision is never changed; make a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("A moderation decision is never deleted.")
