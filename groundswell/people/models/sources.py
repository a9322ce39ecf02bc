"""Where people come from: source codes, every touch of a person with one, and what it cost."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, Retention


class SourceCode(models.Model):
    """A code that stands in links (``?source=``), on posters and in files: one way people come."""

    class Channel(models.TextChoices):
        EMAIL = "email"
        TEXT = "text"
        SOCIAL = "social"
        AD = "ad"
        PAPER = "paper"
        EVENT = "event"
        PARTNER = "partner"
        PERSON = "person"
        WEBSITE = "website"
        IMPORT = "import"
        OTHER = "other"

    id = IdColumn()
    code = models.CharField(max_length=40, unique=True)  # lower case, [a-z0-9._-]
    name = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.OTHER)
    # A code that came in with a link and that nobody has named yet.
    is_found = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Privacy:
        id = INTERNAL
        code = INTERNAL
        name = INTERNAL
        channel = INTERNAL
        is_found = INTERNAL
        created_at = INTERNAL

    def __str__(self) -> str:
        return self.code


class Touch(models.Model):
    """A person did something, and came to it by a source. The first is never overwritten:
    ``Person.first_source`` and ``Person.last_source`` are the two ends of these rows."""

    class What(models.TextChoices):
        RSVP = "rsvp"
        HOST = "host"
        FORM = "form"
        LEAD = "lead"  # an ad service's own form
        IMPORT = "import"

    id = IdColumn()
    # Each of the three begins an index of its own (Meta).
    person = models.ForeignKey(
        "people.Person", models.CASCADE, db_index=False, related_name="touches"
    )
    source = models.ForeignKey(
        SourceCode, models.CASCADE, null=True, db_index=False, related_name="touches"
    )
    referrer = models.ForeignKey(
        "people.Person",
        models.SET_NULL,
        null=True,
        db_index=False,
        related_name="touches_referred",
    )
    what = models.CharField(max_length=8, choices=What.choices)
    about_id = models.BigIntegerField(null=True)  # the campaign, the form or the import
    # The five of a link, as they were: utm_source, utm_medium, utm_campaign, utm_term, utm_content
    utm = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["person", "at"], name="people_touch_in_order"),
            models.Index(fields=["source", "person"], name="people_touch_source"),
            models.Index(
                fields=["referrer"],
                name="people_touch_referrer",
                condition=models.Q(referrer__isnull=False),
            ),
        ]

    class Privacy:
        id = INTERNAL
        person = PERSONAL
        source = PERSONAL
        referrer = PERSONAL
        what = PERSONAL
        about_id = PERSONAL
        utm = PERSONAL
        at = PERSONAL
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"touch {self.id}"


class Spend(models.Model):
    """What a source cost over some days, in the minor unit of its currency."""

    id = IdColumn()
    source = models.ForeignKey(SourceCode, models.CASCADE, related_name="spends")
    from_on = models.DateField()
    to_on = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "from_on", "to_on", "currency"], name="people_spend_once"
            ),
            models.CheckConstraint(
                condition=models.Q(to_on__gte=models.F("from_on")), name="people_spend_in_order"
            ),
        ]

    class Privacy:
        id = INTERNAL
        source = INTERNAL
        from_on = INTERNAL
        to_on = INTERNAL
        amount_minor = INTERNAL
        currency = INTERNAL
        at = INTERNAL

    def __str__(self) -> str:
        return f"spend {self.id}"
