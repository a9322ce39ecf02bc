from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("site", "0003_panic_lock"),
    ]

    operations = [
        migrations.CreateModel(
            name="Safeguards",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                (
                    "forms",
                    models.CharField(
                        choices=[("auto", "By Itself"), ("always", "Always"), ("never", "Never")],
                        default="auto",
                        max_length=8,
                    ),
                ),
                ("security_contact", models.CharField(blank=True, max_length=200)),
                ("security_policy", models.CharField(blank=True, max_length=200)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="site_one_safeguards"
                    )
                ],
            },
        ),
    ]
