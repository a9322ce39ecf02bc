"""The worker's loop: rounds while there is work, short rests while there is none."""

from __future__ import annotations

import logging
import signal
import time
from types import FrameType

from django.db import InterfaceError, OperationalError, close_old_connections, connections

from groundswell.ledger import worker

log = logging.getLogger(__name__)

SHORTEST_REST = 0.1
LONGEST_REST = 1.0
LONGEST_WAIT_FOR_DATABASE = 10.0


def _stop(_number: int, _frame: FrameType | None) -> None:
    worker.stop()


def run(*, once: bool = False) -> int:
    """Do what is due until SIGTERM or SIGINT (a job under way is finished), or once until idle.

    Returns the work done. A database that does not answer is waited for.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    total, rest, wait = 0, SHORTEST_REST, LONGEST_REST
    while not worker.is_stopping():
        try:
            close_old_connections()
            done = worker.run_round()
        except (OperationalError, InterfaceError) as error:
            if once:
                raise
            log.error("the database does not answer (%s); trying again", type(error).__name__)
            connections.close_all()
            _rest(wait)
            wait = min(wait * 2, LONGEST_WAIT_FOR_DATABASE)
            continue
        total, wait = total + done, LONGEST_REST
        if done:
            rest = SHORTEST_REST
        elif once:
            break
        else:
            _rest(rest)
            rest = min(rest * 1.5, LONGEST_REST)
    connections.close_all()
    return total


def _rest(seconds: float) -> None:
    """Sleep in short pieces, because a handled signal does not end a sleep."""
    until = time.monotonic() + seconds
    while not worker.is_stopping() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 0.1))
