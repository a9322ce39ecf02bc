"""Campaigns, their words per language, pictures, and versioned kits."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn
from groundswell.kernel.privacy import INTERNAL, PUBLIC


class Campaign(models.Model):
    """What we do together: a goal, days, countries, languages, a look."""

    class State(models.TextChoices):
        DRAFT = "draft"
        LIVE = "live"
        CLOSED = "closed"  # closed by hand; a campaign past its last day is over by itself

    id = IdColumn()
    slug = models.SlugField(max_length=60, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    organisation = models.CharField(max_length=80)
    goal_events = models.PositiveIntegerField(default=0)
    goal_people = models.PositiveIntegerField(default=0)
    countries = models.JSONField(default=list)  # ISO 3166 codes; empty means everywhere
    languages = models.JSONField(default=list)  # the first one is the fall-back
    action_on = models.DateField()  # the day itself
    starts_on = models.DateField()  # first and last day on which events may be held
    ends_on = models.DateField()
    poster_colour = models.CharField(max_length=7, default="#0E3A3B")
    call_colour = models.CharField(max_length=7, default="#FFB81C")
    is_synthetic = models.BooleanField(default=False)
    scale = models.FloatField(default=1)  # a replay's factor between counted and invented people
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("action_on"))
                & models.Q(ends_on__gte=models.F("action_on")),
                name="campaigns_action_within_dates",
            )
        ]

    class Privacy:
        id = INTERNAL
        slug = PUBLIC
        state = PUBLIC
        organisation = PUBLIC
        goal_events = PUBLIC
        goal_people = PUBLIC
        countries = PUBLIC
        languages = PUBLIC
        action_on = PUBLIC
        starts_on = PUBLIC
        ends_on = PUBLIC
        poster_colour = PUBLIC
        call_colour = PUBLIC
        is_synthetic = PUBLIC
        scale = PUBLIC
        created_at = INTERNAL
        published_at = PUBLIC

    def __str__(self) -> str:
        return self.slug

    @property
    def fallback_language(self) -> str:
        return self.languages[0] if self.languages else "en"

    @property
    def stands_for(self) -> float:
        """How many counted people each invented person of a replay stands for."""
        return round(1 / self.scale, 0 if self.scale < 0.1 else 1)


class CampaignText(models.Model):
    """The campaign's words in one language; an empty field falls back to the first language."""

    id = IdColumn()
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=80, blank=True)
    lead = models.CharField(max_length=240, blank=True)
    about = models.TextField(max_length=5000, blank=True)  # Markdown
    host_call = models.CharField(max_length=200, blank=True)
    outcome = models.TextField(max_length=2000, blank=True)  # "what came of it", once over

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "language"], name="campaigns_text_once_per_language"
            )
        ]

    class Privacy:
        id = INTERNAL
        campaign = PUBLIC
        language = PUBLIC
        title = PUBLIC
        lead = PUBLIC
        about = PUBLIC
        host_call = PUBLIC
        outcome = PUBLIC

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.language}"


class Picture(models.Model):
    """A logo or a picture, decoded and encoded again by us, so nothing hides in it."""

    class Kind(models.TextChoices):
        LOGO = "logo"
        PICTURE = "picture"

    id = IdColumn()
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="pictures")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    language = models.CharField(max_length=12, blank=True)  # "" serves every language
    description = models.CharField(max_length=200)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    content = models.BinaryField()  # WebP
    digest = models.CharField(max_length=16)  # in the address, so it can be cached for ever

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "kind", "language"], name="campaigns_picture_once"
            )
        ]

    class Privacy:
        id = INTERNAL
        campaign = PUBLIC
        kind = PUBLIC
        language = PUBLIC
        description = PUBLIC
        width = PUBLIC
        height = PUBLIC
        content = PUBLIC
        digest = PUBLIC

    def __str__(self) -> str:
        return f"{self.kind} of {self.campaign_id}"


class Kit(models.Model):
    """One version of what a host receives. A published version never changes (kit.py: shape)."""

    id = IdColumn()
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="kits")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "version"], name="campaigns_kit_version")
        ]

    class Privacy:
        id = INTERNAL
        campaign = PUBLIC
        version = PUBLIC
        content = PUBLIC
        created_at = INTERNAL

    def __str__(self) -> str:
        return f"kit {self.version} of {self.campaign_id}"


class KitDraft(models.Model):
    """The kit that organisers are writing; publishing copies it into the next version."""

    campaign = models.OneToOneField(
        Campaign, models.CASCADE, primary_key=True, related_name="kit_draft"
    )
    content = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Privacy:
        campaign = INTERNAL
        content = INTERNAL
        changed_at = INTERNAL

    def __str__(self) -> str:
        return f"kit draft of {self.campaign_id}"
