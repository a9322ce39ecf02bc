"""A row for each word of a search name but the first, with that word in front, so that an index
finds any of them."""

from itertools import count, islice

import django.db.models.deletion
from django.db import migrations, models

AT_ONCE, TURNS_MOST = 2_000, 8


def turn_names(apps, schema_editor):
    known = apps.get_model("people", "SearchName").objects.order_by("person_id")
    word = apps.get_model("people", "SearchWord")
    names = known.values_list("person_id", "folded").iterator(AT_ONCE)
    numbers = count(1)  # ids made later are far higher
    while some := list(islice(names, AT_ONCE)):
        word.objects.bulk_create(
            word(id=next(numbers), name_id=person_id, folded=folded)
            for person_id, name in some
            for folded in turns_of(name)
        )


def turns_of(name):
    words = name.split(" ")
    places = range(1, min(len(words), TURNS_MOST + 1))
    return [" ".join([*words[at:], *words[:at]]) for at in places]


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
        migrations.RunPython(turn_names, migrations.RunPython.noop),
    ]
