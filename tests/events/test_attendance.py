"""Ticking in, their own word, and reports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from groundswell.events.models import Report
from groundswell.events.operations import attendance, hosting, rsvps
from groundswell.kernel.actor import VISITOR
from tests.factories import events as make

pytestmark = pytest.mark.django_db


def test_check_in_and_its_undo(still_clock: Any) -> None:
    event = make.listed_event()
    rsvp = make.signed_up(event)
    host = make.host_of(event)
    still_clock.move_to(event.starts_at)

    attendance.check_in(rsvp_id=rsvp.id, here=True, by=host)
    rsvp.refresh_from_db()
    there = (rsvp.came, rsvp.checked_in_at)
    attendance.check_in(rsvp_id=rsvp.id, here=False, by=host)
    rsvp.refresh_from_db()

    assert there == (True, event.starts_at)
    assert (rsvp.came, rsvp.checked_in_at) == (None, None)


def test_check_in_opens_twelve_hours_before(still_clock: Any) -> None:
    event = make.listed_event()
    rsvp = make.signed_up(event)
    still_clock.move_to(event.starts_at - timedelta(hours=13))

    with pytest.raises(attendance.NotYet):
        attendance.check_in(rsvp_id=rsvp.id, here=True, by=make.host_of(event))


def test_check_in_by_anybody_else_is_refused(still_clock: Any) -> None:
    event = make.listed_event()
    rsvp = make.signed_up(event)
    still_clock.move_to(event.starts_at)

    for stranger in (VISITOR, make.supporter_of(rsvp)):
        with pytest.raises(hosting.NotYourEvent):
            attendance.check_in(rsvp_id=rsvp.id, here=True, by=stranger)


def test_cancelled_sign_up_cannot_be_ticked_in(still_clock: Any) -> None:
    event = make.listed_event()
    rsvp = make.signed_up(event)
    rsvps.cancel_rsvp(rsvp_id=rsvp.id, by=make.supporter_of(rsvp))
    still_clock.move_to(event.starts_at)

    with pytest.raises(attendance.NotGoing):
        attendance.check_in(rsvp_id=rsvp.id, here=True, by=make.host_of(event))


def test_own_word_never_overwrites_the_hosts_tick(still_clock: Any) -> None:
    event = make.listed_event()
    ticked, silent = make.signed_up(event), make.signed_up(event)
    still_clock.move_to(event.ends_at)
    attendance.check_in(rsvp_id=ticked.id, here=True, by=make.host_of(event))

    for rsvp in (ticked, silent):
        attendance.tell_attendance(rsvp_id=rsvp.id, came=False, by=make.supporter_of(rsvp))
        rsvp.refresh_from_db()

    assert (ticked.came, silent.came) == (True, False)


def test_own_word_before_the_event_is_refused() -> None:
    rsvp = make.signed_up(make.listed_event())

    with pytest.raises(attendance.NotStartedYet):
        attendance.tell_attendance(rsvp_id=rsvp.id, came=True, by=make.supporter_of(rsvp))


def test_filing_a_report_again_replaces_it(still_clock: Any) -> None:
    event = make.listed_event()
    host = make.host_of(event)
    still_clock.move_to(event.ends_at)

    for best in (30, 31):
        attendance.file_report(
            event_id=event.id, low=25, best=best, high=40, sentence="It rained.", by=host
        )

    report = Report.objects.get()
    assert (report.low_count, report.best_count, report.high_count) == (25, 31, 40)


@pytest.mark.parametrize(
    ("low", "best", "high", "refusal"),
    [
        (31, 30, 40, attendance.CountsDoNotFit),
        (20, 30, 29, attendance.CountsDoNotFit),
        (None, -1, None, attendance.CountOutOfRange),
        (None, 2**70, None, attendance.CountOutOfRange),
    ],
)
def test_report_counts_that_do_not_fit_are_refused(
    low: int | None, best: int, high: int | None, refusal: type[Exception], still_clock: Any
) -> None:
    event = make.listed_event()
    still_clock.move_to(event.ends_at)

    with pytest.raises(refusal):
        attendance.file_report(
            event_id=event.id, low=low, best=best, high=high, sentence="", by=make.host_of(event)
        )
