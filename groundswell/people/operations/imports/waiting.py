"""Rows that wait in parts: who is erased goes from them too, and when their time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django_tasks import task

from groundswell.kernel import clock
from groundswell.people import queries
from groundswell.people.models import Contact, Import, ImportPart
from groundswell.people.operations.imports import rows
from groundswell.people.operations.imports.undoing import KEPT
from groundswell.people.operations.imports.uploading import destroy
from groundswell.site import vault

UNDECIDED = timedelta(days=7)  # for whoever must decide about the columns
READING = timedelta(days=1)  # a process that ended while it read a file
KNOWN = timedelta(days=1095)
AT_ONCE = 500
State = Import.State


def take_out(person_id: int) -> None:
    """Rewrite parts that still hold rows without those that name an address of this person, who
    is erased; in the caller's transaction."""
    waiting = ImportPart.objects.exclude(rows_sealed=b"")
    if not waiting.exists():
        return
    held = Contact.objects.filter(person_id=person_id, kind=Contact.Kind.EMAIL)
    addresses = set()
    for contact in held:
        try:
            addresses.add(queries.address_of(contact).lower())
        except vault.KeyIsGone:  # erased in a backup's later life: nothing to look for
            continue
    if not addresses:
        return
    for part in waiting.select_related("of").order_by("id").iterator(chunk_size=4):
        lines = rows.lines_of(part)
        left = [
            line
            for line in lines
            if not any(email in cell.lower() for cell in line.cells for email in addresses)
        ]
        if len(left) == len(lines):
            continue
        assert part.of.key_id is not None
        part.rows_sealed = vault.seal(
            part, "rows_sealed", rows.as_text(left), key_id=part.of.key_id
        )
        numbers = {line.number for line in left}
        part.failed = [row for row in part.failed if row[0] in numbers]
        part.save(update_fields=["rows_sealed", "failed"])


def over(now: datetime) -> QuerySet[Import]:
    """Imports whose rows, and what would take them back, go: a week after the last step."""
    is_read = Q(state=State.READING, changed_at__lt=now - READING)
    undecided = Q(
        state__in=[State.COLUMNS, State.CHECKING, State.CHECKED], changed_at__lt=now - UNDECIDED
    )
    ended = [State.DONE, State.UNDONE, State.PAUSED]
    is_done = Q(state__in=ended, changed_at__lt=now - KEPT)
    return Import.objects.filter(is_read | undecided | is_done, key_id__isnull=False)


def imports_due(now: datetime) -> QuerySet[Import]:
    """What is known about an import, after three years."""
    return Import.objects.filter(made_at__lt=now - KNOWN)


@task()
def tidy_imports() -> None:
    """Every ten minutes (config/wiring.py): destroy the rows of what is over."""
    now = clock.now()
    for found in over(now).order_by("changed_at")[:20]:
        if found.state not in {State.DONE, State.UNDONE}:
            is_begun = found.state == State.PAUSED
            found.state = State.DONE if is_begun else State.DROPPED
            found.save(update_fields=["state"])
        destroy(found)
    due = list(imports_due(now).values_list("id", flat=True)[:AT_ONCE])
    Import.objects.filter(id__in=due).delete()
