"""Where people live, no finer than the town: by country, by distance, inside of a drawn area.

How homes are found: ``segments/cells.py``. Only for people whose addresses the actor may open:
many small areas would tell a town.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy
from django_countries import countries

from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.people import sight
from groundswell.people.models import Person, PostalAddress
from groundswell.people.segments.cells import at_home, cells_inside, cells_near
from groundswell.people.segments.criterion import Asking, Criterion, Family, Given, Rows
from groundswell.people.segments.parameters import (
    KM_MOST,
    Area,
    ManyOf,
    Number,
    Place,
    corners_of,
    point_of,
)
from groundswell.people.sockets import Depth

REGIONS_MOST = 500
_KEPT_SECONDS = 60


class AreaIsTooSmall(Refusal):
    sentence = gettext_lazy(
        "This area is too small: we know where people live to about ten kilometres. Draw it larger."
    )
    field = "area"


def _countries(by: Actor) -> Sequence[tuple[str, str]]:
    return [(country.code, str(country.name)) for country in countries]


def _regions(by: Actor) -> Sequence[tuple[str, str]]:
    """The regions of the homes whose addresses the actor may open: ``GB:West Yorkshire``."""
    seen = sight.seen(by, at_least=Depth.CONTACT)
    homes = _homes_in_regions()
    if seen != Q():
        return _named(homes.filter(person__in=Person.objects.filter(seen)))
    found = cache.get("people.regions")
    if found is None:
        found = _named(homes)
        cache.set("people.regions", found, _KEPT_SECONDS)
    return list(found)


def _homes_in_regions() -> QuerySet[PostalAddress]:
    return PostalAddress.objects.filter(kind=PostalAddress.Kind.HOME, region__gt="")


def _named(homes: QuerySet[PostalAddress]) -> list[tuple[str, str]]:
    pairs = homes.order_by("country", "region").values_list("country", "region").distinct()
    return [
        (f"{country}:{region}", f"{region}, {countries.name(country)}" if country else region)
        for country, region in pairs[:REGIONS_MOST]
    ]


def _in_regions(given: Given, asking: Asking) -> Rows:
    pairs = [one.partition(":")[::2] for one in given["regions"]]
    wanted = Q(pk__in=[])
    for country, region in pairs:
        wanted |= Q(country=country, region=region)
    # The index is found by the lists; two countries may have a region of one name.
    boxed = _homes_in_regions().filter(
        country__in={country for country, _region in pairs},
        region__in={region for _country, region in pairs},
    )
    return Rows(boxed.filter(wanted))


def _near(given: Given, asking: Asking) -> Rows:
    return at_home(cells_near(*point_of(given["place"]), given["km"]))


def _inside(given: Given, asking: Asking) -> Rows:
    cells = cells_inside(corners_of(given["area"]))
    if not cells:
        raise AreaIsTooSmall
    return at_home(cells)


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        name="people.country",
        family=Family.WHERE,
        title=gettext_lazy("live in a country"),
        parameters=(
            ManyOf(
                name="countries",
                label=gettext_lazy("Any of these countries"),
                choices=_countries,
            ),
        ),
        fits=lambda given, asking: Q(country__in=given["countries"]),
        says=gettext_lazy("live in {countries}"),
        says_not=gettext_lazy("do not live in {countries}"),
    ),
    Criterion(
        name="people.region",
        family=Family.WHERE,
        title=gettext_lazy("live in a part of a country"),
        hint=gettext_lazy("As it stands in their address: a county, a province, a state."),
        parameters=(
            ManyOf(name="regions", label=gettext_lazy("Any of these parts"), choices=_regions),
        ),
        fits=_in_regions,
        says=gettext_lazy("live in {regions}"),
        says_not=gettext_lazy("do not live in {regions}"),
        needs=Right.SEE_CONTACTS,
    ),
    Criterion(
        name="people.near",
        family=Family.WHERE,
        title=gettext_lazy("live near a place"),
        hint=gettext_lazy("As far as we know their town: exact to about ten kilometres."),
        parameters=(
            Place(name="place", label=gettext_lazy("Town or postcode")),
            Number(
                name="km",
                label=gettext_lazy("Within how many kilometres"),
                most=KM_MOST,
                default=30,
            ),
        ),
        fits=_near,
        says=gettext_lazy("live within {km} km of {place}"),
        says_not=gettext_lazy("live farther than {km} km from {place}"),
        needs=Right.SEE_CONTACTS,
    ),
    Criterion(
        name="people.area",
        family=Family.WHERE,
        title=gettext_lazy("live in an area on the map"),
        hint=gettext_lazy("As far as we know their town: exact to about ten kilometres."),
        parameters=(Area(name="area", label=gettext_lazy("Area")),),
        fits=_inside,
        says=gettext_lazy("live within {area}"),
        says_not=gettext_lazy("live outside of {area}"),
        needs=Right.SEE_CONTACTS,
    ),
)
