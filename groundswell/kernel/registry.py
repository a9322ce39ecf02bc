"""A registry for the sockets: an ordered table from a name to a thing, each name once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class AlreadyPlugged(ValueError):
    """Two things claim the same name: a bug in ``config/wiring.py``."""


class Registry(Generic[Thing]):
    """Filled once by ``config/wiring.py``, read everywhere."""

    def __init__(self) -> None:
        self._things: dict[str, Thing] = {}

    def plug(self, name: str, thing: Thing) -> None:
        """Add a thing. Plugging the very same thing again is harmless; another one is refused."""
        if self._things.get(name, thing) is not thing:
            raise AlreadyPlugged(name)
        self._things[name] = thing

    def get(self, name: str) -> Thing | None:
        return self._things.get(name)

    def __getitem__(self, name: str) -> Thing:
        return self._things[name]

    def __iter__(self) -> Iterator[tuple[str, Thing]]:
        return iter(list(self._things.items()))

    def __len__(self) -> int:
        return len(self._things)
