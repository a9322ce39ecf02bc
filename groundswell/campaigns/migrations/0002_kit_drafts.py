import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0001_first_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="KitDraft",
            fields=[
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="kit_draft",
                        serialize=False,
                        to="campaigns.campaign",
                    ),
                ),
                ("content", models.JSONField(default=dict)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
    ]
