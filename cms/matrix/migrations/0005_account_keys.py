"""Message keys leave the open `extra` for a column that is encrypted at rest."""

from django.db import migrations

import cms.matrix.models.fields


def move_keys(apps, schema_editor):
    for account in apps.get_model("matrix", "ChannelAccount").objects.all():
        if keys := account.extra.pop("aes_keys", None):
            account.aes_keys = "\n".join(keys)
            account.save(update_fields=["extra", "aes_keys"])


def move_back(apps, schema_editor):
    for account in apps.get_model("matrix", "ChannelAccount").objects.exclude(aes_keys=""):
        account.extra["aes_keys"] = account.aes_keys.split()
        account.save(update_fields=["extra"])


class Migration(migrations.Migration):
    dependencies = [("matrix", "0004_newsroom")]
    operations = [
        migrations.AddField(
            model_name="channelaccount",
            name="aes_keys",
            field=cms.matrix.models.fields.EncryptedTextField(
                blank=True, default="", editable=False, verbose_name="消息加解密密钥"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(move_keys, move_back),
    ]
