"""Where a town is and what its clocks say, each looked up once in a process."""

from __future__ import annotations

from functools import lru_cache
from math import floor
from typing import NamedTuple

from groundswell.people.models import Person
from groundswell.places import gazetteer
from groundswell.places import queries as places_queries

ZoneFrom = Person.ZoneFrom


class Whereabouts(NamedTuple):
    """A cell of a tenth of a degree and a zone; None and "" where nobody knows."""

    cell_lat: int | None = None
    cell_lon: int | None = None
    zone: str = ""
    country: str = ""


@lru_cache(maxsize=50_000)
def of(town: str, region: str, postcode: str, country: str) -> Whereabouts:
    """The town, by its name in its country; else the postcode, where its table is loaded."""
    if town:
        wanted = (country,) if country else ()
        text = f"{town}, {region}" if region else town
        found = gazetteer.find(text, countries=wanted, limit=1).exact
        if not found and region:
            found = gazetteer.find(town, countries=wanted, limit=1).exact
        # Without a country, a name that many towns share says nothing.
        if found and (found[0].country == country or not country):
            place = found[0]
            return Whereabouts(
                floor(place.lat * 10), floor(place.lon * 10), place.zone, place.country
            )
    match = places_queries.find_postcode(postcode, (country,)) if postcode and country else None
    if match is not None:
        zone = gazetteer.zone_at(match.lat, match.lon)
        return Whereabouts(floor(match.lat * 10), floor(match.lon * 10), zone, match.country)
    return Whereabouts()


@lru_cache(maxsize=500)
def zone_of(country: str) -> str:
    """The zone of a country that has one; "" for any other."""
    found = gazetteer.country(country) if country else None
    return found.zones[0] if found and len(found.zones) == 1 else ""
