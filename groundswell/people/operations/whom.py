"""The person that somebody of the team works on: locked, and only as deep as they see them."""

from __future__ import annotations

from groundswell.kernel.actor import Actor
from groundswell.people import sight
from groundswell.people.models import Person
from groundswell.people.operations.looking import NotYours
from groundswell.people.sockets import Depth


def person_of_team(person_id: int, by: Actor, *, at_least: Depth = Depth.CONTACT) -> Person:
    """The person, locked for the caller's transaction. Raises looking.NotYours."""
    person = Person.objects.select_for_update().filter(id=person_id).first()
    depth = sight.depth_of(by, person) if person is not None else None
    if person is None or depth is None or depth < at_least:
        raise NotYours
    return person
