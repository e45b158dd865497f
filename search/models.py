from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from search.lexicon import rules, words


class Term(models.Model):
    """One word of the lexicon in one role: what it means, or how moderation takes it.

    Written by ``search.lexicon.services.lexicon_change`` alone, which keeps the rules and versions.
    """

    class Kind(models.TextChoices):
        TOPIC = words.TOPIC, _("主题词")
        SYNONYM = words.SYNONYM, _("同义词")
        STOP = words.STOP, _("停用词")
        SAYING = words.SAYING, _("口语")
        WATCH = words.WATCH, _("提示词")
        ALLOW = words.ALLOW, _("放行语境")

    class Level(models.TextChoices):
        HINT = "hint", _("提示")
        HOLD = "hold", _("先审")
        BLOCK = "block", _("拦截")

    term = models.CharField(_("词语"), max_length=40, db_index=True)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, default=Kind.TOPIC)
    topic = models.CharField(
        _("主题"),
        max_length=40,
        blank=True,
        db_index=True,
        help_text=_("如“劳动报酬/欠薪”。同义词可不填，随规范词。"),
    )
    canonical = models.ForeignKey(
        "self",
        verbose_name=_("规范词"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="synonyms",
        limit_choices_to={"kind": Kind.TOPIC},
        help_text=_("只有同义词要填：它和哪个主题词是一个意思。"),
    )
    weight = models.FloatField(
        _("权重"), default=1.0, help_text=_("过于宽泛的词（如“充电”）填小于 1 的数。")
    )
    meaning = models.CharField(
        _("正式说法"),
        max_length=100,
        blank=True,
        help_text=_("只有口语要填：法律和文件里怎么叫，几个词之间空一格。搜口语时也查它们。"),
    )
    category = models.CharField(
        _("提示类别"),
        max_length=20,
        blank=True,
        help_text=_("只有提示词要填，审核员会看到，如“辱骂”“广告”。"),
    )
    level = models.CharField(
        _("级别"),
        max_length=10,
        blank=True,
        choices=Level.choices,
        help_text=_("提示：提醒审核员；先审：审过才公开；拦截：不能提交。"),
    )

    class Meta:
        verbose_name = _("词库词语")
        verbose_name_plural = _("词库")
        ordering = ["topic", "term"]
        constraints = [
            models.UniqueConstraint(
                fields=["term"],
                condition=models.Q(kind__in=words.MEANING),
                name="lexicon_one_meaning",
                violation_error_message=_("词库里已经有这个词。"),
            ),
            models.UniqueConstraint(
                fields=["term"],
                condition=models.Q(kind__in=words.MODERATION),
                name="lexicon_one_watch",
                violation_error_message=_("提示词或放行语境里已经有这个词。"),
            ),
            models.UniqueConstraint(
                fields=["term"],
                condition=models.Q(kind=words.SAYING),
                name="lexicon_one_saying",
                violation_error_message=_("口语里已经有这个词。"),
            ),
        ]

    def __str__(self):
        return self.term

    def clean(self):
        if wrong := rules.shape_problems(self.as_word()):
            known = {field.name for field in self._meta.fields}
            raise ValidationError({name: text for name, text in wrong.items() if name in known})

    @property
    def shown_weight(self) -> str:
        """The weight where it is not the usual one."""
        return "" if self.weight == 1 else f"{self.weight:g}"

    def as_word(self) -> words.Word:
        """The row as a plain value; reads ``canonical``."""
        return words.tidy(
            kind=self.kind,
            term=self.term,
            topic=self.topic,
            canonical=self.canonical.term if self.canonical else "",
            weight=self.weight,
            meaning=self.meaning,
            category=self.category,
            level=self.level,
        )


class Apart(models.Model):
    """Two words that the law keeps apart however people mix them: never synonyms."""

    term = models.CharField(_("词语"), max_length=40)
    other = models.CharField(_("另一个词"), max_length=40)
    reason = models.CharField(
        _("理由"), max_length=200, help_text=_("法律上为什么要区分，有人想合并时会看到。")
    )

    class Meta:
        verbose_name = _("不可混同的词")
        verbose_name_plural = _("不可混同的词")
        ordering = ["term", "other"]
        constraints = [models.UniqueConstraint(fields=["term", "other"], name="lexicon_one_pair")]

    def __str__(self):
        return f"{self.term} ≠ {self.other}"

    def clean(self):
        if wrong := rules.shape_problems(self.as_word()):
            raise ValidationError(wrong)

    def as_word(self) -> words.Word:
        return words.tidy(kind=words.APART, term=self.term, other=self.other, reason=self.reason)


class LexiconStamp(models.Model):
    """One row that changes with every change of the words, so that other processes notice."""

    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("词库版本")
        verbose_name_plural = _("词库版本")

    def __str__(self):
        return str(self.version)


class LexiconVersion(models.Model):
    """One change of the lexicon: who, when, and every row before and after.

    ``changes``: [{"before": row or null, "after": row or null}], rows as ``Word.as_json``.
    """

    number = models.PositiveIntegerField(_("次序"), unique=True)
    made_at = models.DateTimeField(_("时间"), default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("修改人"),
    )
    note = models.CharField(_("说明"), max_length=300)
    changes = models.JSONField(_("改动"))
    undoes = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="undone_by", verbose_name=_("撤销的是")
    )

    class Meta:
        verbose_name = _("词库修改")
        verbose_name_plural = _("词库修改")
        ordering = ["-number"]

    def __str__(self):
        return self.note

    def as_changes(self) -> list[words.Change]:
        return [
            words.Change(
                row["before"] and words.from_json(row["before"]),
                row["after"] and words.from_json(row["after"]),
            )
            for row in self.changes
        ]


