from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_nearness"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="host_cut_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="event",
            name="people_cut_at",
            field=models.DateTimeField(null=True),
        ),
    ]
