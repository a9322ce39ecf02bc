"""Writers wait in the kernel's queue instead of asking again and again.

SQLite lets one transaction write at a time. Whoever finds the lock taken sleeps and tries again,
longer each time, up to a tenth of a second: under load some wait half a second beside a lock that
is free. Here a transaction first locks a file beside the database, where the kernel wakes the next
one at once. SQLite's own lock still decides; a writer that is not in the queue is merely less fair.
"""

from __future__ import annotations

import fcntl
import os
from typing import Any

from django.db.backends.sqlite3 import base

from groundswell.site.sqlite.schema import DatabaseSchemaEditor

_Django: Any = base.DatabaseWrapper  # its types leave out the methods that backends override


class DatabaseWrapper(_Django):  # type: ignore[misc]  # for the same reason
    """Queues before BEGIN, leaves the queue after COMMIT or ROLLBACK."""

    SchemaEditorClass = DatabaseSchemaEditor
    # Any other name for a whole number keeps ids in a second tree beside the table: written with
    # every row, and gone through for every row that is looked up (sqlite.org/lang_createtable.html,
    # "ROWIDs and the INTEGER PRIMARY KEY"). An "integer" has 64 bits all the same.
    data_types = {**_Django.data_types, "BigIntegerField": "integer"}  # as Django has it
    _queue: int | None = None  # the open lock file of this connection

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        made = super().get_new_connection(conn_params)
        if not self.is_in_memory_db():
            path = f"{self.settings_dict['NAME']}-queue"
            self._queue = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return made

    def _start_transaction_under_autocommit(self) -> None:
        if self._queue is not None:
            fcntl.flock(self._queue, fcntl.LOCK_EX)
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave_queue()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()
        finally:
            self._leave_queue()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._leave_queue()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            if self._queue is not None:
                os.close(self._queue)  # and with it the lock
                self._queue = None

    def _leave_queue(self) -> None:
        if self._queue is not None:
            fcntl.flock(self._queue, fcntl.LOCK_UN)
