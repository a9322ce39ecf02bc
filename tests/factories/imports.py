"""A list of people that waits to be taken in."""

from __future__ import annotations

import io

from groundswell.kernel.actor import SYSTEM
from groundswell.people.imports.choices import Choices
from groundswell.people.models import Import
from groundswell.people.operations.imports import checking, running, uploading

ROWS = b"email,first name,tags\nann@example.net,Ann,helper\nbo@example,Bo,\n"


def a_list(rows: bytes = ROWS, *, name: str = "spring.csv") -> Import:
    """A file that was read; somebody must say what its columns are."""
    return uploading.upload(name=name, file=io.BytesIO(rows), by=SYSTEM)


def a_checked_list(rows: bytes = ROWS) -> Import:
    """A file whose dry run is over."""
    found = a_list(rows)
    return checking.decide(
        import_id=found.id, columns=found.columns, choices=Choices(consent="list"), by=SYSTEM
    )


def a_list_taken_in(rows: bytes = ROWS) -> Import:
    """A file whose people are here now."""
    found = a_checked_list(rows)
    running.start(import_id=found.id, in_worker=False, by=SYSTEM)
    running.Run(found.id).all()
    return Import.objects.get(id=found.id)
