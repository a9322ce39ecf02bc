"""Questions about places that need this installation's own tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from groundswell.places import gazetteer, postcodes
from groundswell.places.gazetteer import PlaceSearch, PostcodeMatch
from groundswell.places.geometry import distance_km
from groundswell.places.models import Postcode, PostcodeTable, Region

_MOST_PLACES = 500
_SAME_PLACE_KM = 60.0


def countries_with_postcodes() -> list[str]:
    """Countries whose postcodes are loaded, or being loaded, in alphabetical order."""
    return list(PostcodeTable.objects.order_by("country").values_list("country", flat=True))


def find_postcode(code: str, countries: Sequence[str] = ()) -> PostcodeMatch | None:
    """The place of a postcode, or None when it is unknown or when two countries have it.

    ``countries`` decide between countries, the first one first, and leave out all others; without
    them any loaded table may answer. Codes finer than the table, such as a whole British one
    against a table of outward codes, are found by their beginning.
    """
    found = find_postcodes(code, countries)
    return found[0] if found and (countries or len(found) == 1) else None


def find_postcodes(code: str, countries: Sequence[str] = ()) -> list[PostcodeMatch]:
    """The place of a postcode in each country that has it, in the order of ``countries``."""
    if not code or len(code) > postcodes.LONGEST * 2:
        return []
    wanted = [country.upper() for country in countries]
    rows = Postcode.objects.filter(code__in=postcodes.spellings(code))
    if wanted:
        rows = rows.filter(country__in=wanted)
    by_country: dict[str, dict[str, list[Postcode]]] = {}
    for row in rows.order_by("country", "code", "name")[:_MOST_PLACES]:
        by_country.setdefault(row.country, {}).setdefault(row.code, []).append(row)
    matches = [
        _middle(by_code[spelling])
        for country, by_code in by_country.items()
        for spelling in [s for s in postcodes.spellings(code, country) if s in by_code][:1]
    ]
    return sorted(matches, key=lambda match: _place_in(wanted, match.country))


def _place_in(wanted: list[str], country: str) -> int:
    return wanted.index(country) if country in wanted else 0


def _middle(places: list[Postcode]) -> PostcodeMatch:
    """The place in the middle of those that share a code, at the code's own middle."""
    lat = sum(place.lat for place in places) / len(places)
    lon = sum(place.lon for place in places) / len(places)
    best = min(places, key=lambda place: distance_km(lat, lon, place.lat, place.lon))
    return PostcodeMatch(best.country, best.code, best.name, lat, lon)


def find(
    text: str,
    *,
    countries: Sequence[str] = (),
    language: str | None = None,
    limit: int = 8,
) -> PlaceSearch:
    """Towns and postcodes for anything somebody may type. Never raises on any text.

    Like :func:`groundswell.places.gazetteer.find`, and beside it ``postcode`` where a table knows
    the code, and ``needs_postcodes`` where a code alone was typed and no table could know it.
    """
    found = gazetteer.find(text, countries=countries, language=language, limit=limit)
    if not found.postcode_text:
        return found
    match = _fitting(found, countries)
    if match is not None:
        return replace(found, postcode=match)
    if found.looks_like_postcode and not found.exact:
        loaded = set(countries_with_postcodes())
        wanted = {country.upper() for country in countries}
        return replace(found, needs_postcodes=not (loaded & wanted if wanted else loaded))
    return found


def _fitting(found: PlaceSearch, countries: Sequence[str]) -> PostcodeMatch | None:
    """The postcode's place; where a town was typed too, only one near to such a town."""
    if not found.exact:
        return find_postcode(found.postcode_text, countries)
    for match in find_postcodes(found.postcode_text, countries):
        for town in found.exact:
            near = distance_km(match.lat, match.lon, town.lat, town.lon) <= _SAME_PLACE_KM
            if near and town.country == match.country:
                return match
    return None


def regions() -> list[Region]:
    """Every region, by name."""
    return list(Region.objects.order_by("name"))


def region(region_id: int) -> Region | None:
    return Region.objects.filter(id=region_id).first()
