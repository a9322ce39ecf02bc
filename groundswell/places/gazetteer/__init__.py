"""Towns of the world, found by name or by nearness, without asking anybody.

The data are shipped packed, built into a read-only SQLite file of the installation's own, and
read from there by every process. Credits: CREDITS.md beside this file; show ``CREDIT`` on maps.
"""

from groundswell.places.gazetteer.building import ensure_built
from groundswell.places.gazetteer.search import PlaceSearch, PostcodeMatch, find
from groundswell.places.gazetteer.towns import (
    CREDIT,
    CREDIT_URL,
    Country,
    Town,
    country,
    country_at,
    country_name,
    is_at_sea,
    label,
    labels,
    largest_within,
    name,
    nearest_town,
    town,
    zone_at,
)

__all__ = [
    "CREDIT",
    "CREDIT_URL",
    "Country",
    "PlaceSearch",
    "PostcodeMatch",
    "Town",
    "country",
    "country_at",
    "country_name",
    "ensure_built",
    "find",
    "is_at_sea",
    "label",
    "labels",
    "largest_within",
    "name",
    "nearest_town",
    "town",
    "zone_at",
]
