"""Which consents stand, and how everybody can be reached, from the ledger as it is."""

from django.db import migrations

# The newest line for (person, channel, purpose, about) holds; most have only one.
_OLDER = """
UPDATE people_consent SET is_current = %(no)s WHERE EXISTS (
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
    WHERE purpose = 'campaign' AND channel = 'email' AND is_current AND is_given
) AND EXISTS (
    SELECT 1 FROM people_contact
    WHERE people_contact.person_id = people_person.id
      AND people_contact.kind = 'email' AND people_contact.problem = ''
)
"""


def follow_the_ledger(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(_OLDER % {"no": "0" if is_sqlite else "false"})
    schema_editor.execute(_REACHED)


class Migration(migrations.Migration):
    dependencies = [("people", "0007_profiles_and_sources")]

    operations = [migrations.RunPython(follow_the_ledger, migrations.RunPython.noop)]
