"""A person's own time zone: what they said or what follows from where they live; how surely."""

from __future__ import annotations

from typing import NamedTuple

from groundswell.people.models import Person
from groundswell.places import gazetteer


class Zone(NamedTuple):
    """An IANA name and how we know it (``Person.ZoneFrom``); ("", "") where we do not."""

    name: str
    how: str


UNKNOWN = Zone("", "")

# How far each way of knowing can be trusted, of 1: a country with several zones is a guess.
CONFIDENCE = {
    Person.ZoneFrom.SAID: 1.0,
    Person.ZoneFrom.ADDRESS: 0.95,
    Person.ZoneFrom.PHONE: 0.7,
    Person.ZoneFrom.COUNTRY: 0.9,
}
SEVERAL_ZONES = 0.5


def derived(*, town_zone: str = "", country: str = "") -> Zone:
    """The zone of the town where somebody lives, else the one of most people of the country."""
    if town_zone:
        return Zone(town_zone, Person.ZoneFrom.ADDRESS)
    found = gazetteer.country(country) if country else None
    return Zone(found.zones[0], Person.ZoneFrom.COUNTRY) if found else UNKNOWN


def of(person: Person) -> Zone:
    """The zone on the person, else the one that their country tells."""
    if person.time_zone:
        return Zone(person.time_zone, person.zone_from)
    return derived(country=person.country)


def confidence(zone: Zone, country: str) -> float:
    """From 0 (unknown) to 1 (they said so)."""
    if not zone.name:
        return 0.0
    if zone.how == Person.ZoneFrom.COUNTRY:
        found = gazetteer.country(country)
        if found is not None and len(found.zones) > 1:
            return SEVERAL_ZONES
    return CONFIDENCE[Person.ZoneFrom(zone.how)]
