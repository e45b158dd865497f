from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0004_lexicon_keeping")]

    operations = [
        migrations.CreateModel(
            name="Vocabulary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=40, unique=True, verbose_name="词语")),
                ("documents", models.PositiveIntegerField(default=0, verbose_name="篇数")),
                ("sound", models.CharField(max_length=240, verbose_name="拼音")),
                (
                    "rough",
                    models.CharField(db_index=True, max_length=240, verbose_name="近音"),
                ),
                (
                    "initials",
                    models.CharField(db_index=True, max_length=40, verbose_name="声母"),
                ),
            ],
            options={
                "verbose_name": "本站用词",
                "verbose_name_plural": "本站用词",
            },
        ),
    ]
