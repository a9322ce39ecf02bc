"""The sockets of the ledger: which function hears which fact, and what runs when.

``config/wiring.py`` fills them once at start; nothing else does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from groundswell.kernel.actor import Actor
from groundswell.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class Happening:
    """A recorded fact as a reaction receives it."""

    entry_id: int
    at: datetime
    by: Actor
    fact: Any  # the Fact; typed by the reaction that takes it


Reaction = Callable[[Happening], None]
Round = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A task that is enqueued once per period, by whichever worker looks first."""

    name: str
    every: timedelta
    task: Any  # django_tasks.Task


facts: dict[str, type[Fact]] = {}
reactions: dict[str, Reaction] = {}
hears: dict[str, list[str]] = {}
priorities: dict[str, int] = {}
schedules: list[Schedule] = []
rounds: list[Round] = []


def plug_fact(cls: type[Fact]) -> None:
    facts[cls.kind()] = cls
    hears.setdefault(cls.kind(), [])


def plug_reaction(cls: type[Fact], reaction: Reaction, *, priority: int = 0) -> None:
    """Let ``reaction`` run once, in the worker, for every recorded ``cls``."""
    name = f"{reaction.__module__.removeprefix('groundswell.')}.{reaction.__name__}"
    plug_fact(cls)
    if name not in hears[cls.kind()]:
        hears[cls.kind()].append(name)
    reactions[name] = reaction
    priorities[name] = priority


def plug_schedule(name: str, every: timedelta, task: Any) -> None:
    schedules.append(Schedule(name, every, task))


def plug_round(work: Round) -> None:
    """Let ``work`` run in every round of the worker; it returns how much it did."""
    rounds.append(work)


def unplug_all() -> None:
    """Empty every socket (tests)."""
    for socket in (facts, reactions, hears, priorities):
        socket.clear()
    schedules.clear()
    rounds.clear()
