"""What comes back: what readers wrote, what we did about it, and what platforms counted."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.matrix.models.accounts import ChannelAccount
from cms.matrix.models.deliveries import Delivery

USER = settings.AUTH_USER_MODEL


class Reply(models.Model):
    """A reader's comment on, or message to, one of our accounts: one row of the inbox."""

    class Kind(models.TextChoices):
        COMMENT = "comment", _("评论")
        MESSAGE = "message", _("私信")

    account = models.ForeignKey(ChannelAccount, models.PROTECT, related_name="replies")
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="replies")
    external_id = models.CharField(max_length=120)
    parent_external_id = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMMENT)
    author_key = models.CharField(max_length=120)
    author_name = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    posted_at = models.DateTimeField()
    extra = models.JSONField(default=dict)
    received_at = models.DateTimeField(auto_now_add=True)

    # The newsroom's side: shared by all who see the inbox.
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")
    handler = models.ForeignKey(
        USER, models.SET_NULL, null=True, related_name="+", verbose_name=_("处理人")
    )
    elected = models.BooleanField(_("精选"), default=False)
    deleted_at = models.DateTimeField(null=True)
    answer = models.TextField(_("回复"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("渠道来言")
        verbose_name_plural = _("渠道来言")
        ordering = ["-posted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="one_reply_once")
        ]
        indexes = [models.Index(fields=["-posted_at", "-id"], name="inbox_newest_first")]

    def __str__(self):
        return self.text[:30]


class ReplyAct(models.Model):
    """Something to be done on the platform about a reply. A row first, then the call.

    Like a delivery it is carried out at most once: SENDING is committed before the call, a lost
    answer is UNKNOWN and settled by looking.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer", _("回复")
        ELECT = "elect", _("设为精选")
        UNELECT = "unelect", _("取消精选")
        DELETE = "delete", _("删除留言")
        NOTICE = "notice", _("发送提醒")

    class State(models.TextChoices):
        WAITING = "waiting", _("等待发送")
        SENDING = "sending", _("正在发送")
        UNKNOWN = "unknown", _("结果待核对")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未成功")

    OPEN = (State.WAITING, State.SENDING, State.UNKNOWN)

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="acts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField(blank=True)
    by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    error_code = models.CharField(max_length=40, blank=True)
    error_text = models.CharField(max_length=500, blank=True)
    trace_id = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, db_index=True)
    held_until = models.DateTimeField(null=True, editable=False)
    claim = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("来言处理")
        verbose_name_plural = _("来言处理")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "kind"],
                condition=models.Q(state__in=("waiting", "sending", "unknown")),
                name="one_open_act_of_a_kind",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.get_state_display()}"


class AutoReply(models.Model):
    """What an account answers by itself when a message holds one of the words."""

    class Match(models.TextChoices):
        CONTAINS = "contains", _("消息里有这个词")
        EXACT = "exact", _("消息就是这个词")

    account = models.ForeignKey(
        ChannelAccount, models.CASCADE, related_name="auto_replies", verbose_name=_("账号")
    )
    words = models.CharField(_("关键词"), max_length=200, help_text=_("多个词用顿号或空格隔开。"))
    match = models.CharField(
        _("怎样算"), max_length=10, choices=Match.choices, default=Match.CONTAINS
    )
    answer = models.TextField(_("回复内容"), max_length=600)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("关键词回复")
        verbose_name_plural = _("关键词回复")
        ordering = ["account", "words"]

    def __str__(self):
        return self.words


class StatSnapshot(models.Model):
    """A platform's counters for one delivery at the end of one day, cumulative since publishing.

    None means the platform does not tell; it is never shown or summed as zero. Kept for ever.
    """

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="snapshots")
    day = models.DateField()
    reads = models.PositiveIntegerField(null=True)
    likes = models.PositiveIntegerField(null=True)
    shares = models.PositiveIntegerField(null=True)
    comments = models.PositiveIntegerField(null=True)
    extra = models.JSONField(default=dict)
    # The platform's own mark: not all is counted yet.
    delayed = models.BooleanField(default=False)
    taken_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("渠道数据快照")
        verbose_name_plural = _("渠道数据快照")
        constraints = [
            models.UniqueConstraint(fields=["delivery", "day"], name="one_snapshot_a_day")
        ]

    def __str__(self):
        return f"{self.delivery_id} {self.day}"


class AccountSnapshot(models.Model):
    """What a platform counted for a whole account on one day. Kept for ever; None: not told."""

    account = models.ForeignKey(ChannelAccount, models.CASCADE, related_name="snapshots")
    day = models.DateField(_("日期"))
    followers = models.PositiveIntegerField(_("关注人数"), null=True)
    new_followers = models.PositiveIntegerField(_("新增关注"), null=True)
    lost_followers = models.PositiveIntegerField(_("取消关注"), null=True)
    reads = models.PositiveIntegerField(_("阅读人数"), null=True)
    likes = models.PositiveIntegerField(_("点赞"), null=True)
    shares = models.PositiveIntegerField(_("转发"), null=True)
    comments = models.PositiveIntegerField(_("评论"), null=True)
    posts = models.PositiveIntegerField(_("发布篇数"), null=True)
    extra = models.JSONField(default=dict)
    delayed = models.BooleanField(_("数据未齐"), default=False)
    taken_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("账号每日数据")
        verbose_name_plural = _("账号每日数据")
        ordering = ["-day", "account"]
        constraints = [
            models.UniqueConstraint(fields=["account", "day"], name="one_account_snapshot_a_day")
        ]

    def __str__(self):
        return f"{self.account_id} {self.day}"
