import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_nearness"),
        ("outreach", "0001_first_tables"),
        ("people", "0001_first_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Inbound",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("way", models.CharField(max_length=12)),
                ("key", models.BinaryField(max_length=32, unique=True)),
                ("local_hash", models.BinaryField(max_length=32)),
                ("mail_sealed", models.BinaryField(blank=True, default=b"")),
                ("verdict", models.CharField(blank=True, max_length=16)),
                ("received_at", models.DateTimeField(db_index=True)),
                ("done_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Conversation",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("paused", "Paused"), ("closed", "Closed")],
                        default="open",
                        max_length=8,
                    ),
                ),
                (
                    "reported_by",
                    models.CharField(
                        blank=True,
                        choices=[("holder", "Holder"), ("person", "Person")],
                        max_length=8,
                    ),
                ),
                ("reported_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("last_line_at", models.DateTimeField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="events.event",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Alias",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                (
                    "writer",
                    models.CharField(
                        choices=[("holder", "Holder"), ("person", "Person")], max_length=8
                    ),
                ),
                ("local_hash", models.BinaryField(max_length=32, unique=True)),
                ("local_sealed", models.BinaryField(blank=True, default=b"")),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="outreach.conversation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                (
                    "writer",
                    models.CharField(
                        choices=[("holder", "Holder"), ("person", "Person")], max_length=8
                    ),
                ),
                ("body_sealed", models.BinaryField(blank=True, default=b"")),
                (
                    "state",
                    models.CharField(
                        choices=[("passed", "Passed"), ("held", "Held"), ("dropped", "Dropped")],
                        default="passed",
                        max_length=8,
                    ),
                ),
                ("held_for", models.CharField(blank=True, max_length=16)),
                ("has_lost", models.BooleanField(default=False)),
                ("came_by", models.BinaryField(max_length=32, null=True, unique=True)),
                ("written_at", models.DateTimeField()),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="outreach.conversation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Silence",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "writer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["event", "-last_line_at"], name="outreach_talk_of_event"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("state", "paused")),
                fields=["reported_at"],
                name="outreach_talk_paused",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.UniqueConstraint(
                fields=("event", "holder", "person"), name="outreach_conversation_once"
            ),
        ),
        migrations.AddIndex(
            model_name="alias",
            index=models.Index(fields=["conversation", "writer"], name="outreach_alias_side"),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(fields=["conversation", "written_at"], name="outreach_line_in_turn"),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(fields=["written_at"], name="outreach_line_old"),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("state", "held")),
                fields=["conversation"],
                name="outreach_line_held",
            ),
        ),
        migrations.AddConstraint(
            model_name="silence",
            constraint=models.UniqueConstraint(
                fields=("person", "writer"), name="outreach_silence_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="silence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("writer", None)),
                fields=("person",),
                name="outreach_silence_of_all_once",
            ),
        ),
    ]
