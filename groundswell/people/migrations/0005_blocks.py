from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_blind_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="Block",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("blind", models.BinaryField(max_length=16, unique=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("spam", "Spam"),
                            ("threats", "Threats"),
                            ("false", "False"),
                            ("other", "Other"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
