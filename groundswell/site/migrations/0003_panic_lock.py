from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("site", "0002_discreet_countries"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lock",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("account_id", models.BigIntegerField(unique=True)),
                ("locked_at", models.DateTimeField(null=True)),
                ("locked_by_id", models.BigIntegerField(null=True)),
                ("unlock_by_id", models.BigIntegerField(null=True)),
                ("unlock_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
