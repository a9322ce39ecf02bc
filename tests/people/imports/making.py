"""Files to take in, and taking them in without a browser."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.people import contacts
from groundswell.people.imports import formats
from groundswell.people.imports.choices import Choices
from groundswell.people.models import Contact, Import, Person
from groundswell.people.operations.imports import checking, running, undoing, uploading


def a_csv(head: Sequence[str], *rows: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode()


def uploaded(data: bytes, *, by: Actor = SYSTEM, name: str = "people.csv") -> Import:
    return uploading.upload(name=name, file=io.BytesIO(data), by=by)


def choices(found: Import, **chosen: Any) -> Choices:
    """What somebody answers, with a consent from an earlier list unless said otherwise."""
    wrote = formats.by_key(found.format)
    usual = {
        "consent": "list",
        "month_first": wrote.month_first,
        "country": wrote.country,
        "tag_separator": wrote.tag_separator,
    }
    return Choices(**{**usual, **chosen})


def checked(
    data: bytes, *, by: Actor = SYSTEM, columns: Sequence[str] | None = None, **chosen: Any
) -> Import:
    found = uploaded(data, by=by)
    decided = checking.decide(
        import_id=found.id,
        columns=columns or found.columns,
        choices=choices(found, **chosen),
        by=by,
    )
    while checking.check_round():
        pass
    return Import.objects.get(id=decided.id)


def taken_in(
    data: bytes, *, by: Actor = SYSTEM, columns: Sequence[str] | None = None, **chosen: Any
) -> Import:
    """The whole way, as the command line goes it."""
    found = checked(data, by=by, columns=columns, **chosen)
    running.start(import_id=found.id, in_worker=False, by=by)
    running.Run(found.id).all()
    return Import.objects.get(id=found.id)


def taken_back(found: Import, *, by: Actor = SYSTEM) -> Import:
    undoing.undo(import_id=found.id, in_worker=False, by=by)
    undoing.take_all_back(found.id, by=by)
    return Import.objects.get(id=found.id)


def person_at(email: str) -> Person:
    return Contact.objects.get(blind=contacts.blind_email(email)).person
