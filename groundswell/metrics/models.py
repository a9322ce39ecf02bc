"""Counts that the worker keeps ready, so that a dashboard reads few rows however much happened."""

from __future__ import annotations

from django.db import models

from groundswell.events.models import Event
from groundswell.kernel.columns import IdColumn
from groundswell.kernel.privacy import INTERNAL


class DayCount(models.Model):
    """How often something happened in a campaign on one UTC day. It outlives its facts.

    Folded from the ledger (metrics/operations.py); ``measure`` is one of ``Measure``.
    """

    class Measure(models.TextChoices):
        SIGN_UPS = "sign_ups"
        NEW_PEOPLE = "new_people"
        EVENTS = "events"
        CONFIRMED = "confirmed"
        CHECKED_IN = "checked_in"

    id = IdColumn()
    campaign_id = models.BigIntegerField()
    day = models.DateField()
    measure = models.CharField(max_length=12, choices=Measure.choices)
    count = models.IntegerField(default=0)  # a tick taken back counts -1, maybe on another day

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_id", "measure", "day"], name="metrics_day_count_once"
            )
        ]

    class Privacy:
        id = INTERNAL
        campaign_id = INTERNAL
        day = INTERNAL
        measure = INTERNAL
        count = INTERNAL

    def __str__(self) -> str:
        return f"{self.measure} {self.day}"


class EventCount(models.Model):
    """The heads of one event, counted again whenever something happened there."""

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="+")
    is_stale = models.BooleanField(default=True)  # something happened since it was counted
    sign_ups = models.PositiveIntegerField(default=0)  # that stand: going or waiting
    first_timers = models.PositiveIntegerField(default=0)  # of those
    going = models.PositiveIntegerField(default=0)  # people, the parties included
    proven = models.PositiveIntegerField(default=0)  # people, the parties included
    confirmed = models.PositiveIntegerField(default=0)
    checked_in = models.PositiveIntegerField(default=0)
    came = models.PositiveIntegerField(default=0)  # ticked in, or said so themselves

    class Meta:
        indexes = [
            models.Index(
                fields=["is_stale"],
                name="metrics_event_stale",
                condition=models.Q(is_stale=True),
            )
        ]

    class Privacy:
        event = INTERNAL
        is_stale = INTERNAL
        sign_ups = INTERNAL
        first_timers = INTERNAL
        going = INTERNAL
        proven = INTERNAL
        confirmed = INTERNAL
        checked_in = INTERNAL
        came = INTERNAL

    def __str__(self) -> str:
        return f"counts of {self.event_id}"


class FoldMark(models.Model):
    """How far the ledger is folded: the place in its chain (one row, id 1).

    The chain gives every entry its place after the commit, one after the other, so nothing is
    passed over and nothing is counted twice.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    place = models.BigIntegerField(default=0)

    class Privacy:
        id = INTERNAL
        place = INTERNAL

    def __str__(self) -> str:
        return f"folded up to {self.place}"
