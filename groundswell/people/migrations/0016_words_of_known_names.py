"""The words of names that are known, 500 names in a commit, so that nobody who signs up
meanwhile waits for all of them. Cut off, it goes on where it was."""

from itertools import count

from django.db import migrations, transaction

AT_ONCE, TURNS_MOST = 500, 8
_OURS = 2**40  # ids made by a running installation are far higher


def turn_names(apps, schema_editor):
    known = apps.get_model("people", "SearchName").objects.order_by("person_id")
    word = apps.get_model("people", "SearchWord")
    last = word.objects.filter(id__lt=_OURS).order_by("id").last()
    numbers = count(last.id + 1 if last else 1)
    at = last.name_id if last else -1
    while some := list(known.filter(person_id__gt=at).values_list("person_id", "folded")[:AT_ONCE]):
        at = some[-1][0]
        words = [(person_id, turn) for person_id, name in some for turn in turns_of(name)]
        with transaction.atomic():
            word.objects.bulk_create(
                word(id=next(numbers), name_id=person_id, folded=turn) for person_id, turn in words
            )


def turns_of(name):
    words = name.split(" ")
    places = range(1, min(len(words), TURNS_MOST + 1))
    return [" ".join([*words[at:], *words[:at]]) for at in places]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("people", "0015_search_words")]

    operations = [migrations.RunPython(turn_names, migrations.RunPython.noop)]
