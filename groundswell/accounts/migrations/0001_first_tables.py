import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("email", models.CharField(max_length=80, unique=True)),
                ("email_sealed", models.BinaryField(blank=True, default=b"")),
                ("name_sealed", models.BinaryField(blank=True, default=b"")),
                ("language", models.CharField(default="en", max_length=12)),
                ("zone", models.CharField(default="UTC", max_length=64)),
                ("is_active", models.BooleanField(default=True)),
                ("stamp", models.CharField(max_length=32)),
                ("created_at", models.DateTimeField()),
                ("last_seen_on", models.DateField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PendingCode",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("email", models.CharField(max_length=80)),
                ("code_sealed", models.BinaryField(blank=True, default=b"")),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Limit",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("key", models.BinaryField(max_length=16)),
                ("window_ends_at", models.DateTimeField(db_index=True)),
                ("taken", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "key"), name="accounts_limit_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("token_hash", models.BinaryField(max_length=32, unique=True)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("host", "Host"),
                            ("rsvp", "Rsvp"),
                            ("prove", "Prove"),
                            ("wizard", "Wizard"),
                            ("sign_in", "Sign In"),
                            ("done", "Done"),
                        ],
                        max_length=8,
                    ),
                ),
                ("person_id", models.BigIntegerField(db_index=True, null=True)),
                ("object_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["object_id", "purpose"], name="accounts_link_object")
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("key_hash", models.BinaryField(max_length=32, unique=True)),
                ("data_sealed", models.BinaryField(blank=True, default=b"")),
                ("device_name", models.CharField(blank=True, max_length=60)),
                ("created_at", models.DateTimeField()),
                ("last_seen_on", models.DateField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "owner"), ("organiser", "organiser")], max_length=12
                    ),
                ),
                (
                    "scope_kind",
                    models.CharField(
                        choices=[("installation", "Installation")],
                        default="installation",
                        max_length=12,
                    ),
                ),
                ("scope_id", models.BigIntegerField(default=0)),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_at", None)),
                        fields=("account", "role", "scope_kind", "scope_id"),
                        name="accounts_grant_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UsedCode",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("step", models.BigIntegerField()),
                ("used_at", models.DateTimeField(db_index=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "step"), name="accounts_used_code_once"
                    )
                ],
            },
        ),
    ]
