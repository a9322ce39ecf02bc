"""Whom a table of people shows, as data that an address, a form or a saved view can hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet

from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.people import finding, policy
from groundswell.people.models import Person
from groundswell.people.operations import reach
from groundswell.people.segments import compiling, shelf
from groundswell.people.segments.compiling import Question

TICKED_MOST = 500  # what one page of ticks can hold

# The orders that an index answers; a name is sealed, so nothing sorts by it.
SORTS: Mapping[str, tuple[str, ...]] = {
    "-active": ("-last_active_on", "-id"),
    "active": ("last_active_on", "id"),
    "-since": ("-id",),  # ids grow with time
    "since": ("id",),
}
REACHES = {"email": reach.EMAIL, "text": reach.TEXT}


@dataclass(frozen=True, slots=True)
class Wish:
    """``words``: a search; the ids of a tag, a segment, a hand-picked view and an account; ``ids``:
    ticked."""

    words: str = ""
    tag_id: int | None = None
    segment_id: int | None = None
    country: str = ""
    language: str = ""
    reach: str = ""  # a key of REACHES, or "nobody"
    point_id: int | None = None
    view_id: int | None = None
    sort: str = "-active"
    ids: tuple[int, ...] = ()

    @property
    def is_everybody(self) -> bool:
        return replace(self, sort="-active") == Wish()

    def as_json(self) -> dict[str, Any]:
        """Only what is wished, so that an empty wish is ``{}``."""
        told = {name: getattr(self, name) for name in self.__slots__}
        known = {name: value for name, value in told.items() if value not in ("", None, ())}
        if self.sort == "-active":
            known.pop("sort")
        return {**known, **({"ids": list(self.ids)} if self.ids else {})}

    def query(self) -> dict[str, str]:
        """The same for an address, without ticks."""
        return {_NAMES[name]: str(value) for name, value in self.as_json().items() if name != "ids"}


_NAMES = {
    "words": "q",
    "tag_id": "tag",
    "segment_id": "segment",
    "country": "country",
    "language": "language",
    "reach": "reach",
    "point_id": "point",
    "view_id": "list",
    "sort": "sort",
}


def read(typed: Mapping[str, Any], ticked: Iterable[str] = ()) -> Wish:
    """A wish from an address or a form. What makes no sense is as if it were not there."""
    told = {name: clean_line(str(typed.get(key, "")))[:120] for name, key in _NAMES.items()}
    ids = [read_id(each) for each in list(ticked)[:TICKED_MOST]]
    country = told["country"].upper()  # longer than it was typed, in some scripts
    return Wish(
        words=told["words"],
        tag_id=read_id(told["tag_id"]),
        segment_id=read_id(told["segment_id"]),
        country=country if len(country) == 2 else "",
        language=told["language"] if len(told["language"]) <= 12 else "",
        reach=told["reach"] if told["reach"] in {*REACHES, "nobody"} else "",
        point_id=read_id(told["point_id"]),
        view_id=read_id(told["view_id"]),
        sort=told["sort"] if told["sort"] in SORTS else "-active",
        ids=tuple(each for each in ids if each is not None),
    )


def from_json(stored: Mapping[str, Any]) -> Wish:
    """A wish as a saved view or a bulk act holds it."""
    known = {name: value for name, value in stored.items() if name in Wish.__slots__}
    return Wish(**{**known, "ids": tuple(known.get("ids", ()))})


def people(wish: Wish, *, by: Actor) -> QuerySet[Person]:
    """Those whom ``by`` sees by name and who fit, in the order of the wish."""
    found = finding.find(wish.words, by=by)
    if wish.ids:
        found = found.filter(id__in=wish.ids)
    if wish.tag_id is not None:
        found = found.filter(taggings__tag_id=wish.tag_id)
    if wish.segment_id is not None:
        asked = segment_of(wish, by=by)
        found = found.filter(asked.fits() if asked else Q(pk__in=[]))
    if wish.view_id is not None:
        found = found.filter(on_views__view_id=wish.view_id)
    if wish.country:
        found = found.filter(country=wish.country)
    if wish.language:
        found = found.filter(language=wish.language)
    if wish.point_id is not None:
        found = found.filter(point_person_id=wish.point_id)
    if wish.reach == "nobody":
        found = found.filter(reach=0)
    elif wish.reach:
        bit = REACHES[wish.reach]
        found = found.filter(reach__in=[bit, reach.EMAIL | reach.TEXT])
    return found.order_by(*SORTS[wish.sort])


def segment_of(wish: Wish, *, by: Actor) -> Question | None:
    """The segment of a wish as it stands now; None where it is gone, or not for ``by`` to ask."""
    if wish.segment_id is None or not policy.can_ask(by):
        return None
    segment = shelf.visible_to(by).filter(id=wish.segment_id).first()
    try:
        return compiling.saved(segment, by=by) if segment else None
    except Refusal:
        return None
