from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("site", "0004_safeguards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("follows", models.BigIntegerField(unique=True)),
                ("place", models.BigIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                ("made_at", models.DateTimeField()),
                ("is_after_restore", models.BooleanField(default=False)),
                ("proof", models.BinaryField(max_length=32)),
            ],
        ),
    ]
