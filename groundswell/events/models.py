"""Events, seats, RSVPs, host drafts, host messages, ticks and reports."""

from __future__ import annotations

from django.db import models

from groundswell.campaigns.models import Campaign
from groundswell.events.guarded import Concern, Held, Pause
from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, PUBLIC, SENSITIVE, Retention
from groundswell.people.models import Person

__all__ = [
    "Concern", "Event", "Held", "HostDraft", "HostMessage", "Pause", "Report", "Rsvp", "Seats",
    "Tick",
]  # fmt: skip


class Event(models.Model):
    """One local gathering. Wall time and zone are what people agreed on; UTC is derived.

    The host and the sealed place are cut off 90 days after the end; the rest is public and stays.
    """

    class State(models.TextChoices):
        UNPROVEN = "unproven"  # published by the host, the mail's link not opened yet
        WAITING = "waiting"  # live at its own link, waits for review
        ASKED = "asked"  # an organiser asked the host something
        LISTED = "listed"  # on the map
        DECLINED = "declined"
        CANCELLED = "cancelled"
        LAPSED = "lapsed"  # never proven within 24 hours
        HELD = "held"  # in quarantine: no page, no sign-ups

    class Publicity(models.TextChoices):
        EVERYONE = "everyone"  # the place is public
        GOING = "going"  # only people who are going learn the exact place
        ONLINE = "online"

    id = IdColumn()
    slug = models.CharField(max_length=12, unique=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="events")
    host = models.ForeignKey(Person, models.PROTECT, null=True, related_name="hosted_events")
    state = models.CharField(max_length=10, choices=State.choices, default=State.UNPROVEN)
    kind = models.CharField(max_length=40)  # key of an event type in the campaign's kit
    title = models.CharField(max_length=120)
    description = models.TextField(max_length=2000, blank=True)
    language = models.CharField(max_length=12)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    starts_wall = models.CharField(max_length=16)  # "2026-12-05T11:00", in ``zone``
    ends_wall = models.CharField(max_length=16)
    zone = models.CharField(max_length=64)
    is_flexible = models.BooleanField(default=False)
    publicity = models.CharField(
        max_length=10, choices=Publicity.choices, default=Publicity.EVERYONE
    )
    venue = models.CharField(max_length=160, blank=True)  # only when the place is public
    venue_sealed = SealedColumn()  # exact place of a private event, or the online link
    town = models.CharField(max_length=120)
    country = models.CharField(max_length=2, blank=True)
    latitude = models.FloatField()  # the point on the map: displaced for private places
    longitude = models.FloatField()
    is_step_free = models.BooleanField(default=False)
    has_hearing_loop = models.BooleanField(default=False)
    is_for_children = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(default=0)  # RFC 5545 SEQUENCE
    words = models.CharField(max_length=1000, blank=True)  # the host's, on a change or cancelling
    review_words = models.CharField(max_length=1000, blank=True)  # the organiser's, to the host
    is_synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    listed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    kit_opened_at = models.DateTimeField(null=True)
    people_cut_at = models.DateTimeField(null=True)  # 30 days after: nobody can be told from it
    host_cut_at = models.DateTimeField(null=True)  # 90 days after: nor who held it

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="events_event_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__gte=-90, latitude__lte=90)
                & models.Q(longitude__gte=-180, longitude__lte=180),
                name="events_event_point_on_earth",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "state", "starts_at"], name="events_event_campaign"),
            models.Index(fields=["latitude", "longitude"], name="events_event_point"),
            models.Index(fields=["ends_at"], name="events_event_end"),
        ]

    class Privacy:
        id = INTERNAL
        slug = PUBLIC
        campaign = PUBLIC
        host = PERSONAL
        state = INTERNAL
        kind = PUBLIC
        title = PUBLIC
        description = PUBLIC
        language = PUBLIC
        starts_at = PUBLIC
        ends_at = PUBLIC
        starts_wall = PUBLIC
        ends_wall = PUBLIC
        zone = PUBLIC
        is_flexible = PUBLIC
        publicity = PUBLIC
        venue = PUBLIC
        venue_sealed = SENSITIVE
        town = PUBLIC
        country = PUBLIC
        latitude = PUBLIC
        longitude = PUBLIC
        is_step_free = PUBLIC
        has_hearing_loop = PUBLIC
        is_for_children = PUBLIC
        sequence = PUBLIC
        words = PUBLIC
        review_words = INTERNAL
        is_synthetic = INTERNAL
        created_at = INTERNAL
        listed_at = INTERNAL
        changed_at = INTERNAL
        kit_opened_at = INTERNAL
        people_cut_at = INTERNAL
        host_cut_at = INTERNAL
        retention = Retention(days=90, after="ends_at", by="forget after events")

    def __str__(self) -> str:
        return self.slug


class Seats(models.Model):
    """The seats of one event: a unique row and one guarded counter (DESIGN section 9)."""

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="seats")
    capacity = models.PositiveIntegerField(null=True)  # none: as many as come
    taken = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(capacity=None) | models.Q(taken__lte=models.F("capacity")),
                name="events_seats_never_oversold",
            )
        ]

    class Privacy:
        event = INTERNAL
        capacity = PUBLIC
        taken = PUBLIC
        waiting = PUBLIC

    def __str__(self) -> str:
        return f"seats of {self.event_id}"


