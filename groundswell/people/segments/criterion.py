"""A way to choose people, as a room offers it to the segment builder.

The room says what it wants to know (``parameters``), whom that chooses (``fits``) and how the
sentence goes on. It never sees the other rows: the compiler decides which one to ask first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from groundswell.kernel.actor import Actor
from groundswell.kernel.roles import Right
from groundswell.people.segments.parameters import Parameter


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and when: the same row may choose others tomorrow, and for somebody else."""

    by: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of another table, each about somebody: ``link`` is the column with the person's id."""

    found: QuerySet[Any]
    link: str = "person_id"


class Family(IntEnum):
    """The groups of the builder's list, in their order."""

    PERSON = 1
    WHERE = 2
    DID = 3
    CAME_BY = 4
    CONTACT = 5
    SEGMENT = 6


Given = Mapping[str, Any]
Fits = Callable[[Given, Asking], Q | Rows]
Clause = Callable[[Given, Mapping[str, str], bool], str]


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One way to choose people.

    ``title`` stands in the builder's list. ``says`` and ``says_not`` go on after “Keep only people
    who …” with the parameters' names as placeholders; where optional parameters change the
    sentence, ``clause`` makes both. ``needs``: it is asked only about people over whom the actor
    carries this right, as what it tells is not for everybody who may know the name.
    """

    name: str  # "people.tag"; in saved segments, so it never changes
    family: Family
    title: str | Promise
    fits: Fits
    says: str | Promise = ""
    says_not: str | Promise = ""
    clause: Clause | None = None
    parameters: tuple[Parameter, ...] = ()
    hint: str | Promise = ""
    needs: Right = Right.SEE_FIRST_NAMES
    can_be_not: bool = True

    def words(self, given: Given, shown: Mapping[str, str], *, is_not: bool) -> str:
        """How the sentence goes on, in the reader's language."""
        if self.clause is not None:
            return self.clause(given, shown, is_not)
        return str(self.says_not if is_not else self.says).format(**shown)
