"""SQLite is only safe with certain settings: the house does not start without them."""

from __future__ import annotations

from django.db import connections

# Why each: docs/decisions/0003-sqlite-settings.md. The values are those that SQLite answers.
WANTED = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "foreign_keys": 1,
    "secure_delete": 1,
}
LEAST_BUSY_TIMEOUT_MS = 20_000


def fold_log(alias: str) -> None:
    """Fold SQLite's log into the file and empty it, so that it keeps nothing that was replaced."""
    if connections[alias].vendor == "sqlite":
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def wrong_pragmas(alias: str) -> list[str]:
    """One sentence for each setting of this database that is not safe; none on PostgreSQL."""
    connection = connections[alias]
    if connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite only
        return []
    found = {}
    with connection.cursor() as cursor:
        for name in (*WANTED, "busy_timeout"):
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchone()[0]
    wrong = [
        f"{alias}: PRAGMA {name} is {found[name]} and must be {value}; is this a local disk?"
        for name, value in WANTED.items()
        if found[name] != value
    ]
    if found["busy_timeout"] < LEAST_BUSY_TIMEOUT_MS:
        wrong.append(
            f"{alias}: the busy timeout is {found['busy_timeout']} ms; take 20000 or more."
        )
    if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        wrong.append(f"{alias}: transaction_mode must be IMMEDIATE.")
    return wrong