class Rsvp(models.Model):
    """One person and whoever they bring, for one event.

    The person is cut off 30 days after the event; the counts stay.
    """

    class State(models.TextChoices):
        GOING = "going"
        WAITING = "waiting"
        CANCELLED = "cancelled"
        LAPSED = "lapsed"  # an unproven seat that was given back
        HELD = "held"  # in quarantine: no seat, in no number

    id = IdColumn()
    event = models.ForeignKey(Event, models.CASCADE, related_name="rsvps")
    campaign_id = models.BigIntegerField()
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="rsvps")
    state = models.CharField(max_length=10, choices=State.choices)
    party = models.PositiveSmallIntegerField(default=1)
    is_proven = models.BooleanField(default=False)
    hold_until = models.DateTimeField(null=True)  # an unproven seat of a nearly full event
    wants_reminder = models.BooleanField(default=True)
    can_help = models.BooleanField(default=False)
    is_first = models.BooleanField(default=False)  # the person's first RSVP with us
    name_sealed = SealedColumn()  # as typed here; it changes nothing about the person
    phone_sealed = SealedColumn()  # waits here until the mail's link is opened
    language = models.CharField(max_length=12)
    source = models.CharField(max_length=40, blank=True)
    utm = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_on = models.DateField()  # the UTC day, for the wave of sign-ups
    confirmed_at = models.DateTimeField(null=True)  # "I am coming", the day before
    checked_in_at = models.DateTimeField(null=True)
    came = models.BooleanField(null=True)  # by check-in, or by their own word

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "person"], name="events_rsvp_once"),
            models.CheckConstraint(
                condition=models.Q(party__gte=1, party__lte=5), name="events_rsvp_party_1_to_5"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="cancelled", checked_in_at__isnull=False),
                name="events_rsvp_not_cancelled_and_there",
            ),
        ]
        indexes = [
            models.Index(fields=["event", "state", "created_at"], name="events_rsvp_event_state"),
            models.Index(fields=["campaign_id", "created_on"], name="events_rsvp_campaign_day"),
            models.Index(
                fields=["hold_until"],
                name="events_rsvp_hold",
                condition=models.Q(hold_until__isnull=False),
            ),
        ]

    class Privacy:
        id = INTERNAL
        event = PERSONAL
        campaign_id = INTERNAL
        person = PERSONAL
        state = PERSONAL
        party = PERSONAL
        is_proven = PERSONAL
        hold_until = INTERNAL
        wants_reminder = PERSONAL
        can_help = PERSONAL
        is_first = PERSONAL
        name_sealed = SENSITIVE
        phone_sealed = SENSITIVE
        language = PERSONAL
        source = INTERNAL
        utm = INTERNAL
        created_at = PERSONAL
        created_on = PERSONAL
        confirmed_at = PERSONAL
        checked_in_at = PERSONAL
        came = PERSONAL
        retention = Retention(days=30, after="the event's end", by="forget after events")

    def __str__(self) -> str:
        return f"rsvp {self.id}"


class HostDraft(models.Model):
    """A host's answers so far, saved at every step."""

    id = IdColumn()
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="host_drafts")
    answers_sealed = SealedColumn()
    event_id = models.BigIntegerField(null=True)  # once published, pressing again leads there
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Privacy:
        id = INTERNAL
        campaign = INTERNAL
        answers_sealed = SENSITIVE
        event_id = INTERNAL
        created_at = INTERNAL
        changed_at = INTERNAL
        retention = Retention(days=14, after="changed_at", by="tidy hosting")

    def __str__(self) -> str:
        return f"host draft {self.id}"


class HostMessage(models.Model):
    """A message of a host to everybody who is going."""

    id = IdColumn()
    event = models.ForeignKey(Event, models.CASCADE, related_name="host_messages")
    body_sealed = SealedColumn()
    recipient_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Privacy:
        id = INTERNAL
        event = INTERNAL
        body_sealed = SENSITIVE
        recipient_count = INTERNAL
        created_at = INTERNAL
        retention = Retention(days=90, after="created_at", by="forget after events")

    def __str__(self) -> str:
        return f"host message {self.id}"


class Tick(models.Model):
    """A line of the host's checklist that is done."""

    id = IdColumn()
    event = models.ForeignKey(Event, models.CASCADE, related_name="ticks")
    key = models.CharField(max_length=40)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "key"], name="events_tick_once")]

    class Privacy:
        id = INTERNAL
        event = INTERNAL
        key = INTERNAL
        done_at = INTERNAL

    def __str__(self) -> str:
        return f"tick {self.key} of {self.event_id}"


class Report(models.Model):
    """What the host tells afterwards: a low, a best and a high count, and one sentence."""

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="report")
    low_count = models.PositiveIntegerField(null=True)
    best_count = models.PositiveIntegerField()
    high_count = models.PositiveIntegerField(null=True)
    sentence = models.CharField(max_length=300, blank=True)
    filed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(low_count=None) | models.Q(low_count__lte=models.F("best_count"))
                )
                & (models.Q(high_count=None) | models.Q(high_count__gte=models.F("best_count"))),
                name="events_report_low_best_high",
            )
        ]

    class Privacy:
        event = INTERNAL
        low_count = INTERNAL
        best_count = PUBLIC
        high_count = INTERNAL
        sentence = PUBLIC
        filed_at = INTERNAL

    def __str__(self) -> str:
        return f"report of {self.event_id}"
