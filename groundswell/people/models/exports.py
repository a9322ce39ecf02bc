"""Exports: who wanted to take which people out, who agreed, and what tells a leaked file."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, SECRET, SENSITIVE, Retention


class Export(models.Model):
    """A wish to take people out of the installation, from the asking to the end of its file.

    The file is never stored whole: parts of it wait under a data key of their own (``key_id``),
    which is destroyed with them.
    """

    class State(models.TextChoices):
        ASKED = "asked"  # somebody else must agree, or a day must pass
        MAKING = "making"
        READY = "ready"
        FETCHED = "fetched"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"  # by whoever asked, or because their right ended
        EXPIRED = "expired"  # nobody fetched it, or nobody decided

    id = IdColumn()
    slug = models.CharField(max_length=12, unique=True)  # stands in the file and its name
    account_id = models.BigIntegerField(db_index=True)  # who asked
    reason_sealed = SealedColumn()
    columns = models.JSONField()  # codes of people.exports.COLUMNS, in the order of the file
    wish = models.JSONField()  # people.exports.Wish
    has_addresses = models.BooleanField()  # real ones, rather than stand-ins
    writes_from = models.BinaryField(max_length=16)  # index of who may write to the stand-ins
    people_count = models.PositiveIntegerField()  # when it was asked for
    state = models.CharField(max_length=10, choices=State.choices)
    asked_at = models.DateTimeField()
    opens_at = models.DateTimeField(null=True)  # nobody else can agree: it goes on by itself
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    key_id = models.BigIntegerField(null=True)
    place = models.BigIntegerField(default=0)  # the last person who is in the parts
    row_count = models.PositiveIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # its stand-ins died early

    class Meta:
        indexes = [
            models.Index(
                fields=["state"],
                name="people_export_open",
                condition=models.Q(state__in=["asked", "making", "ready"]),
            )
        ]

    class Privacy:
        id = INTERNAL
        slug = INTERNAL
        account_id = PERSONAL
        reason_sealed = SENSITIVE
        columns = INTERNAL
        wish = INTERNAL
        has_addresses = INTERNAL
        writes_from = SENSITIVE
        people_count = INTERNAL
        state = INTERNAL
        asked_at = INTERNAL
        opens_at = INTERNAL
        decided_by_id = PERSONAL
        decided_at = INTERNAL
        key_id = INTERNAL
        place = INTERNAL
        row_count = INTERNAL
        ready_at = INTERNAL
        fetched_at = INTERNAL
        ended_at = INTERNAL
        retention = Retention(days=1095, after="asked_at", by="tidy exports")

    def __str__(self) -> str:
        return f"export {self.slug}"


class ExportPart(models.Model):
    """Up to 500 rows of a file that waits to be fetched; gone an hour after it was."""

    id = IdColumn()
    export = models.ForeignKey(Export, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    rows_sealed = SealedColumn()  # JSON: [[person id or 0, [cell, …]], …]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "number"], name="people_exportpart_once")
        ]

    class Privacy:
        id = INTERNAL
        export = INTERNAL
        number = INTERNAL
        rows_sealed = SENSITIVE
        retention = Retention(with_="export")

    def __str__(self) -> str:
        return f"part {self.number} of export {self.export_id}"


class Canary(models.Model):
    """A made-up row in an export of real addresses: mail to its address means that the file leaked.

    Only the hash of the address is kept, so that nobody can take the canaries out of a file.
    """

    id = IdColumn()
    export = models.ForeignKey(Export, models.CASCADE, related_name="canaries")
    local_hash = models.BinaryField(max_length=32, unique=True)
    heard_at = models.DateTimeField(null=True)

    class Privacy:
        id = INTERNAL
        export = INTERNAL
        local_hash = SECRET
        heard_at = INTERNAL
        retention = Retention(with_="export")

    def __str__(self) -> str:
        return f"canary {self.id}"
