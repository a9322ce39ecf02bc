"""The sockets that rooms above plug into people. ``config/wiring.py`` fills them.

*Shelves*: every room with a link to a person says how to export, merge and erase it.
*Criteria*: a room offers ways to choose people (``segments.criterion``).
*Sight*: whom an actor may see, and how deep.
*Not yet*: who is no part of any list, since perhaps they do not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, Protocol

from django.db.models import Model, Q
from django.utils.functional import Promise

from groundswell.kernel import formats
from groundswell.kernel.actor import Actor
from groundswell.kernel.registry import Registry
from groundswell.people.moving import Moves, Parting
from groundswell.people.segments.criterion import Criterion


class Fate(StrEnum):
    """What an erasure does to something that is held."""

    GOES = "goes"
    CUT = "cut"  # the numbers stay, and nothing leads from them to the person
    STAYS = "stays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that is held about a person, in sentences for that person.

    ``lines`` are what exactly, as they stand. ``afterwards`` says what an erasure leaves behind
    or sets in motion; for what simply goes it is empty.
    """

    what: str
    why: str
    until: str
    lines: tuple[str, ...] = ()
    since: datetime | None = None
    fate: Fate = Fate.GOES
    afterwards: str = ""

    @property
    def since_day(self) -> str:
        """``5 Dec 2026``, or nothing."""
        return formats.day_and_year(self.since) if self.since else ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table about a person; ``beside`` adds what makes one readable elsewhere."""

    found: Iterable[Model]
    beside: Callable[[Any], dict[str, Any]] = lambda row: {}


class Shelf(Protocol):
    """What one room holds about a person. ``models`` lists the tables it answers for.

    An erasure asks the rooms from the top floor down, so each finds what stands below still there.
    """

    models: tuple[str, ...]  # "events.rsvp"

    def rows(self, person_id: int) -> list[Rows]:
        """Every row about them, for the export; each column's privacy class decides the rest."""
        ...

    def tell(self, person_id: int) -> list[Told]:
        """The same in sentences, in the active language."""
        ...

    def keeps(self, person_ids: Collection[int]) -> set[int]:
        """Those whom this room still needs whole: they hold a role or have something to come."""
        ...

    def merge(self, moves: Moves) -> None:
        """Move everything from ``moves.gone_id`` to ``moves.kept_id``, each change by ``moves``,
        so that it can be put back. Nothing is opened or sealed anew: the key stays."""
        ...

    def part(self, parting: Parting) -> None:
        """A merge is undone and its rows are back. Give whoever comes back what was made since
        and is theirs, sealed by their key, and put back what ``merge`` noted."""
        ...

    def erase(self, person_id: int) -> None:
        """Remove or cut the link, in the caller's transaction."""
        ...


class Depth(IntEnum):
    """How much of a person an actor sees."""

    FIRST_NAME = 1  # "Amina K."
    NAME = 2
    CONTACT = 3
    ALL = 4  # notes, homes: what can put somebody in danger


@dataclass(frozen=True, slots=True)
class Sight:
    """Some people an actor sees, how deep, and why: the answer to "why can I see this person?"."""

    people: Q  # over people.Person
    depth: Depth
    because: str | Promise  # a whole sentence to the reader


shelves: Registry[Shelf] = Registry()
criteria: Registry[Sequence[Criterion]] = Registry()
sight: Registry[Callable[[Actor], Iterable[Sight]]] = Registry()
not_yet: Registry[Callable[[], Q]] = Registry()
