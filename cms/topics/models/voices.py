"""What workers say, wherever they say it, and which topics each utterance is about."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.members.models import Union


class Voice(models.Model):
    """One utterance: a comment, a reply on a channel, a text answer to a poll, a day's searches
    of one term, a record of the hotline, somebody's 我也关心.

    `origin` names where it came from and makes taking it in repeatable. `person_key` says that
    two voices are one person's without saying whose; searches have none. The names of authors
    are not kept here.
    """

    class Source(models.TextChoices):
        SITE = "site_comment", _("网站评论")
        WECHAT = "wechat", _("微信")
        WEIBO = "weibo", _("微博")
        POLL = "poll", _("投票")
        HOTLINE = "hotline", _("12351 热线")
        SURVEY = "survey", _("问卷")
        CARE = "care", _("我也关心")
        SEARCH = "search", _("搜索")
        EMPTY = "empty_search", _("搜不到")

    class Mood(models.IntegerChoices):
        BAD = -1, _("不满")
        PLAIN = 0, _("中性")
        GOOD = 1, _("满意")

    source = models.CharField(_("来源"), max_length=12, choices=Source.choices)
    origin = models.CharField(max_length=120, unique=True)
    title = models.CharField(_("标题"), max_length=120, blank=True)
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
    batch = models.ForeignKey(
        "topics.ImportBatch", models.CASCADE, null=True, related_name="voices", editable=False
    )
    link = models.CharField(_("出处"), max_length=500, blank=True)
    # Said in public and passed by a moderator: may be quoted to readers. Private messages may not.
    is_public = models.BooleanField(default=False)
    mood = models.SmallIntegerField(_("情绪"), choices=Mood.choices, default=Mood.PLAIN)
    industry = models.CharField(_("行业"), max_length=20, blank=True)
    # Which lexicon and model it was last read with; empty until it has been read.
    read_with = models.CharField(max_length=60, blank=True, db_index=True)
    # Which group of like utterances it joined: the origin of the one that founded the group. What
    # became of the group later is in GroupMerge.
    group = models.CharField(max_length=120, blank=True, db_index=True, editable=False)
    # The origin of an earlier voice that says the same in nearly the same words.
    copy_of = models.CharField(max_length=120, blank=True, editable=False)

    class Meta:
        verbose_name = _("声音")
        verbose_name_plural = _("声音")
        indexes = [models.Index(fields=["day", "source"], name="voice_day_source")]

    def __str__(self):
        return self.text[:30]

    @property
    def whole(self) -> str:
        """Title and text, as one text to read."""
        return f"{self.title}\n{self.text}" if self.title else self.text


class VoiceTopic(models.Model):
    """A voice is about a topic: where it says so, in which sentence, and who found that out."""

    class By(models.TextChoices):
        LEXICON = "lexicon", _("词库")
        MODEL = "model", _("模型")
        GROUP = "group", _("相似的话")
        HAND = "hand", _("人工")

    voice = models.ForeignKey(Voice, models.CASCADE, related_name="links")
    topic = models.ForeignKey("topics.Topic", models.CASCADE, related_name="links")
    by = models.CharField(_("依据"), max_length=8, choices=By.choices, default=By.LEXICON)
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
    topic = models.ForeignKey("topics.Topic", models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["voice", "word"], name="voice_word_once")]

    def __str__(self):
        return self.word
