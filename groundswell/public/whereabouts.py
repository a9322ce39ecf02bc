"""From what somebody typed to a place on earth, or to the places it may have meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from groundswell.kernel.text import clean_line
from groundswell.places import gazetteer, geometry
from groundswell.places import queries as place_queries
from groundswell.places.gazetteer import PlaceSearch, Town
from groundswell.public.frame import page_language

MOST_SUGGESTIONS = 6
# A town with a tenth of the people is not asked about when a host names the larger one.
_FAR_SMALLER = 10


@dataclass(frozen=True, slots=True)
class Where:
    """A place that we understood."""

    label: str  # as a heading says it: "Leeds LS6", "Hexham, Northumberland"
    town: str  # the town's own name, for sentences
    latitude: float
    longitude: float
    zone: str
    country: str
    town_id: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    label: str
    town_id: int


@dataclass(frozen=True, slots=True)
class Answer:
    """``where`` when it is clear; ``problem`` says what to do when it is not."""

    where: Where | None = None
    problem: str = ""
    suggestions: list[Suggestion] = field(default_factory=list)


def _of_town(town: Town, label: str = "") -> Where:
    language = page_language()
    return Where(
        label=label or gazetteer.label(town, language),
        town=gazetteer.name(town, language),
        latitude=town.lat,
        longitude=town.lon,
        zone=town.zone,
        country=town.country,
        town_id=town.id,
    )


def _suggested(towns: Sequence[Town]) -> list[Suggestion]:
    shown = list(towns)[:MOST_SUGGESTIONS]
    labels = gazetteer.labels(shown, page_language())
    return [Suggestion(label, town.id) for label, town in zip(labels, shown, strict=True)]


def by_id(text: str) -> Where | None:
    """The town that somebody chose from suggestions; None for anything else."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 12:
        return None
    town = gazetteer.town(int(text))
    return _of_town(town) if town else None


def by_point(lat: str, lon: str) -> Where | None:
    """The place of a visitor who shared it, in hundredths of a degree (about a kilometre)."""
    try:
        point = geometry.check_point(round(float(lat), 2), round(float(lon), 2))
    except (ValueError, OverflowError, geometry.NotOnTheEarth):
        return None
    return _at(point, _("your place"))


def _at(point: geometry.Point, label: str) -> Where:
    """A point, with the zone and country of the nearest town."""
    town, _km = gazetteer.nearest_town(point.lat, point.lon)
    name = gazetteer.name(town, page_language())
    return Where(label, name, point.lat, point.lon, town.zone, town.country)


def by_text(text: str, *, countries: Sequence[str] = (), is_strict: bool = False) -> Answer:
    """A town in any script, or a postcode where its country's table is loaded.

    ``countries`` are preferred. ``is_strict``: a name that several towns share is asked back
    instead of answered with the likeliest.
    """
    typed = clean_line(text)
    if not typed:
        return Answer()
    found = place_queries.find(typed, countries=countries, language=page_language())
    if found.postcode is not None:
        match = found.postcode
        label = _("{town} {postcode}").format(town=match.name, postcode=match.code)
        return Answer(_at(geometry.Point(match.lat, match.lon), label))
    allowed = [town for town in found.exact if not countries or town.country in countries]
    exact = allowed or found.exact
    if exact and not (is_strict and _is_open_question(exact)):
        # What else the name may mean is offered beside the answer.
        label = typed if found.postcode_text else ""
        return Answer(_of_town(exact[0], label), suggestions=_suggested(exact[1:]))
    return Answer(
        problem=_problem(found, typed), suggestions=_suggested(exact or found.suggestions)
    )


def _is_open_question(towns: Sequence[Town]) -> bool:
    """Whether another town of the name is large enough to be meant as well as the first."""
    first, *others = towns
    return any(town.population * _FAR_SMALLER > first.population for town in others)


def _problem(found: PlaceSearch, typed: str) -> str:
    shown = typed[:60]
    if found.exact:
        return _("Several towns are called “{name}”. Choose yours.").format(name=shown)
    if found.needs_postcodes or found.looks_like_postcode:
        return _(
            "We cannot look up the postcode “{postcode}” here. Write the name of your town instead."
        ).format(postcode=shown)
    if found.suggestions:
        return _("We could not find “{name}”. Did you mean one of these?").format(name=shown)
    return _(
        "We could not find “{name}”. Try the nearest larger town, or check the spelling."
    ).format(name=shown)