class LexiconReindex(models.Model):
    """The documents that a change of words makes out of date in the index, and how far it is.

    ``cursor``: {model label: key of the last document done}, so that a new run goes on.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("没有完成")

    version = models.ForeignKey(LexiconVersion, models.CASCADE, related_name="reindexes")
    words = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    cursor = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("词库重建索引")
        verbose_name_plural = _("词库重建索引")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.version_id}: {self.done}/{self.total}"

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 0


class NewWord(models.Model):
    """A word that the machine found in recent texts and that people have yet to judge."""

    class State(models.TextChoices):
        NEW = "new", _("待定")
        ACCEPTED = "accepted", _("已接受")
        REFUSED = "refused", _("不要")

    word = models.CharField(_("词语"), max_length=12, unique=True)
    count = models.PositiveIntegerField(_("次数"))
    texts = models.PositiveIntegerField(_("篇数"))
    cohesion = models.FloatField(_("凝合度"))
    freedom = models.FloatField(_("自由度"))
    score = models.FloatField(db_index=True)
    examples = models.JSONField(_("例句"), default=list)
    state = models.CharField(
        _("状态"), max_length=10, choices=State.choices, default=State.NEW, db_index=True
    )
    found_at = models.DateTimeField(_("发现时间"), default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("新词提议")
        verbose_name_plural = _("新词提议")
        ordering = ["-score", "word"]

    def __str__(self):
        return self.word


class SearchLog(models.Model):
    """How often a term was searched on one day and what the last search found. Nobody's name."""

    term = models.CharField(_("词语"), max_length=60)
    shown = models.CharField(_("原样"), max_length=60)
    day = models.DateField(_("日期"))
    source = models.CharField(_("入口"), max_length=20, default="site")
    count = models.PositiveIntegerField(_("次数"), default=1)
    hits = models.PositiveIntegerField(_("结果数"), default=0)

    class Meta:
        verbose_name = _("搜索记录")
        verbose_name_plural = _("搜索记录")
        constraints = [
            models.UniqueConstraint(fields=["term", "day", "source"], name="search_log_one_a_day")
        ]
        indexes = [models.Index(fields=["day"])]

    def __str__(self):
        return f"{self.day} {self.shown}"


class Vocabulary(models.Model):
    """One word that a search can find: of the lexicon, or of the site's own texts.

    ``sound`` is how it is typed (工资 = gongzi), ``rough`` what is left of that when near sounds
    are not kept apart, ``initials`` the first letters (gz): `search.text.sound`.
    """

    word = models.CharField(_("词语"), max_length=40, unique=True)
    documents = models.PositiveIntegerField(_("篇数"), default=0)
    sound = models.CharField(_("拼音"), max_length=240)
    rough = models.CharField(_("近音"), max_length=240, db_index=True)
    initials = models.CharField(_("声母"), max_length=40, db_index=True)

    class Meta:
        verbose_name = _("本站用词")
        verbose_name_plural = _("本站用词")

    def __str__(self):
        return self.word


class IndexStatistics(models.Model):
    """One row about the whole index: what the ranking counts with (``search.backends``)."""

    documents = models.PositiveIntegerField(default=0)
    units = models.PositiveBigIntegerField(default=0)
    #: Which share of the documents hold a token, for frequent ones, at ``counted`` documents.
    frequent = models.JSONField(default=dict)
    counted = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("索引统计")
        verbose_name_plural = _("索引统计")

    def __str__(self):
        return str(self.documents)
