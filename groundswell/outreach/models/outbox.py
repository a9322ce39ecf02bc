"""The outbox, the plan of reminders, and the mails that a demonstration shows."""

from __future__ import annotations

from django.db import models

from groundswell.events.models import Event
from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, SENSITIVE, Retention
from groundswell.people.models import Person


class Message(models.Model):
    """One message to one person, from the wish to send it to what became of it (the outbox).

    Ids and codes only: the address, the words and the tokens of its links are put together at the
    gate and are never stored here.
    """

    class State(models.TextChoices):
        READY = "ready"
        CLAIMED = "claimed"  # a worker holds the lease; nothing has left the house
        HANDING_OVER = "handing_over"  # past the gate: it may have left the house
        SENT = "sent"
        FAILED = "failed"  # refused for good, or tried too often
        UNKNOWN = "unknown"  # it may have left; a person decides (never sent again silently)
        CANCELLED = "cancelled"  # not wanted any more

    class Channel(models.TextChoices):
        EMAIL = "email"

    id = IdColumn()
    kind = models.CharField(max_length=24)  # outreach/kinds.py
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.EMAIL)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="messages")
    account_id = models.BigIntegerField(null=True)  # sign-in and security mail
    purpose = models.CharField(max_length=10, blank=True)  # consent; "" for sign-in and security
    about_id = models.BigIntegerField(null=True)  # what the consent is about
    event_id = models.BigIntegerField(null=True)
    rsvp_id = models.BigIntegerField(null=True)
    entry_id = models.BigIntegerField(null=True)  # the ledger entry that caused it
    args = models.JSONField(default=dict)  # ids and codes, such as the start a reminder is for
    language = models.CharField(max_length=12)
    dedupe_key = models.CharField(max_length=96, unique=True)
    provider_ref = models.CharField(max_length=32, unique=True)  # random; the Message-ID
    state = models.CharField(max_length=12, choices=State.choices, default=State.READY)
    priority = models.SmallIntegerField()
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)  # times through the gate
    has_turn = models.BooleanField(default=False)  # it holds the day's turn of an unproven address
    lease_token = models.BigIntegerField(null=True)
    lease_until = models.DateTimeField(null=True)  # by the database's clock
    error = models.CharField(max_length=40, blank=True)  # a code, never a server's words
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Claiming reads these two only, so a million finished rows cost it nothing.
            models.Index(
                fields=["priority", "not_before"],
                name="outreach_message_ready",
                condition=models.Q(state="ready"),
            ),
            models.Index(
                fields=["lease_until"],
                name="outreach_message_leased",
                condition=models.Q(lease_until__isnull=False),
            ),
            models.Index(
                fields=["kind"],
                name="outreach_message_unknown",
                condition=models.Q(state="unknown"),
            ),
            models.Index(
                fields=["kind"],
                name="outreach_message_failed",
                condition=models.Q(state="failed"),
            ),
            models.Index(
                fields=["done_at"],
                name="outreach_message_done",
                condition=models.Q(done_at__isnull=False),
            ),
        ]

    class Privacy:
        id = INTERNAL
        kind = PERSONAL
        channel = INTERNAL
        person = PERSONAL
        account_id = PERSONAL
        purpose = PERSONAL
        about_id = PERSONAL
        event_id = PERSONAL
        rsvp_id = PERSONAL
        entry_id = INTERNAL
        args = INTERNAL
        language = PERSONAL
        dedupe_key = INTERNAL
        provider_ref = INTERNAL
        state = PERSONAL
        priority = INTERNAL
        not_before = INTERNAL
        expires_at = INTERNAL
        attempts = INTERNAL
        has_turn = INTERNAL
        lease_token = INTERNAL
        lease_until = INTERNAL
        error = INTERNAL
        created_at = PERSONAL
        done_at = PERSONAL
        retention = Retention(days=90, after="done_at", by="tidy the outbox")

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class ReminderPlan(models.Model):
    """When one kind of reminder goes to everybody of one event. Rewritten when the event moves."""

    id = IdColumn()
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24)
    starts_at = models.DateTimeField()  # the start of the event that it was planned for
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    fanned_at = models.DateTimeField(null=True)  # when its messages began to be written

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "kind"], name="outreach_plan_once")]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="outreach_plan_open",
                condition=models.Q(fanned_at__isnull=True),
            )
        ]

    class Privacy:
        id = INTERNAL
        event = INTERNAL
        kind = INTERNAL
        starts_at = INTERNAL
        due_at = INTERNAL
        expires_at = INTERNAL
        fanned_at = INTERNAL

    def __str__(self) -> str:
        return f"{self.kind} of {self.event_id}"


class ShownMail(models.Model):
    """A mail that stayed in the house: the outbox page of a demonstration (and of the tests)."""

    id = IdColumn()
    provider_ref = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=24)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    language = models.CharField(max_length=12)
    mail_sealed = SealedColumn()  # JSON: from, to, subject, headers, text, html, calendar
    shown_at = models.DateTimeField(db_index=True)

    class Privacy:
        id = INTERNAL
        provider_ref = INTERNAL
        kind = PERSONAL
        person = PERSONAL
        language = PERSONAL
        mail_sealed = SENSITIVE
        shown_at = PERSONAL
        retention = Retention(days=7, after="shown_at", by="tidy the outbox")

    def __str__(self) -> str:
        return f"shown {self.kind} {self.id}"
