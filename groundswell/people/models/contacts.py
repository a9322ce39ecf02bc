"""E-mail addresses and phone numbers, and the keyed lists of who must not be contacted."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, SENSITIVE, Retention


class Contact(models.Model):
    """One e-mail address or phone number."""

    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"

    id = IdColumn()
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="contacts")
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
    person = models.OneToOneField("people.Person", models.CASCADE, related_name="new_address")
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
