"""Persons, contacts, consents, and the keyed list of who must never be contacted."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, SENSITIVE, Retention
from groundswell.people.models.exports import Canary, Export, ExportPart

__all__ = [
    "Block",
    "Canary",
    "Consent",
    "Contact",
    "Export",
    "ExportPart",
    "Look",
    "NameBlind",
    "NewAddress",
    "Person",
    "SearchName",
    "Suppression",
]


class Person(models.Model):
    """Somebody we know.

    ``key_id`` names the data key of everything sealed about this person (site.vault); deleting
    that key erases it, in old backups too.
    """

    id = IdColumn()
    key_id = models.BigIntegerField(unique=True)
    name_sealed = SealedColumn()  # JSON: {"given": "Amina", "family": "Khan"}
    language = models.CharField(max_length=12)
    other_languages = models.JSONField(default=list)
    country = models.CharField(max_length=2, blank=True)
    is_synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    last_active_on = models.DateField()
    # What is left of events that were 30 days ago: how often, never which. 5 means five or more.
    going_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    attended_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    has_hosted = models.BooleanField(default=False, db_default=False)
    # Nothing is left but the six fields of operations/thinning.
    is_thin = models.BooleanField(default=False, db_default=False)
    warned_on = models.DateField(null=True)  # when the notice before forgetting was written

    class Meta:
        indexes = [models.Index(fields=["last_active_on"], name="people_person_active")]

    class Privacy:
        id = INTERNAL
        key_id = INTERNAL
        name_sealed = SENSITIVE
        language = PERSONAL
        other_languages = PERSONAL
        country = PERSONAL
        is_synthetic = INTERNAL
        created_at = PERSONAL
        last_active_on = PERSONAL
        going_count = PERSONAL
        attended_count = PERSONAL
        has_hosted = PERSONAL
        is_thin = INTERNAL
        warned_on = PERSONAL
        retention = Retention(days=730, after="last_active_on", by="forget people")

    def __str__(self) -> str:
        return f"person {self.id}"


class SearchName(models.Model):
    """The folded name for search. Left out of backups; absent in high-risk installations."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True)
    folded = models.CharField(max_length=200, db_index=True)

    class Privacy:
        person = PERSONAL
        folded = SENSITIVE
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"search name of {self.person_id}"


class NameBlind(models.Model):
    """In a high-risk installation, in place of the search name: who knows the exact name finds
    the person, and nobody can list or guess their way through the table without the keys."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True)
    blind = models.BinaryField(max_length=16, db_index=True)

    class Privacy:
        person = PERSONAL
        blind = SENSITIVE
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"name blind of {self.person_id}"


class Contact(models.Model):
    """One e-mail address or phone number."""

    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"

    id = IdColumn()
    person = models.ForeignKey(Person, models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value_sealed = SealedColumn()
    blind = models.BinaryField(max_length=16)
    proven_at = models.DateTimeField(null=True)
    # An unproven address gets at most one mail in 24 hours, whatever asks for it.
    unproven_mail_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=12, blank=True)  # "bounced", "complained"
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["blind"],
                condition=models.Q(kind="email"),
                name="people_contact_one_person_per_email",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "blind"], name="people_contact_once_per_person"
            ),
        ]
        indexes = [models.Index(fields=["blind"], name="people_contact_blind")]

    class Privacy:
        id = INTERNAL
        person = PERSONAL
        kind = PERSONAL
        value_sealed = SENSITIVE
        blind = SENSITIVE
        proven_at = PERSONAL
        unproven_mail_at = PERSONAL
        problem = PERSONAL
        created_at = PERSONAL
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class NewAddress(models.Model):
    """An e-mail address somebody wants in place of theirs, until they open the mail sent to it.

    Apart from contacts, so that nobody can sit on an address that is not theirs.
    """

    id = IdColumn()
    person = models.OneToOneField(Person, models.CASCADE, related_name="new_address")
    value_sealed = SealedColumn()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Privacy:
        id = INTERNAL
        person = PERSONAL
        value_sealed = SENSITIVE
        created_at = PERSONAL
        expires_at = INTERNAL
        retention = Retention(days=0, after="expires_at", by="tidy people")

    def __str__(self) -> str:
        return f"new address {self.id}"


class Consent(models.Model):
    """One line of the consent ledger; the newest line for (person, channel, purpose, about) holds.

    Written only by ``people.operations.consents``; never edited.
    """

    class Purpose(models.TextChoices):
        EVENT = "event"  # messages about one event: confirmation, reminders, changes
        CAMPAIGN = "campaign"  # news and invitations of one campaign
        HOSTING = "hosting"  # messages a host needs to hold the event

    class Channel(models.TextChoices):
        EMAIL = "email"
        TEXT = "text"

    id = IdColumn()
    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    about_id = models.BigIntegerField()  # the event's or the campaign's id
    is_given = models.BooleanField()
    wording = models.CharField(max_length=40)  # people/wordings.py: what the person read
    source = models.CharField(max_length=40)  # where: "public.rsvp", "public.host", "replay"
    at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "purpose", "about_id", "-at"], name="people_consent_now")
        ]

    class Privacy:
        id = INTERNAL
        person = PERSONAL
        channel = PERSONAL
        purpose = PERSONAL
        about_id = PERSONAL
        is_given = PERSONAL
        wording = PERSONAL
        source = PERSONAL
        at = PERSONAL
        expires_at = PERSONAL
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"consent {self.id}"


class Suppression(models.Model):
    """A keyed hash of an address that must not be written to. It survives erasure and import."""

    id = IdColumn()
    blind = models.BinaryField(max_length=16, unique=True)
    reason = models.CharField(max_length=12)  # "asked", "bounced", "complained"
    at = models.DateTimeField()

    class Privacy:
        id = INTERNAL
        blind = SENSITIVE
        reason = PERSONAL
        at = PERSONAL
        retention = Retention(until="the person asks to be written to again")

    def __str__(self) -> str:
        return f"suppression {self.id}"


class Look(models.Model):
    """Somebody of the team saw this person's name on a day: counted, so that nobody copies the
    list page by page. Who looked is for the count only; the person reads what was opened."""

    id = IdColumn()
    account_id = models.BigIntegerField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="looks")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "on", "person"], name="people_look_once_a_day"
            )
        ]

    class Privacy:
        id = INTERNAL
        account_id = PERSONAL
        person = PERSONAL
        on = PERSONAL
        retention = Retention(days=2, after="on", by="forget looks")

    def __str__(self) -> str:
        return f"look {self.id}"


class Block(models.Model):
    """A keyed hash of an address whose owner may not sign up or hold events. It survives erasure.

    Nobody can read the address from it; unblocking needs the address, or this row.
    """

    class Reason(models.TextChoices):
        SPAM = "spam"
        THREATS = "threats"
        FALSE = "false"  # not who they say they are
        OTHER = "other"

    id = IdColumn()
    blind = models.BinaryField(max_length=16, unique=True)
    reason = models.CharField(max_length=8, choices=Reason.choices)
    by_id = models.BigIntegerField(null=True)  # the account
    at = models.DateTimeField()

    class Privacy:
        id = INTERNAL
        blind = SENSITIVE
        reason = PERSONAL
        by_id = PERSONAL
        at = PERSONAL
        retention = Retention(until="an organiser unblocks the address")

    def __str__(self) -> str:
        return f"block {self.id}"
