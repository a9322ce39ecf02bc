"""Imports: lists of people that somebody took in, how far each is, and what takes it back."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, SENSITIVE, Retention


class Import(models.Model):
    """A file of people, from its upload to the end of its undo.

    The file is never stored whole or in the clear: its rows wait in sealed parts under a data key
    of their own (``key_id``). A row that was taken in is deleted from its part at once; what would
    take it back stays for seven days. Then the key is destroyed, and the counts are left.
    """

    class State(models.TextChoices):
        READING = "reading"  # its rows are being put into parts
        COLUMNS = "columns"  # somebody must say what the columns are
        CHECKING = "checking"  # the dry run
        CHECKED = "checked"
        RUNNING = "running"
        PAUSED = "paused"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"
        DROPPED = "dropped"  # thrown away before it began, or nobody went on

    id = IdColumn()
    slug = models.CharField(max_length=12, unique=True)
    account_id = models.BigIntegerField(null=True, db_index=True)  # null: the command line
    name_sealed = SealedColumn()  # of the file
    file_blind = models.BinaryField(max_length=16, db_index=True)  # of what was in it
    kind = models.CharField(max_length=4)  # csv, xlsx, xls, ods
    encoding = models.CharField(max_length=12, blank=True)
    oddities = models.JSONField(default=list)  # codes of people.imports.tables.ODDITIES
    format = models.CharField(max_length=20, blank=True)  # a key of people.imports.formats
    head = models.JSONField()  # names of the columns
    head_key = models.CharField(max_length=64, db_index=True)  # the same columns, the same key
    columns = models.JSONField(default=list)  # people.imports.columns, in the order of the head
    choices = models.JSONField(default=dict)  # people.imports.choices.Choices
    state = models.CharField(max_length=8, choices=State.choices)
    key_id = models.BigIntegerField(null=True)
    row_count = models.PositiveIntegerField(default=0)
    part_count = models.PositiveIntegerField(default=0)
    place = models.PositiveIntegerField(default=0)  # the next part
    # What the dry run found, and what came of the import: people.operations.imports.counting
    expected = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["changed_at"],
                name="people_import_open",
                condition=models.Q(key_id__isnull=False),
            )
        ]

    class Privacy:
        id = INTERNAL
        slug = INTERNAL
        account_id = PERSONAL
        name_sealed = SENSITIVE
        file_blind = SENSITIVE
        kind = INTERNAL
        encoding = INTERNAL
        oddities = INTERNAL
        format = INTERNAL
        head = INTERNAL
        head_key = INTERNAL
        columns = INTERNAL
        choices = INTERNAL
        state = INTERNAL
        key_id = INTERNAL
        row_count = INTERNAL
        part_count = INTERNAL
        place = INTERNAL
        expected = INTERNAL
        counts = INTERNAL
        made_at = INTERNAL
        changed_at = INTERNAL
        done_at = INTERNAL
        retention = Retention(days=1095, after="made_at", by="tidy imports")

    def __str__(self) -> str:
        return f"import {self.slug}"


class ImportPart(models.Model):
    """About 500 rows of a file; after they were taken in, those that failed and what undoes the
    others."""

    id = IdColumn()
    of = models.ForeignKey(Import, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    rows_sealed = SealedColumn()  # JSON: [[number in the file, [cell, …], flaw], …]
    # Rows that failed, or were taken in without a cell: [[number, [[reason code, column], …]], …]
    failed = models.JSONField(default=list)
    undo_sealed = SealedColumn()  # JSON: people.operations.imports.undoing

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="people_part_once")]

    class Privacy:
        id = INTERNAL
        of = INTERNAL
        number = INTERNAL
        rows_sealed = SENSITIVE
        failed = INTERNAL
        undo_sealed = SENSITIVE
        retention = Retention(with_="of")

    def __str__(self) -> str:
        return f"part {self.number} of import {self.of_id}"
