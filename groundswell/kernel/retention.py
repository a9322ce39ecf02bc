"""The socket for what goes by itself: each timed rule's rows, so that they can be counted before.

The room that purges a table plugs the very question that its purge asks (config/wiring.py). So
the preview and the purge cannot tell two stories.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from groundswell.kernel.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One timed rule. ``due(at)`` are the rows that it removes, or cuts, when it runs at ``at``."""

    label: str  # "events.rsvp": the table
    what: str | Promise
    rule: str | Promise
    due: Callable[[datetime], QuerySet[Any]]
    by: str  # the schedule line that carries it out


rules: Registry[Rule] = Registry()


@dataclass(frozen=True, slots=True)
class Preview:
    """How many rows of one rule would go at once, and how many within the days ahead, those
    included."""

    rule: Rule
    now: int
    soon: int


def preview(now: datetime, soon: datetime) -> list[Preview]:
    """Every rule in the order of the wiring, two counts each."""
    return [Preview(rule, rule.due(now).count(), rule.due(soon).count()) for _name, rule in rules]
