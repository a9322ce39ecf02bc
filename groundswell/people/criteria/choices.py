"""Parameters and days that several criteria ask for, of this room and of those above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from groundswell.kernel.actor import Actor
from groundswell.people.segments.criterion import Asking
from groundswell.people.segments.parameters import Choices, Number, OneOf

DAYS_MOST = 3650


def fixed(*choices: tuple[str, str | Promise]) -> Choices:
    """Choices that are the same for everybody."""

    def every(by: Actor) -> Sequence[tuple[str, str | Promise]]:
        return choices

    return every


def begins(day: date) -> datetime:
    """The first moment of a day, in UTC."""
    return datetime.combine(day, time(), UTC)


def day_before(asking: Asking, days: int) -> date:
    """The first of the last so many days."""
    return asking.now.date() - timedelta(days=days)


def moment_before(asking: Asking, days: int) -> datetime:
    """The first moment of the last so many days."""
    return begins(day_before(asking, days))


DAYS = Number(
    name="days", label=gettext_lazy("In the last how many days"), most=DAYS_MOST, is_optional=True
)
LATELY = Number(
    name="days", label=gettext_lazy("In the last how many days"), most=DAYS_MOST, default=30
)
CHANNEL = OneOf(
    name="channel",
    label=gettext_lazy("By"),
    default="email",
    choices=fixed(("email", gettext_lazy("E-mail")), ("text", gettext_lazy("Text message"))),
)
