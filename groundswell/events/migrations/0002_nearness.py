"""An index for nearness over listed events: R*Tree on SQLite, GiST on PostgreSQL.

SQLite keeps the R*Tree by triggers. Django rebuilds a SQLite table to alter it, which drops its
triggers: a later migration that alters events_event runs this file's statements again
(tests/events/test_nearness.py notices when it does not).
"""

from django.db import migrations

SQLITE = (
    # The columns with a plus ride along, so that a question never touches the wide table.
    "CREATE VIRTUAL TABLE IF NOT EXISTS events_nearness "
    "USING rtree(id, south, north, west, east, +latitude, +longitude, +campaign_id, +ends_at)",
    "DELETE FROM events_nearness",
    "INSERT INTO events_nearness SELECT id, latitude, latitude, longitude, longitude, "
    "latitude, longitude, campaign_id, ends_at FROM events_event WHERE state = 'listed'",
    "CREATE TRIGGER IF NOT EXISTS events_nearness_insert AFTER INSERT ON events_event "
    "WHEN NEW.state = 'listed' BEGIN "
    "INSERT INTO events_nearness VALUES "
    "(NEW.id, NEW.latitude, NEW.latitude, NEW.longitude, NEW.longitude, "
    "NEW.latitude, NEW.longitude, NEW.campaign_id, NEW.ends_at); END",
    "CREATE TRIGGER IF NOT EXISTS events_nearness_update "
    "AFTER UPDATE OF state, latitude, longitude, campaign_id, ends_at ON events_event BEGIN "
    "DELETE FROM events_nearness WHERE id = OLD.id; "
    "INSERT INTO events_nearness SELECT "
    "NEW.id, NEW.latitude, NEW.latitude, NEW.longitude, NEW.longitude, "
    "NEW.latitude, NEW.longitude, NEW.campaign_id, NEW.ends_at "
    "WHERE NEW.state = 'listed'; END",
    "CREATE TRIGGER IF NOT EXISTS events_nearness_delete AFTER DELETE ON events_event BEGIN "
    "DELETE FROM events_nearness WHERE id = OLD.id; END",
)
SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS events_nearness_insert",
    "DROP TRIGGER IF EXISTS events_nearness_update",
    "DROP TRIGGER IF EXISTS events_nearness_delete",
    "DROP TABLE IF EXISTS events_nearness",
)
POSTGRES = (
    "CREATE INDEX IF NOT EXISTS events_nearness ON events_event "
    "USING gist (point(longitude, latitude)) WHERE state = 'listed'",
)
POSTGRES_BACK = ("DROP INDEX IF EXISTS events_nearness",)


def build(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRES:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE_BACK if is_sqlite else POSTGRES_BACK:
        schema_editor.execute(statement)


def on_default(function):
    """The keys database has no events."""

    def run(apps, schema_editor):
        if schema_editor.connection.alias == "default":
            function(apps, schema_editor)

    return run


class Migration(migrations.Migration):
    dependencies = [("events", "0001_first_tables")]
    operations = [migrations.RunPython(on_default(build), on_default(drop))]
