import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from search.lexicon import words


def seed(apps, schema_editor):
    """Add what the table of words had no room for: watched words, their contexts, pairs apart."""
    Term, Apart = apps.get_model("search", "Term"), apps.get_model("search", "Apart")
    shipped = words.shipped().values()
    Term.objects.bulk_create(
        Term(term=word.term, kind=word.kind, category=word.category, level=word.level)
        for word in shipped
        if word.kind in words.MODERATION
    )
    Apart.objects.bulk_create(
        Apart(term=word.term, other=word.other, reason=word.reason)
        for word in shipped
        if word.kind == words.APART
    )
    stamp = apps.get_model("search", "LexiconStamp").objects
    stamp.filter(pk=1).update(version=models.F("version") + 1)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0003_postings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Apart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("term", models.CharField(max_length=40, verbose_name="词语")),
                ("other", models.CharField(max_length=40, verbose_name="另一个词")),
                (
                    "reason",
                    models.CharField(
                        help_text="法律上为什么要区分，有人想合并时会看到。",
                        max_length=200,
                        verbose_name="理由",
                    ),
                ),
            ],
            options={
                "verbose_name": "不可混同的词",
                "verbose_name_plural": "不可混同的词",
                "ordering": ["term", "other"],
            },
        ),
        migrations.CreateModel(
            name="LexiconReindex",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待"),
                            ("running", "进行中"),
                            ("done", "已完成"),
                            ("failed", "没有完成"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("cursor", models.JSONField(default=dict)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "词库重建索引",
                "verbose_name_plural": "词库重建索引",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="LexiconVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="次序")),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间"),
                ),
                ("note", models.CharField(max_length=300, verbose_name="说明")),
                ("changes", models.JSONField(verbose_name="改动")),
            ],
            options={
                "verbose_name": "词库修改",
                "verbose_name_plural": "词库修改",
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="NewWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=12, unique=True, verbose_name="词语")),
                ("count", models.PositiveIntegerField(verbose_name="次数")),
                ("texts", models.PositiveIntegerField(verbose_name="篇数")),
                ("cohesion", models.FloatField(verbose_name="凝合度")),
                ("freedom", models.FloatField(verbose_name="自由度")),
                ("score", models.FloatField(db_index=True)),
                ("examples", models.JSONField(default=list, verbose_name="例句")),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "待定"), ("accepted", "已接受"), ("refused", "不要")],
                        db_index=True,
                        default="new",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "found_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="发现时间"
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "新词提议",
                "verbose_name_plural": "新词提议",
                "ordering": ["-score", "word"],
            },
        ),
        migrations.AddField(
            model_name="term",
            name="category",
            field=models.CharField(
                blank=True,
                help_text="只有提示词要填，审核员会看到，如“辱骂”“广告”。",
                max_length=20,
                verbose_name="提示类别",
            ),
        ),
        migrations.AddField(
            model_name="term",
            name="level",
            field=models.CharField(
                blank=True,
                choices=[("hint", "提示"), ("hold", "先审"), ("block", "拦截")],
                help_text="提示：提醒审核员；先审：审过才公开；拦截：不能提交。",
                max_length=10,
                verbose_name="级别",
            ),
        ),
        migrations.AlterField(
            model_name="term",
            name="kind",
            field=models.CharField(
                choices=[
                    ("topic", "主题词"),
                    ("synonym", "同义词"),
                    ("stop", "停用词"),
                    ("watch", "提示词"),
                    ("allow", "放行语境"),
                ],
                default="topic",
                max_length=10,
                verbose_name="类别",
            ),
        ),
        migrations.AlterField(
            model_name="term",
            name="term",
            field=models.CharField(db_index=True, max_length=40, verbose_name="词语"),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ("topic", "synonym", "stop"))),
                fields=("term",),
                name="lexicon_one_meaning",
                violation_error_message="词库里已经有这个词。",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ("watch", "allow"))),
                fields=("term",),
                name="lexicon_one_watch",
                violation_error_message="提示词或放行语境里已经有这个词。",
            ),
        ),
        migrations.AddConstraint(
            model_name="apart",
            constraint=models.UniqueConstraint(fields=("term", "other"), name="lexicon_one_pair"),
        ),
        migrations.AddField(
            model_name="lexiconversion",
            name="undoes",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="undone_by",
                to="search.lexiconversion",
                verbose_name="撤销的是",
            ),
        ),
        migrations.AddField(
            model_name="lexiconversion",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="修改人",
            ),
        ),
        migrations.AddField(
            model_name="lexiconreindex",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reindexes",
                to="search.lexiconversion",
            ),
        ),
        migrations.AddField(
            model_name="newword",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
