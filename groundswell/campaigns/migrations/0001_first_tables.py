import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("live", "Live"), ("closed", "Closed")],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("organisation", models.CharField(max_length=80)),
                ("goal_events", models.PositiveIntegerField(default=0)),
                ("goal_people", models.PositiveIntegerField(default=0)),
                ("countries", models.JSONField(default=list)),
                ("languages", models.JSONField(default=list)),
                ("action_on", models.DateField()),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("poster_colour", models.CharField(default="#0E3A3B", max_length=7)),
                ("call_colour", models.CharField(default="#FFB81C", max_length=7)),
                ("is_synthetic", models.BooleanField(default=False)),
                ("scale", models.FloatField(default=1)),
                ("created_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__lte", models.F("action_on")),
                            ("ends_on__gte", models.F("action_on")),
                        ),
                        name="campaigns_action_within_dates",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignText",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("language", models.CharField(max_length=12)),
                ("title", models.CharField(blank=True, max_length=80)),
                ("lead", models.CharField(blank=True, max_length=240)),
                ("about", models.TextField(blank=True, max_length=5000)),
                ("host_call", models.CharField(blank=True, max_length=200)),
                ("outcome", models.TextField(blank=True, max_length=2000)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "language"), name="campaigns_text_once_per_language"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Kit",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("created_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kits",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "version"), name="campaigns_kit_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("logo", "Logo"), ("picture", "Picture")], max_length=8
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=12)),
                ("description", models.CharField(max_length=200)),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("content", models.BinaryField()),
                ("digest", models.CharField(max_length=16)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "kind", "language"), name="campaigns_picture_once"
                    )
                ],
            },
        ),
    ]
