"""What voices are about, and what people decided about it.

Decisions are rows of their own: the machine reads them whenever it groups anew, so they hold for
words that come later as well.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.topics.models.voices import Voice

USER = settings.AUTH_USER_MODEL


class Topic(models.Model):
    """A theme of the fixed tree (a topic of the lexicon), or an issue that emerged from voices."""

    class Kind(models.TextChoices):
        LEXICON = "lexicon", _("关切主题")
        EMERGENT = "emergent", _("具体话题")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待采用")
        SHOWN = "shown", _("展示")
        HIDDEN = "hidden", _("隐藏")

    # "劳动报酬/欠薪" as the lexicon writes it, or "group:<origin of the founding voice>".
    key = models.CharField(max_length=140, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=30, unique=True)
    concern = models.CharField(_("所属关切"), max_length=30, blank=True)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    # The theme an issue belongs to; none when it is outside the tree.
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="issues",
        verbose_name=_("主题"),
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.SHOWN)
    pinned = models.BooleanField(_("置顶"), default=False)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    # A name that a person gave is never changed by the machine.
    named_by_hand = models.BooleanField(default=False, editable=False)
    # The real sentence nearest to the centre of an issue, as said.
    subtitle = models.CharField(_("代表的话"), max_length=120, blank=True, editable=False)
    related = models.JSONField(_("相关词"), default=list, editable=False)
    # This one's voices count for that one.
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("话题")
        verbose_name_plural = _("话题")
        ordering = ["concern", "pk"]

    def __str__(self):
        return self.name


class TopicGroup(models.Model):
    """A group of like utterances in which an issue was found. An issue may have several.

    A group that has a row here keeps its issue when the machine merges it into another: people know
    it (cms.topics.services.issues).
    """

    key = models.CharField(max_length=120, unique=True)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="groups")

    def __str__(self):
        return self.key


class Split(models.Model):
    """What was in `source` and says one of `words` is about `into` instead, now and later."""

    source = models.ForeignKey(Topic, models.CASCADE, related_name="splits")
    into = models.ForeignKey(Topic, models.CASCADE, related_name="split_from")
    words = models.JSONField(_("说到的词"), default=list)

    def __str__(self):
        return "、".join(self.words)


class Placement(models.Model):
    """A person's word on one voice: it is, or is not, about a topic. The classifier learns from
    those that concern the tree."""

    voice = models.ForeignKey(Voice, models.CASCADE, related_name="placements")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="placements")
    belongs = models.BooleanField(default=True)
    by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["voice", "topic"], name="placement_once")]

    def __str__(self):
        return f"{self.topic}: {'是' if self.belongs else '不是'}"


class Rise(models.Model):
    """An alarm: on `day` more people spoke of a topic than its own past explains.

    It is over when the topic has calmed down; until then it is the same rise.
    """

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="rises")
    day = models.DateField(_("日期"))
    days = models.PositiveSmallIntegerField(_("看多少天"))
    people = models.PositiveIntegerField(_("人数"))
    expected = models.FloatField(_("预计"))
    probability = models.FloatField(_("偶然出现的概率"))
    why = models.CharField(_("理由"), max_length=200)
    over_on = models.DateField(_("平息日期"), null=True)

    class Meta:
        verbose_name = _("上升提醒")
        verbose_name_plural = _("上升提醒")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["topic", "day"], name="rise_once_a_day")]

    def __str__(self):
        return self.why
