"""Rate limits: at most so many per key and window, exact however many ask at once.

Call :func:`take` before the work it protects, outside the operation's transaction: what is rolled
back does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from groundswell.accounts.models import Limit
from groundswell.kernel import clock
from groundswell.kernel.ids import new_id
from groundswell.site import vault

# One statement decides and counts, so two takers can never both see the last free place. The ORM
# has no insert-or-update with a condition; SQLite (3.24+) and PostgreSQL share this form.
_TAKE = """
INSERT INTO accounts_limit (id, name, key, window_ends_at, taken)
VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (name, key) DO UPDATE SET
    taken = CASE WHEN accounts_limit.window_ends_at <= %s THEN 1 ELSE accounts_limit.taken + 1 END,
    window_ends_at = CASE WHEN accounts_limit.window_ends_at <= %s
                          THEN excluded.window_ends_at ELSE accounts_limit.window_ends_at END
WHERE accounts_limit.window_ends_at <= %s OR accounts_limit.taken < %s
"""

# Counts without ever refusing, many keys in one statement; answers how many each has had.
_TALLY_ROW = "(%s, %s, %s, %s, 1)"
_TALLY = """
INSERT INTO accounts_limit (id, name, key, window_ends_at, taken)
VALUES {rows}
ON CONFLICT (name, key) DO UPDATE SET
    taken = CASE WHEN accounts_limit.window_ends_at <= %s THEN 1 ELSE accounts_limit.taken + 1 END,
    window_ends_at = CASE WHEN accounts_limit.window_ends_at <= %s
                          THEN excluded.window_ends_at ELSE accounts_limit.window_ends_at END
RETURNING name, taken
"""


@dataclass(frozen=True, slots=True)
class Counter:
    """Something that is counted per window: what, for which key, how long a window is."""

    name: str
    key: str
    per: timedelta


def tally(counters: Sequence[Counter]) -> dict[str, int]:
    """Count one more for each, in one statement of the caller's transaction; the counts by name.

    For signals rather than limits: nothing is refused, and what is rolled back does not count.
    Keys are stored only as blind indexes. Give the counters in one order everywhere, the busiest
    last: their rows stay locked until the commit.
    """
    if not counters:
        return {}
    now = clock.now()
    adapt = connection.ops.adapt_datetimefield_value
    values: list[Any] = []
    for one in counters:
        blind = vault.blind(f"limit.{one.name}", one.key)
        values += [new_id(), one.name, blind, adapt(now + one.per)]
    rows = ", ".join([_TALLY_ROW] * len(counters))
    with connection.cursor() as cursor:
        cursor.execute(_TALLY.format(rows=rows), [*values, adapt(now), adapt(now)])
        return dict(cursor.fetchall())


def take(name: str, key: str, *, most: int, per: timedelta) -> bool:
    """Take one of ``most`` places that ``key`` has per window of length ``per``.

    Returns False when none is left. ``key`` (an e-mail address, an account id) is stored only as
    a blind index. The window starts with the first take.
    """
    if most < 1:
        return False
    now = clock.now()
    now_bound = connection.ops.adapt_datetimefield_value(now)
    ends_bound = connection.ops.adapt_datetimefield_value(now + per)
    blind = vault.blind(f"limit.{name}", key)
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            [new_id(), name, blind, ends_bound, now_bound, now_bound, now_bound, most],
        )
        return bool(cursor.rowcount == 1)


@transaction.atomic
def sweep_limits() -> int:
    """Forget windows that are over; returns how many."""
    return Limit.objects.filter(window_ends_at__lte=clock.now()).delete()[0]


def is_over(ending: str, most: int) -> bool:
    """Whether any counter whose name ends so has passed ``most`` in its current window."""
    return Limit.objects.filter(
        name__endswith=ending, taken__gt=most, window_ends_at__gt=clock.now()
    ).exists()
