"""What this room does when something in it happened."""

from __future__ import annotations

from groundswell.ledger.wires import Happening
from groundswell.people.models import Person
from groundswell.people.operations import lookalikes


def compared(happening: Happening) -> None:
    """Somebody has proven an address: now, and not before, are they compared with the others.

    What a stranger typed on a public page attaches to nobody until its link was opened.
    """
    person_id = happening.fact.person_id
    if person_id is not None and Person.objects.filter(id=person_id).exists():
        lookalikes.compare([person_id])


def many_came(happening: Happening) -> None:
    """An import is over: its people are looked through now and not at night."""
    lookalikes.look_now()
