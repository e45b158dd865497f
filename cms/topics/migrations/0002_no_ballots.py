"""Voices made of ballots named person and option together: they go (docs/decisions/0015)."""

from django.db import migrations


def forget(apps, schema_editor):
    apps.get_model("topics", "Voice").objects.filter(
        source="poll", origin__startswith="poll:"
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("topics", "0001_initial")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
