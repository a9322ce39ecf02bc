from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0001_postcodes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Region",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, unique=True)),
                ("countries", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
            ],
        ),
    ]
