from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="moderationitem",
            name="marks",
            field=models.JSONField(default=list, editable=False),
        ),
    ]
