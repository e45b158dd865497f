"""The loop that closes: a topic gets an owner, a date, a brief and an answer; people are told."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.matrix.models import Reply
from cms.members.models import Union
from cms.topics.models.topics import Topic
from cms.topics.models.voices import Voice

USER = settings.AUTH_USER_MODEL


class Case(models.Model):
    """事项: a topic that somebody answers for, until when, and with what.

    A topic has one open case at most; when it comes up again after its answer, a new one.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待办")
        BRIEFED = "briefed", _("已派选题")
        ANSWERED = "answered", _("已答复")
        CLOSED = "closed", _("已了结")

    OPEN_STATES = (State.OPEN, State.BRIEFED)

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="cases", verbose_name=_("话题"))
    # Which union answers for it; those who are in charge of it see the case.
    union = models.ForeignKey(
        Union, models.SET_NULL, null=True, related_name="+", verbose_name=_("承办工会")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(
        USER, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("负责人")
    )
    due_on = models.DateField(_("办结期限"), null=True, blank=True)
    note = models.CharField(_("内部备注"), max_length=300, blank=True)
    opened_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(_("立项时间"), default=timezone.now)
    # One or two sentences for 您说我办; the story says the rest.
    answer = models.CharField(_("答复摘要"), max_length=300, blank=True)
    answer_page = models.ForeignKey(
        Page, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("答复稿件")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    shown = models.BooleanField(_("在“您说我办”公开"), default=True)

    class Meta:
        verbose_name = _("事项")
        verbose_name_plural = _("事项")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic"],
                condition=models.Q(state__in=["open", "briefed"]),
                name="one_open_case",
            )
        ]

    def __str__(self):
        return f"{self.topic}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN_STATES


class Brief(models.Model):
    """选题单: what the editor of a draft is asked to answer, as it stood when it was handed out."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="briefs")
    page = models.OneToOneField(
        Page, models.SET_NULL, null=True, related_name="brief", verbose_name=_("稿件")
    )
    # [{"voice": pk, "text": masked words, "source": label, "day": iso}]
    questions = models.JSONField(default=list)
    # [{"law": "《工资支付暂行规定》", "articles": "第七条", "page": pk or None}]
    laws = models.JSONField(default=list)
    # [pk of earlier stories]
    earlier = models.JSONField(default=list)
    people = models.PositiveIntegerField(_("多少人说到"), default=0)
    made_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("选题单")
        verbose_name_plural = _("选题单")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.case}"


class Follow(models.Model):
    """Somebody who asked and agreed to be told of the answer, and the way to tell him: his account
    here, or the reply that he wrote on a channel."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="follows")
    # As `Voice.person_key`.
    person_key = models.CharField(max_length=32)
    user = models.ForeignKey(USER, models.CASCADE, null=True, related_name="+")
    reply = models.ForeignKey(Reply, models.CASCADE, null=True, related_name="+")
    # In which he asked to be told: when it is withdrawn, so is this.
    voice = models.ForeignKey(Voice, models.CASCADE, null=True, related_name="+")
    agreed_at = models.DateTimeField(default=timezone.now)
    told_of = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="told")
    told_at = models.DateTimeField(null=True)
    # Why telling was not possible, in words; empty otherwise.
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "person_key"], name="follow_once"),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) | models.Q(reply__isnull=False),
                name="follow_has_a_way",
            ),
        ]

    def __str__(self):
        return f"{self.topic}"


class CaseExport(models.Model):
    """A case handed over to the hotline (12351), and the receipt that came back."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="exports")
    number = models.CharField(_("移交编号"), max_length=40, unique=True)
    # SHA-256 of the file as it was handed out, so that it can be told from another.
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    receipt = models.CharField(_("热线回执号"), max_length=60, blank=True)
    receipt_on = models.DateField(_("回执日期"), null=True, blank=True)
    receipt_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("移交热线")
        verbose_name_plural = _("移交热线")
        ordering = ["-pk"]

    def __str__(self):
        return self.number
