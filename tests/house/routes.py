"""Every address of the house, from the resolver: name, parts, view, guard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from groundswell.web.guards import Guard

_FITTING = 2**62 + 1


@dataclass(frozen=True)
class Route:
    """One address. ``parts`` maps each part of the path to the name of its converter."""

    name: str
    pattern: str
    parts: Mapping[str, str]
    view: Callable[..., Any] = field(repr=False, compare=False)

    @property
    def guard(self) -> Guard | None:
        return getattr(self.view, "guard", None)

    def path(self, parts: Mapping[str, object]) -> str:
        """The path with these parts, in the active language; parts that do not fit are put in
        all the same, because people can type anything."""
        named = {name: parts[name] for name in self.parts}
        try:
            return reverse(self.name, kwargs=named)
        except NoReverseMatch:
            fitting = {
                name: _FITTING if isinstance(value, int) and value > _FITTING else value
                for name, value in named.items()
            }
            huge = max(value for value in named.values() if isinstance(value, int))
            return reverse(self.name, kwargs=fitting).replace(str(_FITTING), str(huge))

    def __str__(self) -> str:
        return self.name


def all_routes() -> list[Route]:
    """In the order of the resolver."""
    return list(_walk(get_resolver(), "", "", {}))


def _walk(resolver: URLResolver, space: str, before: str, parts: dict[str, str]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        inside = {
            **parts,
            **{name: type(c).__name__ for name, c in entry.pattern.converters.items()},
        }
        if isinstance(entry, URLResolver):
            below = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, below, pattern, inside)
        elif isinstance(entry, URLPattern):
            yield Route(f"{space}{entry.name or ''}", pattern, inside, entry.callback)
