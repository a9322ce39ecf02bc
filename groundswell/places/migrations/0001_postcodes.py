from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PostcodeTable",
            fields=[
                (
                    "country",
                    models.CharField(max_length=2, primary_key=True, serialize=False),
                ),
                ("digest", models.CharField(max_length=64)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("lines_done", models.PositiveIntegerField(default=0)),
                ("is_complete", models.BooleanField(default=False)),
                ("loaded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Postcode",
            fields=[
                (
                    "id",
                    models.BigIntegerField(editable=False, primary_key=True, serialize=False),
                ),
                ("country", models.CharField(max_length=2)),
                ("code", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=180)),
                ("lat", models.FloatField()),
                ("lon", models.FloatField()),
                ("edition", models.PositiveIntegerField(default=1)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["country", "edition"], name="places_postcode_edition")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "country", "name"), name="places_postcode_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lat__range", (-90, 90)), ("lon__range", (-180, 180))),
                        name="places_postcode_on_earth",
                    ),
                ],
            },
        ),
    ]
