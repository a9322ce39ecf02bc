"""What people wait for: quarantine, reports, conversations, events that somebody must look at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.events.queries import finding as events_finding
from groundswell.events.queries import guarded
from groundswell.kernel import clock, formats
from groundswell.metrics.checkup.finding import Finding, ago, unsafe, well
from groundswell.outreach import talking

TOO_LONG = timedelta(days=2)
TOO_LONG_FOR_EVENTS = timedelta(days=7)


def waiting() -> Iterator[Finding]:
    """Each that waits for longer than two days, events for longer than a week."""
    late = [found for ask in (_reports, _conversations, _quarantine, _events) for found in ask()]
    yield from late or [well(_("Nothing has waited for a decision too long."))]


def _is_late(since: datetime | None, most: timedelta = TOO_LONG) -> bool:
    return since is not None and clock.now() - since > most


def _worded(words: str, count: int, since: datetime | None) -> str:
    return words.format(number=formats.number(count), ago=ago(since or clock.now()))


def _reports() -> Iterator[Finding]:
    since, count = guarded.reported_since(), guarded.reported_count()
    if _is_late(since):
        words = ngettext(
            "{number} event was reported, the first time {ago}, and nobody has looked: somebody "
            "may come to harm there.",
            "{number} events were reported, the first {ago}, and nobody has looked: somebody may "
            "come to harm there.",
            count,
        )
        what_to_do = _("Read what visitors say, and decide.")
        yield unsafe(_worded(words, count, since), what_to_do, "reports", _("Read the reports"))


def _conversations() -> Iterator[Finding]:
    since, count = talking.to_look_at_since(), talking.count_to_look_at()
    if _is_late(since):
        words = ngettext(
            "{number} conversation was reported, or a message in it is held back, {ago}: "
            "people wait for an answer.",
            "{number} conversations were reported, or messages in them are held back, the first "
            "{ago}: people wait for an answer.",
            count,
        )
        what_to_do = _("Look at each, and open it again or close it.")
        yield unsafe(_worded(words, count, since), what_to_do, "relay", _("Look at it"))


def _quarantine() -> Iterator[Finding]:
    since, count = guarded.quarantined_since(), sum(guarded.count_by_reason().values())
    if _is_late(since):
        words = ngettext(
            "{number} sign-up or event came into quarantine {ago}: its person may think that all "
            "is well.",
            "{number} sign-ups and events are in quarantine, the first {ago}: their people may "
            "think that all is well.",
            count,
        )
        what_to_do = _("Decide before they go by themselves: sign-ups after 7 days, events after "
                       "30.")  # fmt: skip
        yield unsafe(_worded(words, count, since), what_to_do, "quarantine", _("Let in or delete"))


def _events() -> Iterator[Finding]:
    waits = events_finding.waiting_for_review()
    first = waits.first()
    if first is not None and _is_late(first.created_at, TOO_LONG_FOR_EVENTS):
        count = waits.count()
        words = ngettext(
            "{number} event came in {ago} and waits for approval: its host hears nothing from you.",
            "{number} events wait for approval, the first {ago}: their hosts hear nothing from "
            "you.",
            count,
        )
        what_to_do = _("Review the events of that campaign.")
        sentence = _worded(words, count, first.created_at)
        yield unsafe(sentence, what_to_do, "home", _("Review events"))


QUESTIONS = (waiting,)
