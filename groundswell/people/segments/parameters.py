"""What a criterion wants to know: typed, checked and worded here; a door only draws the field.

A value stands in a segment's row as JSON: text, a whole number, or a list of texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import formats
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.places import areas, gazetteer, geometry
from groundswell.places import queries as places_queries

Choices = Callable[[Actor], Sequence[tuple[str, str | Promise]]]
Names = Callable[[Actor], Sequence[tuple[str, str]]]

KM_MOST = 2000
AREA_MOST = 60_000  # characters, for a border as GeoJSON


class FillThisIn(Refusal):
    sentence = _("Fill this in.")


class ChooseOne(Refusal):
    sentence = _("Choose one of the answers shown.")


class NotThereAnyMore(Refusal):
    sentence = _("This is gone, or you may not see it. Choose something else.")


class WriteANumber(Refusal):
    sentence = _("Write a whole number.")


class ChooseADay(Refusal):
    sentence = _("Choose a day that exists, for example 2026-12-05.")


class PlaceUnknown(Refusal):
    sentence = _("We do not know this place. Write a larger town nearby, or its coordinates.")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One thing that a criterion wants to know."""

    name: str
    label: str | Promise
    is_optional: bool = False
    default: Any = ""

    def read(self, given: Any, by: Actor) -> Any:
        """The value as a row keeps it; "" for an optional one left empty. Raises Refusal."""
        text = clean_line(given) if isinstance(given, str) else given
        if text in ("", None, []):
            if self.is_optional:
                return ""
            raise FillThisIn(field=self.name)
        try:
            return self._value(text, by)
        except Refusal as refusal:
            raise type(refusal)(str(refusal), field=self.name) from refusal

    def shown(self, value: Any, by: Actor) -> str:
        """The value in words."""
        return str(value)

    def _value(self, text: Any, by: Actor) -> Any:
        return str(text)[:200]


@dataclass(frozen=True, kw_only=True)
class Words(Parameter):
    """Some text."""


@dataclass(frozen=True, kw_only=True)
class Number(Parameter):
    """A whole number."""

    least: int = 1
    most: int = 1_000_000

    def _value(self, text: Any, by: Actor) -> int:
        written = str(text)
        if not re.fullmatch(r"[+-]?\d{1,15}", written):
            raise WriteANumber
        number = int(written)
        if not self.least <= number <= self.most:
            raise WriteANumber(
                str(_("Write a number from {least} to {most}.")).format(
                    least=formats.number(self.least), most=formats.number(self.most)
                )
            )
        return number

    def shown(self, value: Any, by: Actor) -> str:
        return formats.number(value)


@dataclass(frozen=True, kw_only=True)
class Day(Parameter):
    """A calendar day, kept as ``2026-12-05``."""

    def _value(self, text: Any, by: Actor) -> str:
        try:
            return date.fromisoformat(str(text)).isoformat()
        except ValueError as wrong:
            raise ChooseADay from wrong

    def shown(self, value: Any, by: Actor) -> str:
        return formats.day_and_year(date.fromisoformat(value))


@dataclass(frozen=True, kw_only=True)
class OneOf(Parameter):
    """One of some answers; ``choices`` are those that the actor may see. ``known`` words a key
    beyond the choices, where there are too many to list. ``names`` are what the keys are called in
    a file for another installation; without, the keys mean the same everywhere."""

    choices: Choices
    known: Callable[[str, Actor], str] | None = None
    names: Names | None = None

    def _value(self, text: Any, by: Actor) -> str:
        if not self._word(str(text), by):
            raise NotThereAnyMore
        return str(text)

    def shown(self, value: Any, by: Actor) -> str:
        return self._word(value, by)

    def _word(self, key: str, by: Actor) -> str:
        found = next((str(word) for code, word in self.choices(by) if code == key), "")
        return found or (self.known(key, by) if self.known else "")


@dataclass(frozen=True, kw_only=True)
class ManyOf(Parameter):
    """At least one of some answers; ``choices`` and ``names`` as in OneOf."""

    choices: Choices
    names: Names | None = None

    def _value(self, text: Any, by: Actor) -> list[str]:
        keys = {str(key) for key in (text if isinstance(text, list) else [text])}
        known = [code for code, _word in self.choices(by)]
        if not keys <= set(known):
            raise NotThereAnyMore
        return [code for code in known if code in keys]

    def shown(self, value: Any, by: Actor) -> str:
        words = {code: str(word) for code, word in self.choices(by)}
        return formats.either([words.get(code, code) for code in value])


@dataclass(frozen=True, kw_only=True)
class Place(Parameter):
    """A town or a pair of coordinates, kept as ``53.8,-1.55 Leeds``."""

    def _value(self, text: Any, by: Actor) -> str:
        written = str(text)[:120]
        if _KEPT_PLACE.match(written):
            geometry.check_point(*point_of(written))
            return written
        point = geometry.parse_point(written)
        if point is not None:
            return f"{point.lat:.4f},{point.lon:.4f} {written}"
        found = places_queries.find(written)
        if found.exact:
            town = found.exact[0]
            return f"{town.lat:.4f},{town.lon:.4f} {written}"
        if found.postcode is not None:
            return f"{found.postcode.lat:.4f},{found.postcode.lon:.4f} {written}"
        raise PlaceUnknown

    def shown(self, value: Any, by: Actor) -> str:
        return str(value).partition(" ")[2]


_KEPT_PLACE = re.compile(r"-?\d{1,3}\.\d{4},-?\d{1,3}\.\d{4} \S")


def point_of(value: str) -> tuple[float, float]:
    """Latitude and longitude of a kept place."""
    lat, lon = value.partition(" ")[0].split(",")
    return float(lat), float(lon)


@dataclass(frozen=True, kw_only=True)
class Area(Parameter):
    """Corners of an area, kept as ``53.70,-1.80; 53.90,-1.80; 53.80,-1.30``."""

    def _value(self, text: Any, by: Actor) -> str:
        written = str(text)
        if len(written) > AREA_MOST:
            raise areas.TooManyCorners
        return "; ".join(f"{lat:.2f},{lon:.2f}" for lat, lon in areas.read(written))

    def shown(self, value: Any, by: Actor) -> str:
        corners = corners_of(value)
        town = gazetteer.name(areas.middle_town(tuple(corners)), get_language())
        return ngettext(
            "an area of {number} corner around {town}, {size} km²",
            "an area of {number} corners around {town}, {size} km²",
            len(corners),
        ).format(
            number=formats.number(len(corners)),
            town=town,
            size=formats.number(_rounded(areas.square_km(corners))),
        )


def _rounded(size: float) -> int:
    """To two figures that mean something: nobody drew it to the square kilometre."""
    return int(float(f"{size:.2g}"))


def corners_of(value: str) -> list[tuple[float, float]]:
    """The corners of a kept area."""
    pairs = (part.split(",") for part in value.split(";"))
    return [(float(lat), float(lon)) for lat, lon in pairs]
