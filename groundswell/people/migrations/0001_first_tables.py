import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                (
                    "channel",
                    models.CharField(choices=[("email", "Email"), ("text", "Text")], max_length=8),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("event", "Event"),
                            ("campaign", "Campaign"),
                            ("hosting", "Hosting"),
                        ],
                        max_length=10,
                    ),
                ),
                ("about_id", models.BigIntegerField()),
                ("is_given", models.BooleanField()),
                ("wording", models.CharField(max_length=40)),
                ("source", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("email", "Email"), ("phone", "Phone")], max_length=8
                    ),
                ),
                ("value_sealed", models.BinaryField(blank=True, default=b"")),
                ("blind", models.BinaryField(max_length=16)),
                ("proven_at", models.DateTimeField(null=True)),
                ("unproven_mail_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=12)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("key_id", models.BigIntegerField(unique=True)),
                ("name_sealed", models.BinaryField(blank=True, default=b"")),
                ("language", models.CharField(max_length=12)),
                ("other_languages", models.JSONField(default=list)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("is_synthetic", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("last_active_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("blind", models.BinaryField(max_length=16, unique=True)),
                ("reason", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchName",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("folded", models.CharField(db_index=True, max_length=200)),
            ],
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["last_active_on"], name="people_person_active"),
        ),
        migrations.AddField(
            model_name="contact",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="contacts",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="consents",
                to="people.person",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["blind"], name="people_contact_blind"),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "email")),
                fields=("blind",),
                name="people_contact_one_person_per_email",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                fields=("person", "kind", "blind"), name="people_contact_once_per_person"
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                fields=["person", "purpose", "about_id", "-at"], name="people_consent_now"
            ),
        ),
    ]
