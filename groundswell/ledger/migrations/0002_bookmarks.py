from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_first_tables")]

    operations = [
        migrations.CreateModel(
            name="Bookmark",
            fields=[
                (
                    "name",
                    models.CharField(max_length=80, primary_key=True, serialize=False),
                ),
                ("place", models.JSONField(default=dict)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
    ]
