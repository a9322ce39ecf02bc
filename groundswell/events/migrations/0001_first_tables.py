import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("campaigns", "0001_first_tables"),
        ("people", "0001_first_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("slug", models.CharField(max_length=12, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unproven", "Unproven"),
                            ("waiting", "Waiting"),
                            ("asked", "Asked"),
                            ("listed", "Listed"),
                            ("declined", "Declined"),
                            ("cancelled", "Cancelled"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="unproven",
                        max_length=10,
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=120)),
                ("description", models.TextField(blank=True, max_length=2000)),
                ("language", models.CharField(max_length=12)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("starts_wall", models.CharField(max_length=16)),
                ("ends_wall", models.CharField(max_length=16)),
                ("zone", models.CharField(max_length=64)),
                ("is_flexible", models.BooleanField(default=False)),
                (
                    "publicity",
                    models.CharField(
                        choices=[
                            ("everyone", "Everyone"),
                            ("going", "Going"),
                            ("online", "Online"),
                        ],
                        default="everyone",
                        max_length=10,
                    ),
                ),
                ("venue", models.CharField(blank=True, max_length=160)),
                ("venue_sealed", models.BinaryField(blank=True, default=b"")),
                ("town", models.CharField(max_length=120)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("latitude", models.FloatField()),
                ("longitude", models.FloatField()),
                ("is_step_free", models.BooleanField(default=False)),
                ("has_hearing_loop", models.BooleanField(default=False)),
                ("is_for_children", models.BooleanField(default=False)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("words", models.CharField(blank=True, max_length=1000)),
                ("review_words", models.CharField(blank=True, max_length=1000)),
                ("is_synthetic", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("listed_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField(null=True)),
                ("kit_opened_at", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hosted_events",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HostDraft",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("answers_sealed", models.BinaryField(blank=True, default=b"")),
                ("event_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="host_drafts",
                        to="campaigns.campaign",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HostMessage",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("body_sealed", models.BinaryField(blank=True, default=b"")),
                ("recipient_count", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="host_messages",
                        to="events.event",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Rsvp",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("campaign_id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("going", "Going"),
                            ("waiting", "Waiting"),
                            ("cancelled", "Cancelled"),
                            ("lapsed", "Lapsed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("party", models.PositiveSmallIntegerField(default=1)),
                ("is_proven", models.BooleanField(default=False)),
                ("hold_until", models.DateTimeField(null=True)),
                ("wants_reminder", models.BooleanField(default=True)),
                ("can_help", models.BooleanField(default=False)),
                ("is_first", models.BooleanField(default=False)),
                ("name_sealed", models.BinaryField(blank=True, default=b"")),
                ("phone_sealed", models.BinaryField(blank=True, default=b"")),
                ("language", models.CharField(max_length=12)),
                ("source", models.CharField(blank=True, max_length=40)),
                ("utm", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("created_on", models.DateField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("checked_in_at", models.DateTimeField(null=True)),
                ("came", models.BooleanField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rsvps",
                        to="events.event",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="rsvps",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tick",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=40)),
                ("done_at", models.DateTimeField()),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ticks",
                        to="events.event",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="report",
                        serialize=False,
                        to="events.event",
                    ),
                ),
                ("low_count", models.PositiveIntegerField(null=True)),
                ("best_count", models.PositiveIntegerField()),
                ("high_count", models.PositiveIntegerField(null=True)),
                ("sentence", models.CharField(blank=True, max_length=300)),
                ("filed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("low_count", None),
                                ("low_count__lte", models.F("best_count")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("high_count", None),
                                ("high_count__gte", models.F("best_count")),
                                _connector="OR",
                            ),
                        ),
                        name="events_report_low_best_high",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Seats",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="seats",
                        serialize=False,
                        to="events.event",
                    ),
                ),
                ("capacity", models.PositiveIntegerField(null=True)),
                ("taken", models.PositiveIntegerField(default=0)),
                ("waiting", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("capacity", None),
                            ("taken__lte", models.F("capacity")),
                            _connector="OR",
                        ),
                        name="events_seats_never_oversold",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["campaign", "state", "starts_at"], name="events_event_campaign"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["latitude", "longitude"], name="events_event_point"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["ends_at"], name="events_event_end"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="events_event_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("latitude__gte", -90),
                    ("latitude__lte", 90),
                    ("longitude__gte", -180),
                    ("longitude__lte", 180),
                ),
                name="events_event_point_on_earth",
            ),
        ),
        migrations.AddIndex(
            model_name="rsvp",
            index=models.Index(
                fields=["event", "state", "created_at"], name="events_rsvp_event_state"
            ),
        ),
        migrations.AddIndex(
            model_name="rsvp",
            index=models.Index(
                fields=["campaign_id", "created_on"], name="events_rsvp_campaign_day"
            ),
        ),
        migrations.AddIndex(
            model_name="rsvp",
            index=models.Index(
                condition=models.Q(("hold_until__isnull", False)),
                fields=["hold_until"],
                name="events_rsvp_hold",
            ),
        ),
        migrations.AddConstraint(
            model_name="rsvp",
            constraint=models.UniqueConstraint(fields=("event", "person"), name="events_rsvp_once"),
        ),
        migrations.AddConstraint(
            model_name="rsvp",
            constraint=models.CheckConstraint(
                condition=models.Q(("party__gte", 1), ("party__lte", 5)),
                name="events_rsvp_party_1_to_5",
            ),
        ),
        migrations.AddConstraint(
            model_name="rsvp",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("checked_in_at__isnull", False), ("state", "cancelled"), _negated=True
                ),
                name="events_rsvp_not_cancelled_and_there",
            ),
        ),
        migrations.AddConstraint(
            model_name="tick",
            constraint=models.UniqueConstraint(fields=("event", "key"), name="events_tick_once"),
        ),
    ]
