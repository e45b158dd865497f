from django.db import migrations, models

from search.lexicon import words


def seed(apps, schema_editor):
    """Add the sayings that ship with the package."""
    Term = apps.get_model("search", "Term")
    Term.objects.bulk_create(
        Term(term=word.term, kind=word.kind, meaning=word.meaning)
        for word in words.shipped().values()
        if word.kind == words.SAYING
    )
    stamp = apps.get_model("search", "LexiconStamp").objects
    stamp.filter(pk=1).update(version=models.F("version") + 1)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0005_vocabulary"),
    ]

    operations = [
        migrations.AddField(
            model_name="term",
            name="meaning",
            field=models.CharField(
                blank=True,
                help_text="只有口语要填：法律和文件里怎么叫，几个词之间空一格。搜口语时也查它们。",
                max_length=100,
                verbose_name="正式说法",
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
                    ("saying", "口语"),
                    ("watch", "提示词"),
                    ("allow", "放行语境"),
                ],
                default="topic",
                max_length=10,
                verbose_name="类别",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "saying")),
                fields=("term",),
                name="lexicon_one_saying",
                violation_error_message="口语里已经有这个词。",
            ),
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
