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
rounds_when_paused: list[Round] = []
pauses: list[Callable[[], bool]] = []

URGENT = 40  # jobs of this priority run even while everything else is paused


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


def plug_round(work: Round, *, when_paused: bool = False) -> None:
    """Let ``work`` run in every round of the worker; it returns how much it did.

    ``when_paused``: also while the installation is paused; it then decides what may still happen.
    """
    rounds.append(work)
    if when_paused:
        rounds_when_paused.append(work)


def plug_pause(is_on: Callable[[], bool]) -> None:
    """Let the worker rest while ``is_on()``: no schedule, and only jobs that are urgent."""
    pauses.append(is_on)


def is_paused() -> bool:
    """Asked before every round and every job."""
    return any(is_on() for is_on in pauses)


def unplug_all() -> None:
    """Empty every socket (tests)."""
    for socket in (facts, reactions, hears, priorities):
        socket.clear()
    for row in (schedules, rounds, rounds_when_paused, pauses):
        row.clear()
