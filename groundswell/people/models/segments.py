"""Saved questions about people, every version of them."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, Retention


class Segment(models.Model):
    """A question about people with a name. ``rows`` are those of the newest version.

    It holds no people: who fits is asked anew each time, by whoever looks and as far as they see.
    """

    id = IdColumn()
    name = models.CharField(max_length=120)
    folder = models.CharField(max_length=60, blank=True)
    rows = models.JSONField()  # people/segments/reading.py
    version = models.PositiveIntegerField(default=1)
    account_id = models.BigIntegerField()  # whose it is
    is_shared = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["folder", "name"], name="people_segment_shelf")]

    class Privacy:
        id = INTERNAL
        name = INTERNAL
        folder = INTERNAL
        rows = INTERNAL
        version = INTERNAL
        account_id = PERSONAL
        is_shared = INTERNAL
        created_at = INTERNAL
        changed_at = INTERNAL
        deleted_at = INTERNAL
        retention = Retention(days=30, after="deleted_at", by="tidy segments")

    def __str__(self) -> str:
        return f"segment {self.id}"


class SegmentVersion(models.Model):
    """The rows of a segment as they stood from ``at`` on."""

    id = IdColumn()
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    rows = models.JSONField()
    account_id = models.BigIntegerField()  # who changed it
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "number"], name="people_segment_version_once"
            )
        ]

    class Privacy:
        id = INTERNAL
        segment = INTERNAL
        number = INTERNAL
        rows = INTERNAL
        account_id = PERSONAL
        at = INTERNAL
        retention = Retention(with_="segment")

    def __str__(self) -> str:
        return f"version {self.number} of segment {self.segment_id}"
