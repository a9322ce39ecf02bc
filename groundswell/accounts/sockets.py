"""The socket that rooms above plug into accounts. ``config/wiring.py`` fills it.

*Scope books*: a room with something that a role can be held over says what its name is and which
larger scopes contain it. Without a book for its kind a scope does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from groundswell.kernel.registry import Registry
from groundswell.kernel.scopes import EVERYWHERE, Scope, ScopeKind


class ScopeBook(Protocol):
    """What a room knows about one kind of scope."""

    def chain(self, scope_id: str) -> tuple[Scope, ...] | None:
        """The scope itself and everything that contains it; None when there is no such thing."""
        ...

    def names(self, ids: Iterable[str], language: str) -> dict[str, str]:
        """What these are called; those that do not exist are left out."""
        ...

    def choices(self, language: str, inside: frozenset[Scope] | None) -> list[tuple[str, str]]:
        """Ids and names to choose from in a form, by name; at most some hundreds.

        Only those that lie inside of one of these scopes; None: all.
        """
        ...


scope_books: Registry[ScopeBook] = Registry()


def chain(scope: Scope) -> tuple[Scope, ...] | None:
    """The scope and everything that contains it, the whole installation last; None: no such."""
    if scope == EVERYWHERE:
        return (EVERYWHERE,)
    book = scope_books.get(scope.kind.value)
    found = book.chain(scope.id) if book else None
    return None if found is None else (*found, EVERYWHERE)


def names(scopes: Iterable[Scope], language: str) -> dict[Scope, str]:
    """What scopes are called, with one question per kind; the installation has no name here."""
    by_kind: dict[str, list[str]] = {}
    for scope in scopes:
        by_kind.setdefault(scope.kind.value, []).append(scope.id)
    found: dict[Scope, str] = {}
    for kind, ids in by_kind.items():
        book = scope_books.get(kind)
        if book is not None:
            told = book.names(ids, language)
            found |= {Scope(ScopeKind(kind), id_): name for id_, name in told.items()}
    return found
