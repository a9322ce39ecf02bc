"""Rate limits: at most so many per key and window, exact however many ask at once.

Call :func:`take` before the work it protects, outside the operation's transaction: what is rolled
back does not count.
"""

from __future__ import annotations

from datetime import timedelta

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
