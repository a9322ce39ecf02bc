"""Workers to be killed: imports everything once, then forks one for each line it reads.

    python -m tests.outreach.killable honest|blind-retry|mark-first

Prints ``ready``, then the process id of each worker. A worker is the real one: schedules, jobs,
delivery, in an endless loop. The two other policies are what the promise is measured against.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from typing import Any

import django

django.setup()

from django.db import connections, transaction

from groundswell.kernel import clock
from groundswell.ledger import worker
from groundswell.outreach import kinds
from groundswell.outreach.delivery import outcomes, rounds
from groundswell.outreach.mail import compiled
from groundswell.outreach.models import Message


def _blind_retry() -> None:
    """Whatever may have left is sent again."""
    outcomes._promise = lambda _message: kinds.Promise.AT_LEAST_ONCE


def _mark_first() -> None:
    """A message counts as sent before it is handed over."""
    really = rounds.gate.pass_gate

    def marked(messages: list[Message]) -> Any:
        with transaction.atomic():
            passed = really(messages)
            Message.objects.filter(id__in=[each.weighed.message.id for each in passed]).update(
                state=Message.State.SENT, done_at=clock.now(), lease_token=None, lease_until=None
            )
        return passed

    rounds.gate.pass_gate = marked


POLICIES = {"honest": lambda: None, "blind-retry": _blind_retry, "mark-first": _mark_first}


def _work() -> None:
    os.setsid()
    os.close(0)
    while True:
        if not worker.run_round():
            time.sleep(0.005)


def main(policy: str) -> None:
    logging.disable(logging.WARNING)  # a lease that was lost is what this is about
    POLICIES[policy]()
    compiled.template("did_you_make_it", "en", frozenset({"campaign", "stop", "unproven"}))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the killed ones
    print("ready", flush=True)
    for _line in sys.stdin:
        connections.close_all()
        pid = os.fork()
        if pid == 0:
            _work()
        print(pid, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
