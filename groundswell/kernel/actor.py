"""Who does something: a plain value, the same for a page, an API call, a mail's link and a job."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """The closed list of kinds of actor. The authorisation matrix is generated over it."""

    VISITOR = "visitor"  # nobody we know: the public pages
    PERSON = "person"  # somebody who followed the link we sent to them
    ACCOUNT = "account"  # somebody who signed in
    TOKEN = "token"  # a program with an API token
    SYSTEM = "system"  # a job, a schedule, the command line


class Role(StrEnum):
    """What an account may do. More roles and scopes come with the room that needs them."""

    OWNER = "owner"  # runs the installation
    ORGANISER = "organiser"  # the coordinating team


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts.

    ``id`` is the person's, account's or token's id; ``None`` for visitors and the system.
    ``roles`` are an account's roles. ``event_id`` narrows a signed link to one event: a host's
    link opens that host's event and nothing else.
    """

    kind: ActorKind
    id: int | None = None
    roles: frozenset[Role] = frozenset()
    event_id: int | None = None

    @property
    def is_office(self) -> bool:
        """True for the coordinating team and for the system that works on its behalf."""
        return self.kind == ActorKind.SYSTEM or bool(self.roles & {Role.OWNER, Role.ORGANISER})

    @property
    def is_owner(self) -> bool:
        return self.kind == ActorKind.SYSTEM or Role.OWNER in self.roles


VISITOR = Actor(ActorKind.VISITOR)
SYSTEM = Actor(ActorKind.SYSTEM)


def person(person_id: int, *, event_id: int | None = None) -> Actor:
    """The actor behind a signed link; ``event_id`` narrows the link to one event."""
    return Actor(ActorKind.PERSON, person_id, event_id=event_id)


def account(account_id: int, roles: frozenset[Role]) -> Actor:
    """The actor behind a signed-in session."""
    return Actor(ActorKind.ACCOUNT, account_id, roles=roles)
