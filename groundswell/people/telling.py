"""What every room holds about a person, in sentences for that person. Nothing here writes."""

from __future__ import annotations

from groundswell.people.models import NewAddress
from groundswell.people.sockets import Told, shelves
from groundswell.site import vault


def tell(person_id: int) -> list[Told]:
    """Everything, room by room, in the active language."""
    return [told for _name, shelf in shelves for told in shelf.tell(person_id)]


def still_needed(person_id: int) -> bool:
    """Does any room still need this person whole, for a role or something to come?"""
    return any(shelf.keeps([person_id]) for _name, shelf in shelves)


def waiting_address(person_id: int) -> str:
    """The new address that was asked for and is not proven; "" when there is none."""
    row = NewAddress.objects.filter(person_id=person_id).first()
    return vault.open_(row, "value_sealed") if row else ""
