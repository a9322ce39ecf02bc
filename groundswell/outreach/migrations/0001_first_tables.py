import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("events", "0001_first_tables"),
        ("people", "0001_first_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShownMail",
            fields=[
                (
                    "id",
                    models.BigIntegerField(editable=False, primary_key=True, serialize=False),
                ),
                ("provider_ref", models.CharField(max_length=32, unique=True)),
                ("kind", models.CharField(max_length=24)),
                ("language", models.CharField(max_length=12)),
                ("mail_sealed", models.BinaryField(blank=True, default=b"")),
                ("shown_at", models.DateTimeField(db_index=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigIntegerField(editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=24)),
                (
                    "channel",
                    models.CharField(choices=[("email", "Email")], default="email", max_length=8),
                ),
                ("account_id", models.BigIntegerField(null=True)),
                ("purpose", models.CharField(blank=True, max_length=10)),
                ("about_id", models.BigIntegerField(null=True)),
                ("event_id", models.BigIntegerField(null=True)),
                ("rsvp_id", models.BigIntegerField(null=True)),
                ("entry_id", models.BigIntegerField(null=True)),
                ("args", models.JSONField(default=dict)),
                ("language", models.CharField(max_length=12)),
                ("dedupe_key", models.CharField(max_length=96, unique=True)),
                ("provider_ref", models.CharField(max_length=32, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "Ready"),
                            ("claimed", "Claimed"),
                            ("handing_over", "Handing Over"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("unknown", "Unknown"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="ready",
                        max_length=12,
                    ),
                ),
                ("priority", models.SmallIntegerField()),
                ("not_before", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("has_turn", models.BooleanField(default=False)),
                ("lease_token", models.BigIntegerField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=40)),
                ("created_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "ready")),
                        fields=["priority", "not_before"],
                        name="outreach_message_ready",
                    ),
                    models.Index(
                        condition=models.Q(("lease_until__isnull", False)),
                        fields=["lease_until"],
                        name="outreach_message_leased",
                    ),
                    models.Index(
                        condition=models.Q(("state", "unknown")),
                        fields=["kind"],
                        name="outreach_message_unknown",
                    ),
                    models.Index(
                        condition=models.Q(("state", "failed")),
                        fields=["kind"],
                        name="outreach_message_failed",
                    ),
                    models.Index(
                        condition=models.Q(("done_at__isnull", False)),
                        fields=["done_at"],
                        name="outreach_message_done",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderPlan",
            fields=[
                (
                    "id",
                    models.BigIntegerField(editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=24)),
                ("starts_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("fanned_at", models.DateTimeField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="events.event",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("fanned_at__isnull", True)),
                        fields=["due_at"],
                        name="outreach_plan_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("event", "kind"), name="outreach_plan_once")
                ],
            },
        ),
    ]
