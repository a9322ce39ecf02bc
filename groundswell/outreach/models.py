"""The outbox, the plan of reminders, the mails that a demonstration shows, and the blind relay."""

from __future__ import annotations

from django.db import models

from groundswell.events.models import Event
from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, SECRET, SENSITIVE, Retention
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


class Conversation(models.Model):
    """Two people who write to each other through us about one event, neither seeing an address.

    The *holder* holds the event; the *person* signed up for it. Their aliases die 14 days after the
    event; the row itself goes 30 days after it, or 90 when it was reported.
    """

    class State(models.TextChoices):
        OPEN = "open"
        PAUSED = "paused"  # somebody reported it; the office looks
        CLOSED = "closed"  # the office ended it for good

    class Side(models.TextChoices):
        HOLDER = "holder"
        PERSON = "person"

    id = IdColumn()
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    holder = models.ForeignKey(Person, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    reported_by = models.CharField(max_length=8, choices=Side.choices, blank=True)
    reported_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    last_line_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "holder", "person"], name="outreach_conversation_once"
            )
        ]
        indexes = [
            models.Index(fields=["event", "-last_line_at"], name="outreach_talk_of_event"),
            models.Index(
                fields=["reported_at"],
                name="outreach_talk_paused",
                condition=models.Q(state="paused"),
            ),
        ]

    class Privacy:
        id = INTERNAL
        event = PERSONAL
        holder = PERSONAL
        person = PERSONAL
        state = INTERNAL
        reported_by = PERSONAL
        reported_at = PERSONAL
        created_at = PERSONAL
        last_line_at = PERSONAL
        retention = Retention(days=30, after="the event's end", by="tidy the relay")

    def __str__(self) -> str:
        return f"conversation {self.id}"


class Alias(models.Model):
    """A random address of one conversation, for one of its two people to write to.

    Found by its hash; the sealed copy goes into the next mail of the same conversation.
    """

    id = IdColumn()
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="aliases")
    writer = models.CharField(max_length=8, choices=Conversation.Side.choices)
    local_hash = models.BinaryField(max_length=32, unique=True)
    local_sealed = SealedColumn()  # under the key of the person who may write to it

    class Meta:
        indexes = [models.Index(fields=["conversation", "writer"], name="outreach_alias_side")]

    class Privacy:
        id = INTERNAL
        conversation = PERSONAL
        writer = PERSONAL
        local_hash = SECRET
        local_sealed = SECRET
        retention = Retention(with_="conversation")

    def __str__(self) -> str:
        return f"alias {self.id}"


class Line(models.Model):
    """What one of two people wrote: our plain text of it, never the mail it came in."""

    class State(models.TextChoices):
        PASSED = "passed"
        HELD = "held"  # the office decides
        DROPPED = "dropped"  # the office decided not to pass it on

    id = IdColumn()
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="lines")
    writer = models.CharField(max_length=8, choices=Conversation.Side.choices)
    body_sealed = SealedColumn()  # under the writer's key
    state = models.CharField(max_length=8, choices=State.choices, default=State.PASSED)
    held_for = models.CharField(max_length=16, blank=True)  # a code of operations/conversations.py
    has_lost = models.BooleanField(default=False)  # attachments or pictures were left out
    came_by = models.BinaryField(max_length=32, unique=True, null=True)  # hash of a Message-ID
    written_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "written_at"], name="outreach_line_in_turn"),
            models.Index(fields=["written_at"], name="outreach_line_old"),
            models.Index(
                fields=["conversation"],
                name="outreach_line_held",
                condition=models.Q(state="held"),
            ),
        ]

    class Privacy:
        id = INTERNAL
        conversation = PERSONAL
        writer = PERSONAL
        body_sealed = SENSITIVE
        state = INTERNAL
        held_for = INTERNAL
        has_lost = INTERNAL
        came_by = INTERNAL
        written_at = PERSONAL
        retention = Retention(days=90, after="written_at", by="tidy the relay")

    def __str__(self) -> str:
        return f"line {self.id}"


class Silence(models.Model):
    """Somebody wants no more words through us from one person, or (no ``writer``) from anybody."""

    id = IdColumn()
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    writer = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "writer"], name="outreach_silence_once"),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(writer=None),
                name="outreach_silence_of_all_once",
            ),
        ]

    class Privacy:
        id = INTERNAL
        person = PERSONAL
        writer = PERSONAL
        since = PERSONAL
        retention = Retention(until="the person takes it back")

    def __str__(self) -> str:
        return f"silence {self.id}"


class Inbound(models.Model):
    """A mail that came to an alias: stored before it is answered, worked on by a job.

    Its bytes are blanked as soon as there is a verdict.
    """

    id = IdColumn()
    way = models.CharField(max_length=12)  # "smtp", "raw", or the provider
    key = models.BinaryField(max_length=32, unique=True)  # hash of way, event id and alias
    local_hash = models.BinaryField(max_length=32)
    mail_sealed = SealedColumn()  # JSON: envelope sender and the raw mail; house key
    verdict = models.CharField(max_length=16, blank=True)
    received_at = models.DateTimeField(db_index=True)
    done_at = models.DateTimeField(null=True)

    class Privacy:
        id = INTERNAL
        way = INTERNAL
        key = INTERNAL
        local_hash = SECRET
        mail_sealed = SENSITIVE
        verdict = INTERNAL
        received_at = PERSONAL
        done_at = INTERNAL
        retention = Retention(days=14, after="received_at", by="tidy the relay")

    def __str__(self) -> str:
        return f"inbound {self.id}"


class PassedOn(models.Model):
    """A mail to a stand-in address of an export, on its way to the person it stands for."""

    id = IdColumn()
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    export_id = models.BigIntegerField()
    words_sealed = SealedColumn()  # JSON: subject and body, under the person's key
    came_at = models.DateTimeField(db_index=True)

    class Privacy:
        id = INTERNAL
        person = PERSONAL
        export_id = INTERNAL
        words_sealed = SENSITIVE
        came_at = PERSONAL
        retention = Retention(days=14, after="came_at", by="tidy the relay")

    def __str__(self) -> str:
        return f"passed on {self.id}"
