import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_when_people_are_cut_off"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="pause",
                        serialize=False,
                        to="events.event",
                    ),
                ),
                ("paused_at", models.DateTimeField()),
            ],
        ),
        migrations.AlterField(
            model_name="event",
            name="state",
            field=models.CharField(
                choices=[
                    ("unproven", "Unproven"),
                    ("waiting", "Waiting"),
                    ("asked", "Asked"),
                    ("listed", "Listed"),
                    ("declined", "Declined"),
                    ("cancelled", "Cancelled"),
                    ("lapsed", "Lapsed"),
                    ("held", "Held"),
                ],
                default="unproven",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="rsvp",
            name="state",
            field=models.CharField(
                choices=[
                    ("going", "Going"),
                    ("waiting", "Waiting"),
                    ("cancelled", "Cancelled"),
                    ("lapsed", "Lapsed"),
                    ("held", "Held"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Concern",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("false", "False"),
                            ("danger", "Danger"),
                            ("hate", "Hate"),
                            ("messages", "Messages"),
                            ("other", "Other"),
                        ],
                        max_length=8,
                    ),
                ),
                ("words_sealed", models.BinaryField(blank=True, default=b"")),
                ("is_counted", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="concerns",
                        to="events.event",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at__isnull", True)),
                        fields=["event"],
                        name="events_concern_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Held",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("because", models.CharField(max_length=12)),
                ("wants_campaign_mail", models.BooleanField(default=False)),
                ("held_at", models.DateTimeField(db_index=True)),
                ("deleted_at", models.DateTimeField(db_index=True, null=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="held",
                        to="events.event",
                    ),
                ),
                (
                    "rsvp",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="held",
                        to="events.rsvp",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("rsvp", None)),
                        fields=("event",),
                        name="events_held_event_once",
                    )
                ],
            },
        ),
    ]
