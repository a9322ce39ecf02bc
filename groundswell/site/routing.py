"""Data keys live in a database of their own, with backups of their own (DESIGN section 9).

The anchors of the log lie beside them: what is kept against the main database must not lie in it.
"""

from __future__ import annotations

from typing import Any

KEYS_DATABASE = "keys"


_ITS_TABLES = {"datakey", "anchor"}


def _is_key(model_name: str | None, app_label: str) -> bool:
    return app_label == "site" and (model_name or "").lower() in _ITS_TABLES


class KeysRouter:
    """Sends data keys and anchors to the keys database and everything else away from it."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return KEYS_DATABASE if _is_key(model._meta.model_name, model._meta.app_label) else None

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        return self.db_for_read(model)

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        return None

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        return (db == KEYS_DATABASE) == _is_key(model_name, app_label)
