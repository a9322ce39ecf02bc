"""A thread of every process that drops its opened data keys while the panic lock is on.

A request or a round of the worker notices the lock by itself; this is for a process that nobody
asks anything at that moment.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import Error, connections

from groundswell.site import queries as site_queries
from groundswell.site import vault

log = logging.getLogger(__name__)

EVERY_SECONDS = 2.0


def look() -> bool:
    """Look once. Returns whether the lock is on; then this process holds no opened key."""
    is_on = site_queries.is_locked()
    if is_on:
        vault.forget()
    return is_on


def _watch() -> None:
    while True:
        try:
            look()
        except Error as error:
            log.warning("the lock cannot be read (%s)", type(error).__name__)
            connections.close_all()
        time.sleep(EVERY_SECONDS)


def start() -> None:
    """Begin to look, in a thread that ends with the process."""
    threading.Thread(target=_watch, name="lock", daemon=True).start()
