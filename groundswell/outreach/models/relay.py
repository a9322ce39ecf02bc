"""The blind relay: people who write to each other through us, neither seeing an address."""

from __future__ import annotations

from django.db import models

from groundswell.events.models import Event
from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, SECRET, SENSITIVE, Retention
from groundswell.people.models import Person


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
