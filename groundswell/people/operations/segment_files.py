"""Saving a segment that came in a file, with those that it is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.people.models import Segment
from groundswell.people.operations import segments
from groundswell.people.operations.segments import FOLDER_MOST, NAME_MOST, Kept
from groundswell.people.segments import reading, shelf
from groundswell.people.segments.portable import Part, Taken
from groundswell.people.segments.reading import NAMED


class SomethingIsMissing(Refusal):
    sentence = _(
        "Not everything that this segment asks for is here. Say that it is to be left out, or do "
        "not take the segment in."
    )
    field = "leave_out"


@transaction.atomic
def take_in(*, taken: Taken, kept: Kept, leave_out: bool, by: Actor) -> Segment:
    """Save the segment of a file under a name, and first those inside of it, in the same folder.

    One of those that is here already with the same name and rows is used as it is; where another
    has its name, it gets a number. Raises SomethingIsMissing while something is missing and
    ``leave_out`` is false, and what ``segments.begin`` raises.
    """
    if taken.missing and not leave_out:
        raise SomethingIsMissing
    *inner, outer = taken.parts
    ids: dict[str, int] = {}
    for part in inner:
        ids[part.key] = _inside(part, kept, ids, by).id
    return segments.begin(kept=kept, rows=reading.read(_rows(outer, ids), by=by), by=by)


def _rows(part: Part, ids: dict[str, int]) -> list[dict[str, Any]]:
    """The rows with our ids for the segments of the file."""
    return [
        {**row, "with": {"segment": str(ids[row["with"]["segment"]])}}
        if row["criterion"] == NAMED
        else row
        for row in part.rows
    ]


def _inside(part: Part, kept: Kept, ids: dict[str, int], by: Actor) -> Segment:
    rows = _rows(part, ids)
    name, folder = part.name or kept.name, kept.folder[:FOLDER_MOST]
    shared = shelf.visible_to(by).filter(is_shared=True) if kept.is_shared else shelf.visible_to(by)
    same = next((one for one in shared.filter(name=name) if one.rows == rows), None)
    if same is not None:
        return same
    names = set(
        Segment.objects.filter(folder=folder, deleted_at=None).values_list("name", flat=True)
    )
    names.add(kept.name)
    number = 2
    free = name
    while free in names:
        ending = f" ({number})"
        free, number = name[: NAME_MOST - len(ending)] + ending, number + 1
    read = reading.read(rows, by=by)
    return segments.begin(kept=replace(kept, name=free), rows=read, by=by)
