"""Which consents stand, and how everybody can be reached, from the ledger as it is.

People by people, 500 in a commit, so that nobody who signs up meanwhile waits for all of
them. Cut off, it does the same again.
"""

from django.db import migrations, transaction

AT_ONCE = 500

# The newest line for (person, channel, purpose, about) holds; most have only one.
_OLDER = """
UPDATE people_consent SET is_current = %(no)s
WHERE person_id BETWEEN %(first)s AND %(last)s AND EXISTS (
    SELECT 1 FROM people_consent newer
    WHERE newer.person_id = people_consent.person_id
      AND newer.purpose = people_consent.purpose
      AND newer.about_id = people_consent.about_id
      AND newer.channel = people_consent.channel
      AND (newer.at, newer.id) > (people_consent.at, people_consent.id)
)
"""
_REACHED = """
UPDATE people_person SET reach = 1 WHERE id IN (
    SELECT person_id FROM people_consent
    WHERE person_id BETWEEN %(first)s AND %(last)s
      AND purpose = 'campaign' AND channel = 'email' AND is_current AND is_given
) AND EXISTS (
    SELECT 1 FROM people_contact
    WHERE people_contact.person_id = people_person.id
      AND people_contact.kind = 'email' AND people_contact.problem = ''
)
"""


def follow_the_ledger(apps, schema_editor):
    people = apps.get_model("people", "Person").objects.order_by("id")
    last = -1
    while some := list(people.filter(id__gt=last).values_list("id", flat=True)[:AT_ONCE]):
        first, last = some[0], some[-1]
        told = {"no": False, "first": first, "last": last}
        with transaction.atomic(), schema_editor.connection.cursor() as cursor:
            cursor.execute(_OLDER, told)
            cursor.execute(_REACHED, told)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("people", "0007_profiles_and_sources")]

    operations = [migrations.RunPython(follow_the_ledger, migrations.RunPython.noop)]
