"""The consent ledger, and what people can ask to hear about."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, PUBLIC, Retention


class Consent(models.Model):
    """One line of the consent ledger; the newest line for (person, channel, purpose, about) holds.

    Written only by ``people.operations.consents``; never edited.
    """

    class Purpose(models.TextChoices):
        EVENT = "event"  # messages about one event: confirmation, reminders, changes
        CAMPAIGN = "campaign"  # news and invitations of one campaign
        HOSTING = "hosting"  # messages a host needs to hold the event
        NEWS = "news"  # news of this organisation; ``about_id`` is a topic, 0 for all of them

    class Channel(models.TextChoices):
        EMAIL = "email"
        TEXT = "text"

    id = IdColumn()
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    about_id = models.BigIntegerField()  # the event's, the campaign's or the topic's id
    is_given = models.BooleanField()
    # The newest line of its kind: kept beside the ledger so that a question over everybody is
    # one index; the ledger alone decides what may be sent.
    is_current = models.BooleanField(default=True, db_default=True)
    # Given, and it counts once the address is proven: the law of the person's country.
    needs_proof = models.BooleanField(default=False, db_default=False)
    organisation = models.CharField(
        max_length=120, blank=True, default="", db_default=""
    )  # "": this one
    wording = models.CharField(max_length=40)  # people/wordings.py: what the person read
    source = models.CharField(max_length=40)  # where: "public.rsvp", "public.host", "replay"
    # What shows it later: "link", "import:<id>:<row>", "form:<id>", "paper", "word".
    proof = models.CharField(max_length=60, blank=True, default="", db_default="")
    at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "purpose", "about_id", "-at"], name="people_consent_now"
            ),
            models.Index(
                fields=["purpose", "channel", "about_id", "person"],
                name="people_consent_given",
                condition=models.Q(is_current=True, is_given=True),
            ),
            models.Index(
                fields=["expires_at"],
                name="people_consent_end",
                condition=models.Q(expires_at__isnull=False),
            ),
        ]

    class Privacy:
        id = INTERNAL
        person = PERSONAL
        channel = PERSONAL
        purpose = PERSONAL
        about_id = PERSONAL
        is_given = PERSONAL
        is_current = PERSONAL
        needs_proof = PERSONAL
        organisation = PERSONAL
        wording = PERSONAL
        source = PERSONAL
        proof = PERSONAL
        at = PERSONAL
        expires_at = PERSONAL
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"consent {self.id}"


class Topic(models.Model):
    """Something people can ask to hear about. Its id is the ``about_id`` of consents to news."""

    id = IdColumn()
    key = models.SlugField(max_length=40, unique=True)
    names = models.JSONField()  # {"en": "Climate and jobs"}
    is_closed = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()

    class Privacy:
        id = PUBLIC
        key = PUBLIC
        names = PUBLIC
        is_closed = INTERNAL
        position = INTERNAL
        created_at = INTERNAL

    def __str__(self) -> str:
        return self.key
