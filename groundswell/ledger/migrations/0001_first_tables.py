from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("place", models.BigAutoField(primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField(unique=True)),
                ("digest", models.BinaryField(max_length=32)),
                ("removed_because", models.CharField(blank=True, max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="ScheduleMark",
            fields=[
                (
                    "name",
                    models.CharField(max_length=80, primary_key=True, serialize=False),
                ),
                ("next_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigIntegerField(editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("person_id", models.BigIntegerField(null=True)),
                ("campaign_id", models.BigIntegerField(null=True)),
                ("event_id", models.BigIntegerField(null=True)),
                ("rest", models.JSONField(default=dict)),
                ("keep_until", models.DateField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("person_id__isnull", False)),
                        fields=["person_id", "at"],
                        name="ledger_entry_person",
                    ),
                    models.Index(
                        condition=models.Q(("event_id__isnull", False)),
                        fields=["event_id", "at"],
                        name="ledger_entry_event",
                    ),
                    models.Index(fields=["keep_until"], name="ledger_entry_keep"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigIntegerField(editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=120)),
                ("entry_id", models.BigIntegerField(null=True)),
                ("args", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "Ready"),
                            ("claimed", "Claimed"),
                            ("failed", "Failed"),
                        ],
                        default="ready",
                        max_length=8,
                    ),
                ),
                ("priority", models.SmallIntegerField(default=0)),
                ("run_after", models.DateTimeField()),
                ("lease_token", models.BigIntegerField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=200)),
                (
                    "dedupe_key",
                    models.CharField(max_length=120, null=True, unique=True),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "failed"), _negated=True),
                        fields=["-priority", "run_after"],
                        name="ledger_job_open",
                    )
                ],
            },
        ),
    ]
