"""A row for each word of a search name but the first, with that word in front, so that an index
finds any of them. The next migration writes them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0014_homes_by_region")]

    operations = [
        migrations.AlterField(
            model_name="searchname",
            name="folded",
            field=models.CharField(max_length=200),
        ),
        migrations.AddIndex(
            model_name="searchname",
            index=models.Index(
                fields=["folded", "person"],
                name="people_name_folded",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            ),
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("folded", models.CharField(max_length=200)),
                (
                    "name",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="people.searchname",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="searchword",
            index=models.Index(
                fields=["folded", "name"],
                name="people_word_folded",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            ),
        ),
    ]
