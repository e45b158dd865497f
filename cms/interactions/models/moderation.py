"""One queue for everything workers say, wherever they said it, and its record."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.members.models import Union

USER = settings.AUTH_USER_MODEL


class ModerationItem(models.Model):
    """One utterance waiting for, or past, a moderator's decision.

    `origin` names the row it came from ("comment:12", "reply:7", "answer:…"); the text is a copy
    without phone, identity and card numbers, so that the decision stays readable when the original
    goes and no personal number goes further than the original. 先审后发
    (《跟帖评论服务管理规定》): nothing shows before `approved`.
    """

    class Source(models.TextChoices):
        SITE = "site", _("网站")
        WECHAT = "wechat", _("微信")
        WEIBO = "weibo", _("微博")
        POLL = "poll", _("投票")

    class State(models.TextChoices):
        PENDING = "pending", _("待审")
        APPROVED = "approved", _("已通过")
        REJECTED = "rejected", _("未通过")
        WITHDRAWN = "withdrawn", _("已撤回")

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
        AGREED = "agreed", _("作者同意公开手机号")
        LINK = "link", _("含链接")
        PRIVATE = "private", _("私信")
        REPEAT = "repeat", _("多次重复")
        FLOOD = "flood", _("短时间内发得多")

    class Level(models.IntegerChoices):
        """How grave what the machine noticed is; the gravest comes first when asked for."""

        CLEAR = 0, _("未见异常")
        HINT = 1, _("提示")
        HOLD = 2, _("存疑")

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
    level = models.PositiveSmallIntegerField(
        _("机器检查"), choices=Level.choices, default=Level.CLEAR, editable=False
    )
    # An outside checker (cms.interactions.screening): not heard yet, and what it said.
    unchecked = models.BooleanField(default=False, editable=False)
    verdict = models.JSONField(default=list, editable=False)
    said_at = models.DateTimeField(_("发表时间"))
    # Since when somebody waits for a decision: handing in, an edit, an appeal, a report.
    waiting_since = models.DateTimeField(_("等待起点"), editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PENDING)
    reason = models.CharField(_("不通过原因"), max_length=12, choices=Reason.choices, blank=True)
    note = models.CharField(_("给作者的说明"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        USER, models.SET_NULL, null=True, related_name="+", verbose_name=_("审核人")
    )
    decided_at = models.DateTimeField(_("审核时间"), null=True)
    assigned_to = models.ForeignKey(
        USER, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("经办")
    )
    # Open ones, kept here so that the desk finds them without a join.
    reports = models.PositiveIntegerField(_("举报"), default=0, editable=False)
    appealed = models.BooleanField(_("申诉中"), default=False, editable=False)

    class Meta:
        verbose_name = _("待审内容")
        verbose_name_plural = _("评论审核")
        ordering = ["waiting_since", "pk"]
        indexes = [
            models.Index(fields=["state", "waiting_since"], name="queue_order"),
            models.Index(fields=["author_key", "said_at"], name="queue_person"),
        ]

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


def user_of_key(key: str) -> int | None:
    """The id of the person on the site that an author key names; None for anybody else."""
    kind, _colon, number = key.partition(":")
    return int(number) if kind == "user" and number.isdecimal() else None


class ModerationEvent(models.Model):
    """Who moved an item, whereto, when and why. Rows are added, never changed.

    The database refuses UPDATE, and DELETE before the law's six months are over (网络安全法
    art. 23; cms.interactions.audit puts the triggers there). Each row's `seal` is made of its own
    words and the seal before it in the same item, so that a change behind the database's back
    shows.
    """

    class Action(models.TextChoices):
        SUBMITTED = "submitted", _("提交")
        EDITED = "edited", _("作者修改")
        APPROVED = "approved", _("通过")
        REJECTED = "rejected", _("不通过")
        WITHDRAWN = "withdrawn", _("撤回")
        APPEALED = "appealed", _("申诉")
        UPHELD = "upheld", _("申诉后维持")
        RESTORED = "restored", _("申诉后恢复")
        REPORTED = "reported", _("被举报")
        KEPT = "kept", _("举报后保留")
        ANSWERED = "answered", _("工会回复")
        PINNED = "pinned", _("置顶")
        UNPINNED = "unpinned", _("取消置顶")
        ASSIGNED = "assigned", _("转交")

    item = models.ForeignKey(ModerationItem, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    action = models.CharField(_("动作"), max_length=10, choices=Action.choices)
    reason = models.CharField(
        _("原因"), max_length=12, choices=ModerationItem.Reason.choices, blank=True
    )
    # What was said to the author, answered, appealed; of an edit, the words before it.
    words = models.TextField(_("内容"), blank=True)
    by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("经手人")
    )
    at = models.DateTimeField(_("时间"), db_index=True)
    seal = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("审核记录")
        verbose_name_plural = _("审核记录")
        ordering = ["at", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="events_in_a_row"),
        ]

    def __str__(self):
        return f"{self.item_id} {self.get_action_display()}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("A moderation event is never changed; add a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("A moderation event is never deleted by hand: see audit.purge.")


class Appeal(models.Model):
    """The author of a refused text asks again; somebody else than who refused it answers (art. 13
    of 《跟帖评论服务管理规定》). Each refusal can be appealed once."""

    class State(models.TextChoices):
        OPEN = "open", _("等待答复")
        UPHELD = "upheld", _("维持不通过")
        RESTORED = "restored", _("已恢复")

    item = models.ForeignKey(ModerationItem, models.CASCADE, related_name="appeals")
    refusal = models.OneToOneField(ModerationEvent, models.PROTECT, related_name="appeal")
    text = models.CharField(_("申诉理由"), max_length=500)
    made_at = models.DateTimeField(_("申诉时间"))
    state = models.CharField(_("结果"), max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    decided_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("申诉")
        verbose_name_plural = _("申诉")
        ordering = ["made_at", "pk"]

    def __str__(self):
        return f"{self.item_id} {self.get_state_display()}"
