"""The states of a delivery get the names of the state machine (cms/matrix/lifecycle.py)."""

from django.db import migrations

RENAMED = {"queued": "approved", "waiting": "submitted", "manual": "console"}


def rename(apps, names):
    deliveries = apps.get_model("matrix", "Delivery").objects
    for old, new in names.items():
        deliveries.filter(state=old).update(state=new)


def forwards(apps, schema_editor):
    rename(apps, RENAMED)


def backwards(apps, schema_editor):
    rename(apps, {new: old for old, new in RENAMED.items()})


class Migration(migrations.Migration):
    dependencies = [("matrix", "0002_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
