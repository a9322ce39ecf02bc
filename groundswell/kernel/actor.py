"""Who does something: a plain value, the same for a page, an API call, a mail's link and a job."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from groundswell.kernel.roles import AT_A_DESK, Right, Role, carries
from groundswell.kernel.scopes import EVERYWHERE, Scope

__all__ = [
    "SYSTEM",
    "VISITOR",
    "Actor",
    "ActorKind",
    "Held",
    "Right",
    "Role",
    "Scope",
    "account",
    "person",
]


class ActorKind(StrEnum):
    """The closed list of kinds of actor. The authorisation matrix is generated over it."""

    VISITOR = "visitor"  # nobody we know: the public pages
    PERSON = "person"  # somebody who followed the link we sent to them
    ACCOUNT = "account"  # somebody who signed in
    TOKEN = "token"  # a program with an API token
    SYSTEM = "system"  # a job, a schedule, the command line


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds now, and over what."""

    role: Role
    scope: Scope = EVERYWHERE


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts.

    ``id`` is the person's, account's or token's id; ``None`` for visitors and the system.
    ``held`` are an account's roles with their scopes. ``event_id`` narrows a signed link to one
    event: a host's link opens that host's event and nothing else.
    """

    kind: ActorKind
    id: int | None = None
    held: frozenset[Held] = frozenset()
    event_id: int | None = None

    def may(self, right: Right, *chain: Scope) -> bool:
        """Does one of the roles carry ``right`` over one of these scopes?

        ``chain`` are the scopes that contain an object (event, campaign, country, region); the
        whole installation contains everything and need not be named. The system may do anything.
        """
        if self.kind == ActorKind.SYSTEM:
            return True
        return any(
            carries(held.role, right) and (held.scope == EVERYWHERE or held.scope in chain)
            for held in self.held
        )

    def may_somewhere(self, right: Right) -> bool:
        """Does one of the roles carry ``right`` over anything at all?"""
        return self.kind == ActorKind.SYSTEM or bool(self.scopes_of(right))

    def scopes_of(self, right: Right) -> frozenset[Scope]:
        """Everything over which one of the roles carries ``right``."""
        return frozenset(held.scope for held in self.held if carries(held.role, right))

    @property
    def roles(self) -> frozenset[Role]:
        """The names of the roles, whatever they are held over."""
        return frozenset(held.role for held in self.held)

    @property
    def has_desk(self) -> bool:
        """Is there a page in the office for one of the roles?"""
        return any(self.may_somewhere(right) for right in AT_A_DESK)

    @property
    def is_owner(self) -> bool:
        """Runs the installation; or the system, which works on its behalf."""
        return self.may(Right.RUN)


VISITOR = Actor(ActorKind.VISITOR)
SYSTEM = Actor(ActorKind.SYSTEM)


def person(person_id: int, *, event_id: int | None = None) -> Actor:
    """The actor behind a signed link; ``event_id`` narrows the link to one event."""
    return Actor(ActorKind.PERSON, person_id, event_id=event_id)


def account(account_id: int, held: Iterable[Held | Role] = ()) -> Actor:
    """The actor behind a signed-in session. A bare role is held over the whole installation."""
    return Actor(
        ActorKind.ACCOUNT,
        account_id,
        frozenset(one if isinstance(one, Held) else Held(one) for one in held),
    )
