"""Entries, their digests, and jobs."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, Retention


class Entry(models.Model):
    """One recorded fact. Ids only. Each fact says how long its row is kept (``keep_until``)."""

    id = IdColumn()
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    campaign_id = models.BigIntegerField(null=True)
    event_id = models.BigIntegerField(null=True)
    rest = models.JSONField(default=dict)
    keep_until = models.DateField()

    class Meta:
        indexes = [
            models.Index(
                fields=["person_id", "at"],
                name="ledger_entry_person",
                condition=models.Q(person_id__isnull=False),
            ),
            models.Index(
                fields=["event_id", "at"],
                name="ledger_entry_event",
                condition=models.Q(event_id__isnull=False),
            ),
            models.Index(fields=["keep_until"], name="ledger_entry_keep"),
        ]

    class Privacy:
        id = INTERNAL
        kind = PERSONAL
        at = PERSONAL
        actor_kind = INTERNAL
        actor_id = PERSONAL
        person_id = PERSONAL
        campaign_id = PERSONAL
        event_id = PERSONAL
        rest = PERSONAL
        keep_until = INTERNAL
        retention = Retention(days=0, after="keep_until", by="tidy the ledger")

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Digest(models.Model):
    """One link of the chain per entry. It outlives its entry, with the reason of the removal."""

    place = models.BigAutoField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    digest = models.BinaryField(max_length=32)
    removed_because = models.CharField(max_length=20, blank=True)
    removed_by = models.BigIntegerField(null=True)  # the entry that records the removal

    class Meta:
        indexes = [
            models.Index(
                fields=["removed_by", "entry_id"],
                name="ledger_digest_removed",
                condition=models.Q(removed_by__isnull=False),
            )
        ]

    class Privacy:
        place = INTERNAL
        entry_id = INTERNAL
        digest = INTERNAL
        removed_because = INTERNAL
        removed_by = INTERNAL

    def __str__(self) -> str:
        return f"digest {self.place}"


class Job(models.Model):
    """Something still to be done: one reaction to one entry, or one task. Gone when done.

    Retention: done jobs are deleted in the commit that does them; failed ones after 30 days.
    """

    class State(models.TextChoices):
        READY = "ready"
        CLAIMED = "claimed"
        FAILED = "failed"

    id = IdColumn()
    name = models.CharField(max_length=120)
    entry_id = models.BigIntegerField(null=True)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    priority = models.SmallIntegerField(default=0)
    run_after = models.DateTimeField()
    lease_token = models.BigIntegerField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    dedupe_key = models.CharField(max_length=120, null=True, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["-priority", "run_after"],
                name="ledger_job_open",
                condition=~models.Q(state="failed"),
            )
        ]

    class Privacy:
        id = INTERNAL
        name = INTERNAL
        entry_id = INTERNAL
        args = INTERNAL
        state = INTERNAL
        priority = INTERNAL
        run_after = INTERNAL
        lease_token = INTERNAL
        lease_until = INTERNAL
        attempts = INTERNAL
        error = INTERNAL
        dedupe_key = INTERNAL
        created_at = INTERNAL

    def __str__(self) -> str:
        return f"{self.name} {self.id}"


class ScheduleMark(models.Model):
    """When a schedule line of ``config/wiring.py`` is next due; any number of workers may look."""

    name = models.CharField(max_length=80, primary_key=True)
    next_at = models.DateTimeField()

    class Privacy:
        name = INTERNAL
        next_at = INTERNAL

    def __str__(self) -> str:
        return self.name


class Bookmark(models.Model):
    """How far a long piece of work has come, kept in the commit of the work itself.

    Retention: with the installation; it holds counts and ids of campaigns, nothing of a person.
    """

    name = models.CharField(max_length=80, primary_key=True)
    place = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Privacy:
        name = INTERNAL
        place = INTERNAL
        changed_at = INTERNAL

    def __str__(self) -> str:
        return self.name
