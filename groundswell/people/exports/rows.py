"""The rows of a file: the cells of people, in the columns that were asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from groundswell.kernel.actor import Actor
from groundswell.people import queries
from groundswell.people.exports import cells, wishes
from groundswell.people.models import Export, Person

Cells = list[str]

# 1 - 0.8 ** 21 is 0.99: so many are in any fifth of the rows that somebody passes on.
CANARIES_LEAST = 21
_CANARY_PER = 200
_CANARY_PER_SMALL = 5


def canaries_of(count: int) -> int:
    """How many made-up rows go among so many people: 21, or one for every 200 where that is more.

    A short file gets one for every five people: fewer would tell nothing, more would be noise.
    """
    return max(ceil(count / _CANARY_PER), min(CANARIES_LEAST, ceil(count / _CANARY_PER_SMALL)))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file; ``person_id`` is 0 for somebody made up."""

    person_id: int
    cells: Cells


def rows_of(export: Export, people: Sequence[Person], asker: Actor) -> list[Row]:
    """The rows of these people. Whoever must not be written to is left out, and of a file for a
    tool that texts, whoever has no number for it."""
    emails = {
        person_id: contact
        for person_id, contact in queries.email_contacts(one.id for one in people).items()
        if contact.proven_at is not None
    }
    closed = queries.suppressed_among(emails.values())
    left_out = {contact.person_id for contact in emails.values() if contact.id in closed}
    columns = cells.columns_of(export, people, emails, asker)
    if export.wish.get("layout") == wishes.Tool.SPOKE:
        left_out |= {one.id for one in people} - set(columns["phone"])
    return [
        Row(one.id, [columns[code].get(one.id, "") for code in export.columns])
        for one in people
        if one.id not in left_out
    ]


def persons_in(rows: Iterable[Row]) -> set[int]:
    """The real people of some rows."""
    return {row.person_id for row in rows if row.person_id}
