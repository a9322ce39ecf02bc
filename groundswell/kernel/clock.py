"""The one clock of the house.

Everything that asks what time it is asks here, so that a replay of a past day of action can
move through its days in order, and a test can stand still.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_moved: ContextVar[datetime | None] = ContextVar("moved_clock", default=None)


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return _moved.get() or datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let the house believe that it is ``instant`` (aware) inside the block.

    Raises ValueError for a naive instant: a time without a zone has no meaning here.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    token = _moved.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)
