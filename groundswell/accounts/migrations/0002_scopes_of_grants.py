"""Roles are held over a scope, may be a part of somebody else's, and end by day or by hand."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def say_what_ended(apps, schema_editor):
    """Until now ``ends_at`` was set when a role was ended, and every scope was everything."""
    grants = apps.get_model("accounts", "Grant").objects
    grants.update(scope_id="")
    grants.exclude(ends_at=None).update(ended_at=F("ends_at"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_first_tables")]

    operations = [
        migrations.RemoveConstraint("grant", "accounts_grant_once"),
        migrations.AddField("grant", "ended_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "grant", "scope_id", models.CharField(blank=True, max_length=40, default="")
        ),
        migrations.AddField(
            "grant",
            "parent",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="accounts.grant",
            ),
        ),
        migrations.AlterField(
            "grant",
            "role",
            models.CharField(
                choices=[
                    ("owner", "owner"),
                    ("organiser", "organiser"),
                    ("regional_organiser", "regional_organiser"),
                    ("data_manager", "data_manager"),
                    ("texting_lead", "texting_lead"),
                    ("texter", "texter"),
                    ("trainer", "trainer"),
                    ("team_lead", "team_lead"),
                    ("coach", "coach"),
                    ("read_only", "read_only"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            "grant",
            "scope_kind",
            models.CharField(
                choices=[
                    ("installation", "installation"),
                    ("country", "country"),
                    ("region", "region"),
                    ("campaign", "campaign"),
                    ("team", "team"),
                    ("event", "event"),
                ],
                default="installation",
                max_length=12,
            ),
        ),
        migrations.RunPython(say_what_ended, migrations.RunPython.noop),
        migrations.AddConstraint(
            "grant",
            models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("account", "role", "scope_kind", "scope_id"),
                name="accounts_grant_once",
            ),
        ),
        migrations.AddIndex(
            "grant", models.Index(fields=["scope_kind", "scope_id"], name="accounts_grant_scope")
        ),
    ]
