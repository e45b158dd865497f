from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Term(models.Model):
    """One word of the lexicon: a topic word, a synonym of one, or a stop word."""

    class Kind(models.TextChoices):
        TOPIC = "topic", _("主题词")
        SYNONYM = "synonym", _("同义词")
        STOP = "stop", _("停用词")

    term = models.CharField(_("词语"), max_length=40, unique=True)
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

    class Meta:
        verbose_name = _("词库词语")
        verbose_name_plural = _("词库")
        ordering = ["topic", "term"]

    def __str__(self):
        return self.term

    def clean(self):
        self.term = self.term.strip()
        if self.kind == self.Kind.TOPIC and not self.topic:
            raise ValidationError({"topic": _("主题词要写明主题。")})
        if self.kind == self.Kind.SYNONYM:
            if not self.canonical or self.canonical.kind != self.Kind.TOPIC:
                raise ValidationError({"canonical": _("请选择一个主题词作为规范词。")})
            if self.canonical_id == self.pk:
                raise ValidationError({"canonical": _("一个词不能是自己的同义词。")})
        elif self.canonical:
            raise ValidationError({"canonical": _("只有同义词才填规范词。")})


class LexiconStamp(models.Model):
    """One row that changes with every change of a Term, so that other processes notice."""

    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("词库版本")
        verbose_name_plural = _("词库版本")

    def __str__(self):
        return str(self.version)


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
