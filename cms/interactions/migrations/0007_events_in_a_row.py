from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0006_desk_data")]
    operations = [
        migrations.AddConstraint(
            model_name="moderationevent",
            constraint=models.UniqueConstraint(fields=("item", "number"), name="events_in_a_row"),
        ),
    ]
