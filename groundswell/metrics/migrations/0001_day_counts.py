import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("events", "0001_first_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="FoldMark",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("place", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="DayCount",
            fields=[
                (
                    "id",
                    models.BigIntegerField(editable=False, primary_key=True, serialize=False),
                ),
                ("campaign_id", models.BigIntegerField()),
                ("day", models.DateField()),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("sign_ups", "Sign Ups"),
                            ("new_people", "New People"),
                            ("events", "Events"),
                            ("confirmed", "Confirmed"),
                            ("checked_in", "Checked In"),
                        ],
                        max_length=12,
                    ),
                ),
                ("count", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign_id", "measure", "day"),
                        name="metrics_day_count_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EventCount",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="events.event",
                    ),
                ),
                ("is_stale", models.BooleanField(default=True)),
                ("sign_ups", models.PositiveIntegerField(default=0)),
                ("first_timers", models.PositiveIntegerField(default=0)),
                ("going", models.PositiveIntegerField(default=0)),
                ("proven", models.PositiveIntegerField(default=0)),
                ("confirmed", models.PositiveIntegerField(default=0)),
                ("checked_in", models.PositiveIntegerField(default=0)),
                ("came", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_stale", True)),
                        fields=["is_stale"],
                        name="metrics_event_stale",
                    )
                ],
            },
        ),
    ]
