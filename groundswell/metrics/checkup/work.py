"""Background work: is somebody doing it, in time, and what was given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.kernel import clock, formats, retention
from groundswell.ledger import queries as ledger_queries
from groundswell.metrics.checkup.finding import Finding, ago, unsafe, well
from groundswell.site import queries as site_queries

LATE = timedelta(minutes=5)  # a worker that runs takes a job within seconds
SCHEDULE_LATE = timedelta(minutes=30)


def waiting() -> Iterator[Finding]:
    queue = ledger_queries.jobs_waiting()
    if queue.oldest_at is None:
        yield well(_("No job waits."))
        return
    words = ngettext("{number} job waits.", "{number} jobs wait.", queue.ready)
    sentence = words.format(number=formats.number(queue.ready))
    if clock.now() - queue.oldest_at < LATE:
        yield well(sentence)
    else:
        yield unsafe(
            _("{jobs} The oldest should have run {ago}.").format(
                jobs=sentence, ago=ago(queue.oldest_at)
            ),
            _("Is a worker running? Start one with: groundswell worker"),
        )


def given_up() -> Iterator[Finding]:
    failed = ledger_queries.jobs_waiting().failed
    if not failed:
        yield well(_("No job has failed."))
        return
    words = ngettext("{number} job was given up.", "{number} jobs were given up.", failed)
    yield unsafe(
        words.format(number=formats.number(failed)),
        _("The health page lists them, with the place in the code where each one failed."),
    )


def schedules() -> Iterator[Finding]:
    """Nothing is late while the panic lock stops it: the lock has a sentence of its own."""
    if site_queries.is_locked():
        return
    late = ledger_queries.late_schedules(SCHEDULE_LATE)
    forgets = {rule.by for _name, rule in retention.rules}
    if not late:
        yield well(_("Everything that runs by the clock has run in time."))
    elif forgets & set(late):
        yield unsafe(
            _("What should go by itself has not gone lately: you hold more about people than you "
              "told them."),
            _("Start a worker: groundswell worker. It catches up."),
            "retention", _("See what waits"),
        )  # fmt: skip
    else:
        yield unsafe(
            _("What runs by the clock has not run lately, such as reminders: {names}.").format(
                names=", ".join(late)
            ),
            _("Start a worker: groundswell worker. It catches up."),
        )


QUESTIONS = (waiting, given_up, schedules)
