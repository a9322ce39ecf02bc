import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_looks"),
    ]

    operations = [
        migrations.CreateModel(
            name="NameBlind",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("blind", models.BinaryField(db_index=True, max_length=16)),
            ],
        ),
    ]
