"""Over what a role is held: everything, a country, a region, a campaign, a team, an event.

A scope is a kind and an id, without a foreign key, because its object lives in a room above the
grants. That room says which larger scopes contain it (``accounts.sockets.scope_books``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ScopeKind(StrEnum):
    """The closed list of what a role can be held over."""

    INSTALLATION = "installation"
    COUNTRY = "country"  # ISO 3166-1 alpha-2
    REGION = "region"  # several countries that one organiser looks after
    CAMPAIGN = "campaign"
    TEAM = "team"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Scope:
    """One thing that a role is held over; ``id`` is text, since a country's id is its code."""

    kind: ScopeKind
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.id}" if self.id else self.kind.value


EVERYWHERE = Scope(ScopeKind.INSTALLATION)


def country(code: str) -> Scope:
    """The scope of a country by its two letters."""
    return Scope(ScopeKind.COUNTRY, code)


def of(kind: ScopeKind, row_id: int) -> Scope:
    """The scope of a row by its number."""
    return Scope(kind, str(row_id))


class UnknownScope(ValueError):
    """A text that names no scope."""


def parse(text: str) -> Scope:
    """The scope that ``str(scope)`` wrote. Raises UnknownScope."""
    kind, _colon, id_ = text.partition(":")
    if kind not in list(ScopeKind) or (kind == ScopeKind.INSTALLATION) != (not id_):
        raise UnknownScope(text)
    return Scope(ScopeKind(kind), id_)
