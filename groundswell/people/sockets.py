"""The sockets that rooms above plug into people. ``config/wiring.py`` fills them.

*Shelves*: every room with a link to a person says how to export, merge and erase it.
*Criteria*: a room offers a way to choose people. *Sight*: whom an actor may see, and how deep.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any, Protocol

from django.db.models import Q, QuerySet

from groundswell.kernel.actor import Actor
from groundswell.kernel.registry import Registry


class Shelf(Protocol):
    """What one room holds about a person. ``models`` lists the tables it answers for."""

    models: tuple[str, ...]  # "events.rsvp"

    def export(self, person_id: int) -> dict[str, Any]:
        """Everything held, as plain data a person can read."""
        ...

    def merge(self, kept_id: int, gone_id: int) -> None:
        """Move everything from ``gone_id`` to ``kept_id``."""
        ...

    def erase(self, person_id: int) -> None:
        """Remove or cut the link, in the caller's transaction."""
        ...


class Depth(IntEnum):
    """How much of a person an actor sees."""

    FIRST_NAME = 1  # "Amina K."
    NAME = 2
    CONTACT = 3
    ALL = 4


class Criterion(Protocol):
    """A way to choose people, offered by the room that knows."""

    name: str

    def apply(self, people: QuerySet[Any], **parameters: Any) -> QuerySet[Any]: ...


shelves: Registry[Shelf] = Registry()
criteria: Registry[Criterion] = Registry()
sight: Registry[Callable[[Actor], tuple[Q, Depth]]] = Registry()
