"""What workers say, wherever they say it, and the topics it is about."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.members.models import Union


class Voice(models.Model):
    """One utterance: a comment, a reply on a channel, a text answer to a poll, a day's
    searches.

    `origin` names where it came from and makes taking it in repeatable. `person_key` says that
    two voices are one person's without saying whose; searches have none. The names of authors
    are not kept here.
    """

    class Source(models.TextChoices):
        SITE = "site_comment", _("网站评论")
        WECHAT = "wechat", _("微信")
        WEIBO = "weibo", _("微博")
        POLL = "poll", _("投票")
        SEARCH = "search", _("搜索")

    source = models.CharField(_("来源"), max_length=12, choices=Source.choices)
    origin = models.CharField(max_length=120, unique=True)
    text = models.TextField(_("原话"))
    person_key = models.CharField(max_length=32, blank=True)
    said_at = models.DateTimeField(_("时间"))
    # The local day of `said_at`: all counting is by whole days.
    day = models.DateField(_("日期"))
    weight = models.PositiveIntegerField(_("次数"), default=1)
    story = models.ForeignKey(
        Page, models.SET_NULL, null=True, related_name="+", verbose_name=_("稿件")
    )
    union = models.ForeignKey(
        Union, models.SET_NULL, null=True, related_name="+", verbose_name=_("所属工会")
    )
    link = models.CharField(_("出处"), max_length=500, blank=True)
    # Said in public and passed by a moderator: may be quoted to readers. Private messages may not.
    is_public = models.BooleanField(default=False)
    # Which lexicon it was last read with; empty until it has been read.
    read_with = models.CharField(max_length=60, blank=True, db_index=True)

    class Meta:
        verbose_name = _("声音")
        verbose_name_plural = _("声音")
        indexes = [models.Index(fields=["day", "source"], name="voice_day_source")]

    def __str__(self):
        return self.text[:30]


class Topic(models.Model):
    """What voices are about: a topic of the lexicon, or a word that people began to use."""

    class Kind(models.TextChoices):
        LEXICON = "lexicon", _("词库话题")
        EMERGENT = "emergent", _("新话题")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待采用")
        SHOWN = "shown", _("展示")
        HIDDEN = "hidden", _("隐藏")

    # "劳动报酬/欠薪" as the lexicon writes it, or "word:充电桩".
    key = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=30, unique=True)
    concern = models.CharField(_("所属关切"), max_length=30, blank=True)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    word = models.CharField(_("新词"), max_length=40, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.SHOWN)
    pinned = models.BooleanField(_("置顶"), default=False)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("话题")
        verbose_name_plural = _("话题")
        ordering = ["concern", "pk"]

    def __str__(self):
        return self.name


class VoiceTopic(models.Model):
    """A voice is about a topic: where it says so, and the sentence in which it does."""

    voice = models.ForeignKey(Voice, models.CASCADE, related_name="links")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="links")
    # [[start, end], …] in the voice's text.
    marks = models.JSONField(default=list)
    sentence = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["voice", "topic"], name="voice_topic_once")]

    def __str__(self):
        return self.sentence


class VoiceWord(models.Model):
    """A word of a voice: a term of the lexicon under its topic, or a keyword without one."""

    voice = models.ForeignKey(Voice, models.CASCADE, related_name="words")
    word = models.CharField(max_length=40, db_index=True)
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["voice", "word"], name="voice_word_once")]

    def __str__(self):
        return self.word
