"""Looking at the whole log every night, and remembering what was seen.

What is remembered lies in the main database and is a comfort, not a proof: whoever can rewrite the
log can rewrite it too. ``groundswell doctor --audit`` looks for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain as joined
from typing import Any

from django.db import transaction
from django_tasks import task

from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger import proof
from groundswell.ledger import queries as ledger_queries
from groundswell.ledger.proof import Break, Mark, What
from groundswell.ledger.worker import Again
from groundswell.site import anchors
from groundswell.site.facts import LogFoundBroken
from groundswell.site.operations import OnlyOwners

LOOK = "audit"  # bookmark of the ledger
LINKS_AT_ONCE = 5000  # of one commit: about a quarter of a second


def look(
    *, since: Mark | None = None, expected: Iterable[Mark] = (), heard: proof.Heard = lambda n: None
) -> Iterator[Break]:
    """Everything that is wrong with the log, against its own chain, the anchors and ``expected``.

    ``since``: only what stands behind that head, and the head itself.
    """
    bad = anchors.first_broken()
    if bad is not None:
        yield Break(bad, 0, What.MARKS)
    start = since.place - 1 if since else 0
    more = [mark for mark in joined(expected, [since] if since else []) if mark.place > start]
    told: Iterable[Mark] = anchors.marks(after=start)
    if more:
        told = proof.with_more(told, more)
    yield from proof.verify(from_place=start, marks=told, heard=heard)


@dataclass(frozen=True, slots=True)
class Look:
    """The last whole look: when, at how many links, up to which head, and the first break."""

    at: datetime
    links: int
    head: str
    broken: Break | None


def last_look() -> Look | None:
    place = ledger_queries.place_of(LOOK)
    if place is None:
        return None
    broken = place["broken"]
    return Look(
        datetime.fromisoformat(place["at"]),
        place["links"],
        place["head"],
        _break(broken) if broken else None,
    )


def _break(told: list[Any]) -> Break:
    return Break(told[0], told[1], What(told[2]), told[3])


@transaction.atomic
def note_look(*, links: int, head: str, broken: Break | None, by: Actor) -> None:
    """Remember a whole look. Owners are told of a break that was not known. Raises OnlyOwners."""
    if not by.is_owner:
        raise OnlyOwners
    before = last_look()
    told = [broken.place, broken.entry_id, broken.what.value, broken.until] if broken else None
    ledger_ops.keep_place(
        LOOK, {"at": clock.now().isoformat(), "links": links, "head": head, "broken": told}
    )
    if broken is not None and (before is None or before.broken != broken):
        ledger_ops.record(
            LogFoundBroken(reason=broken.what.value, place=broken.place, entry_id=broken.entry_id),
            by=by,
        )


@task()
def look_through(place: int = 0, links: int = 0, broken: list[Any] | None = None) -> Again | None:
    """Every night (config/wiring.py): 5000 links in one commit, from the first to the last."""
    head = anchors.head()
    walk = proof.Walk(place, anchors.marks(after=place))
    found = list(walk.links(most=LINKS_AT_ONCE))
    first = _break(broken) if broken else (found[0] if found else None)
    links += walk.seen
    if walk.seen >= LINKS_AT_ONCE:
        told = [first.place, first.entry_id, first.what.value, first.until] if first else None
        return Again({"args": [], "kwargs": {"place": walk.place, "links": links, "broken": told}})
    bad = anchors.first_broken()
    marks = [Break(bad, 0, What.MARKS)] if bad is not None else []
    rest = joined(marks, walk.end(), proof.removals(), proof.strays())
    note_look(links=links, head=head, broken=first or next(rest, None), by=SYSTEM)
    return None
