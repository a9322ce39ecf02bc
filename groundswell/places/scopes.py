"""Countries and regions as things that a role can be held over (``accounts.sockets``)."""

from __future__ import annotations

from collections.abc import Iterable

from django_countries import countries

from groundswell.kernel import scopes
from groundswell.kernel.ids import read_id
from groundswell.kernel.scopes import Scope, ScopeKind
from groundswell.places.models import Region


def scopes_of_country(code: str) -> tuple[Scope, ...]:
    """The country and the regions that it belongs to; nothing for a place without a country."""
    if not code:
        return ()
    found = Region.objects.values_list("id", "countries")
    regions = [scopes.of(ScopeKind.REGION, region_id) for region_id, held in found if code in held]
    return (scopes.country(code), *regions)


def countries_in(wanted: Iterable[Scope]) -> frozenset[str]:
    """Every country that lies in one of these countries and regions; other scopes have none."""
    wanted = frozenset(wanted)
    codes = {scope.id for scope in wanted if scope.kind == ScopeKind.COUNTRY}
    ids = [int(scope.id) for scope in wanted if scope.kind == ScopeKind.REGION]
    if ids:
        for held in Region.objects.filter(id__in=ids).values_list("countries", flat=True):
            codes |= set(held)
    return frozenset(codes)


class CountryBook:
    """Countries by their two letters."""

    def chain(self, scope_id: str) -> tuple[Scope, ...] | None:
        return scopes_of_country(scope_id) if scope_id in countries.countries else None

    def names(self, ids: Iterable[str], language: str) -> dict[str, str]:
        known = countries.countries
        return {code: str(countries.name(code)) for code in ids if code in known}

    def choices(self, language: str, inside: frozenset[Scope] | None) -> list[tuple[str, str]]:
        wanted = None if inside is None else countries_in(inside)
        return [
            (country.code, str(country.name))
            for country in countries
            if wanted is None or country.code in wanted
        ]


class RegionBook:
    """Regions by their number."""

    def chain(self, scope_id: str) -> tuple[Scope, ...] | None:
        number = read_id(scope_id)
        is_there = number is not None and Region.objects.filter(id=number).exists()
        return (Scope(ScopeKind.REGION, scope_id),) if is_there else None

    def names(self, ids: Iterable[str], language: str) -> dict[str, str]:
        numbers = [number for id_ in ids if (number := read_id(id_)) is not None]
        found = Region.objects.filter(id__in=numbers).values_list("id", "name")
        return {str(region_id): name for region_id, name in found}

    def choices(self, language: str, inside: frozenset[Scope] | None) -> list[tuple[str, str]]:
        found = Region.objects.order_by("name").values_list("id", "name")
        return [
            (str(region_id), name)
            for region_id, name in found
            if inside is None or scopes.of(ScopeKind.REGION, region_id) in inside
        ]
