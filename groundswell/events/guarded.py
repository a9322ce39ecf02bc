"""Tables of what waits for a second look: held sign-ups and events, and what visitors report.

They belong to ``models.py``, which imports them; they stand apart because they go together.
"""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, SENSITIVE, Retention


class Held(models.Model):
    """A sign-up or an event in quarantine: it takes no seat and stands in no number.

    A sign-up leaves it when its owner opens the link in our mail, or when an organiser lets it in.
    What is deleted can be taken back for a day; what nobody confirms goes after a week.
    """

    id = IdColumn()
    event = models.ForeignKey("events.Event", models.CASCADE, related_name="held")
    rsvp = models.OneToOneField(
        "events.Rsvp", models.CASCADE, null=True, related_name="held"
    )  # none: the event itself is held
    because = models.CharField(max_length=12)  # accounts.doubts.Doubt
    wants_campaign_mail = models.BooleanField(default=False)  # agreed to; given when let in
    held_at = models.DateTimeField(db_index=True)
    deleted_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=models.Q(rsvp=None), name="events_held_event_once"
            )
        ]

    class Privacy:
        id = INTERNAL
        event = PERSONAL
        rsvp = PERSONAL
        because = INTERNAL
        wants_campaign_mail = PERSONAL
        held_at = PERSONAL
        deleted_at = INTERNAL
        retention = Retention(days=7, after="held_at", by="tidy the quarantine")

    def __str__(self) -> str:
        return f"held {self.id}: {self.because}"


class Concern(models.Model):
    """Somebody says that something is wrong with an event. We do not know who, and keep no trace.

    ``is_counted``: the first of its network that day; three of those pause the host's messages.
    """

    class Kind(models.TextChoices):
        FALSE = "false"  # the event or its host is not what it says
        DANGER = "danger"  # somebody could come to harm
        HATE = "hate"  # words against people
        MESSAGES = "messages"  # what the host writes to people
        OTHER = "other"

    id = IdColumn()
    event = models.ForeignKey("events.Event", models.CASCADE, related_name="concerns")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words_sealed = SealedColumn()
    is_counted = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["event"],
                name="events_concern_open",
                condition=models.Q(settled_at__isnull=True),
            )
        ]

    class Privacy:
        id = INTERNAL
        event = INTERNAL
        kind = INTERNAL
        words_sealed = SENSITIVE
        is_counted = INTERNAL
        created_at = INTERNAL
        settled_at = INTERNAL
        retention = Retention(days=90, after="created_at", by="tidy the quarantine")

    def __str__(self) -> str:
        return f"concern {self.id}: {self.kind}"


class Pause(models.Model):
    """The messages of an event's host wait until an organiser has looked."""

    event = models.OneToOneField(
        "events.Event", models.CASCADE, primary_key=True, related_name="pause"
    )
    paused_at = models.DateTimeField()

    class Privacy:
        event = INTERNAL
        paused_at = INTERNAL

    def __str__(self) -> str:
        return f"pause of {self.event_id}"
