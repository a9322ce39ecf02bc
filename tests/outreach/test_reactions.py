"""What is written for whom when something happened, once however often the reaction runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from groundswell.accounts import operations as account_ops
from groundswell.accounts.models import Account
from groundswell.events.models import Event
from groundswell.events.operations import hosting, messages, proving, reviewing, rsvps
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, VISITOR, Role
from groundswell.ledger import wires, worker
from groundswell.ledger.models import Entry, Job
from groundswell.outreach import kinds, queries
from groundswell.outreach.models import Message, ReminderPlan
from groundswell.outreach.operations import fanning
from tests.factories import events as make
from tests.factories.campaigns import ACTION_DAY

pytestmark = pytest.mark.django_db
Work = Callable[[], int]


def written(**about: Any) -> Counter[str]:
    return Counter(Message.objects.filter(**about).values_list("kind", flat=True))


def only_new(work: Work) -> None:
    """Everything so far is told and forgotten."""
    work()
    Message.objects.all().delete()


def test_a_sign_up_is_confirmed_by_the_state_it_got(work: Work) -> None:
    event = make.listed_event(capacity=1)
    seated, waiting = make.signed_up(event), make.signed_up(event)

    work()

    assert (written(rsvp_id=seated.id), written(rsvp_id=waiting.id)) == (
        {"rsvp_going": 1},
        {"rsvp_waiting": 1},
    )


def test_who_signs_up_again_gets_the_mail_once_more_a_day(work: Work, still_clock: Any) -> None:
    event = make.listed_event()
    rsvp = make.signed_up(event, email="amina@example.org")
    only_new(work)

    told = []
    for minutes in (5, 30, 30, 24 * 60):
        still_clock.shift(timedelta(minutes=minutes))
        make.signed_up(event, email="amina@example.org")
        work()
        told.append(written(rsvp_id=rsvp.id)["rsvp_going"])

    assert told == [0, 1, 1, 2]


def test_a_cancelled_seat_is_told_to_who_moves_up_and_not_to_who_cancelled(work: Work) -> None:
    event = make.listed_event(capacity=1)
    seated, waiting = make.signed_up(event), make.signed_up(event)
    only_new(work)

    rsvps.cancel_rsvp(rsvp_id=seated.id, by=make.supporter_of(seated))
    work()

    assert (written(rsvp_id=seated.id), written(rsvp_id=waiting.id)) == ({}, {"seat_promoted": 1})


def test_who_is_cancelled_by_the_office_is_told(work: Work) -> None:
    rsvp = make.signed_up(make.listed_event())
    only_new(work)

    rsvps.cancel_rsvp(rsvp_id=rsvp.id, by=SYSTEM)
    work()

    assert written(rsvp_id=rsvp.id) == {"rsvp_cancelled": 1}


def test_a_host_gets_the_link_and_each_decision(work: Work) -> None:
    event = make.unproven_event()
    work()
    assert written() == {"host_link": 1}

    hosting.prove_host(event_id=event.id, by=make.host_of(event))
    reviewing.ask_host(event_id=event.id, words="Which door?", by=SYSTEM)
    reviewing.approve(event_id=event.id, by=SYSTEM)
    work()

    assert written(person_id=event.host_id) == {
        "host_link": 1,
        "host_asked": 1,
        "host_listed": 1,
    }


@pytest.mark.parametrize("how", ["decline", "cancel by office", "cancel by host", "lapse"])
def test_an_event_that_is_off_is_told_to_everybody_and_reminds_nobody(work: Work, how: str) -> None:
    event = make.waiting_event() if how == "decline" else make.unproven_event()
    if how.startswith("cancel"):
        event = make.listed_event(event.campaign, host="other@example.org")
    going = make.signed_up(event)
    gone = make.signed_up(event)
    rsvps.cancel_rsvp(rsvp_id=gone.id, by=make.supporter_of(gone))
    only_new(work)

    if how == "decline":
        reviewing.decline(event_id=event.id, words="Too near to another one.", by=SYSTEM)
    elif how == "lapse":
        with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
            hosting.tidy_hosting.call()
            work()
    else:
        by = SYSTEM if how == "cancel by office" else make.host_of(event)
        hosting.cancel_event(event_id=event.id, words="Flooded.", by=by)
    work()

    assert written(rsvp_id=going.id) == {"event_cancelled": 1}
    assert written(rsvp_id=gone.id) == {}
    told_host = {"decline": {"host_declined": 1}, "cancel by office": {"host_cancelled": 1}}
    assert written(person_id=event.host_id) == told_host.get(how, {})
    assert ReminderPlan.objects.filter(event=event).count() == 0


def _change(event: Event, words: str = "The hall is closed.", **others: Any) -> None:
    hosting.change_event(
        event_id=event.id, plan=make.plan(**others), words=words, by=make.host_of(event)
    )


def test_a_move_is_told_to_who_signed_up_before_it(work: Work) -> None:
    event = make.listed_event()
    before = make.signed_up(event)
    only_new(work)

    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        _change(event, place=make.leeds(venue="Town hall"))
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        after = make.signed_up(event)
        work()

    assert (written(rsvp_id=before.id), written(rsvp_id=after.id)) == (
        {"event_changed": 1},
        {"rsvp_going": 1},
    )


def test_a_new_title_is_told_to_nobody(work: Work) -> None:
    event = make.listed_event()
    rsvp = make.signed_up(event)
    only_new(work)

    _change(event, words="", title="Another name")
    work()

    assert written(rsvp_id=rsvp.id) == {}


def test_a_hosts_words_go_to_who_is_going(work: Work) -> None:
    event = make.listed_event(capacity=1)
    going, waiting = make.signed_up(event), make.signed_up(event)
    only_new(work)

    messages.message_people(event_id=event.id, body="Bring tea.", by=make.host_of(event))
    work()

    assert (written(rsvp_id=going.id), written(rsvp_id=waiting.id)) == ({"host_message": 1}, {})


# --- accounts ----------------------------------------------------------------------------------


@pytest.fixture
def owner() -> Account:
    return account_ops.create_account(
        email="olga@example.org", name="Olga", roles=[Role.OWNER], by=SYSTEM
    )


def test_a_code_goes_to_an_account_and_to_nobody_else(work: Work, owner: Account) -> None:
    account_ops.ask_code(email="olga@example.org", language="es", by=VISITOR)
    account_ops.ask_code(email="nobody@example.org", language="es", by=VISITOR)

    work()

    found = Message.objects.get()
    assert (found.kind, found.account_id, found.language, found.priority) == (
        "sign_in_code",
        owner.id,
        "es",
        kinds.Priority.SIGN_IN,
    )
    assert found.expires_at == clock.now() + timedelta(minutes=15)
    assert [mail.to for mail in queries.shown_mails()] == ["olga@example.org"]


def test_an_invitation_carries_a_link_that_signs_in(work: Work, owner: Account) -> None:
    account_ops.invite(email="new@example.org", name="Nia", role=Role.ORGANISER, by=SYSTEM)

    work()

    mail = queries.shown_mails()[0]
    assert (mail.to, mail.kind) == ("new@example.org", "account_invited")
    assert mail.text.count("/sign-in/link/") == 1


# --- once --------------------------------------------------------------------------------------


def test_every_reaction_run_twice_writes_the_same_messages(work: Work) -> None:
    event = make.listed_event(capacity=1)
    make.signed_up(event), make.signed_up(event)
    messages.message_people(event_id=event.id, body="Hello.", by=make.host_of(event))
    _change(event, place=make.leeds(venue="Town hall"), capacity=2)
    hosting.cancel_event(event_id=event.id, words="Flooded.", by=SYSTEM)
    work()
    once = written()

    for entry in Entry.objects.order_by("id"):
        Job.objects.bulk_create(
            Job(name=name, entry_id=entry.id, run_after=clock.now(), created_at=clock.now())
            for name in wires.hears.get(entry.kind, ())
        )
    assert Job.objects.count() > 8
    work()

    assert written() == once
    assert once["event_cancelled"] == 2


def test_telling_everybody_moves_in_steps_and_leaves_nobody_out(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanning, "AT_ONCE", 3)
    event = make.listed_event()
    people = [make.signed_up(event) for _each in range(7)]
    only_new(work)
    messages.message_people(event_id=event.id, body="Hello.", by=make.host_of(event))

    for job in worker.claim():  # the reaction
        worker.run(job)
    steps = []
    while jobs := worker.claim():
        worker.run(jobs[0])
        steps.append(Message.objects.count())

    assert steps == [3, 6, 7]
    assert set(Message.objects.values_list("rsvp_id", flat=True)) == {each.id for each in people}


# --- reminders ---------------------------------------------------------------------------------


def _at(text: str) -> Any:
    from datetime import datetime

    return time_machine.travel(datetime.fromisoformat(text + "+00:00"), tick=False)


def test_reminders_come_at_their_times_and_once(work: Work) -> None:
    event = make.listed_event()  # Saturday 21 March 2026, 11:00 to 12:00 in London
    rsvp = make.signed_up(event)
    proving.prove_rsvps(person_id=rsvp.person_id or 0, by=make.supporter_of(rsvp))
    only_new(work)
    seen = []

    for moment in (
        "2026-03-20T10:59",
        "2026-03-20T11:00",
        "2026-03-20T11:01",
        "2026-03-21T07:59",
        "2026-03-21T08:00",
        "2026-03-21T12:59",
        "2026-03-21T13:00",
        "2026-03-22T10:00",
    ):
        with _at(moment):
            work()
            seen.append(list(Message.objects.order_by("id").values_list("kind", flat=True)))

    day_before, day, made_it = "reminder_day_before", "reminder_day", "did_you_make_it"
    assert seen == [
        [],
        [day_before],
        [day_before],
        [day_before],
        [day_before, day],
        [day_before, day],
        [day_before, day, made_it],
        [day_before, day, made_it, "host_report"],
    ]
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_who_signs_up_after_a_reminder_gets_none(work: Work) -> None:
    event = make.listed_event()
    only_new(work)
    with _at("2026-03-20T11:30"):
        late = make.signed_up(event)
        work()

    assert written(rsvp_id=late.id) == {"rsvp_going": 1}


def test_who_wants_no_reminder_is_asked_only_afterwards(work: Work) -> None:
    event = make.listed_event()
    rsvp = make.signed_up(event, wants_reminder=False)
    only_new(work)
    for moment in ("2026-03-20T11:00", "2026-03-21T08:00", "2026-03-21T13:00"):
        with _at(moment):
            work()

    assert written(rsvp_id=rsvp.id) == {"did_you_make_it": 1}


def test_reminders_move_with_the_event(work: Work) -> None:
    event = make.listed_event()
    make.signed_up(event)
    work()

    _change(event, day=ACTION_DAY + timedelta(days=8))  # the 29th: summer time begins that night
    work()

    plans = dict(ReminderPlan.objects.values_list("kind", "due_at"))
    assert {kind: due.strftime("%d %H:%M") for kind, due in plans.items()} == {
        "reminder_day_before": "28 11:00",
        "reminder_day": "29 07:00",
        "did_you_make_it": "29 12:00",
        "host_report": "30 09:00",
    }


def test_a_change_of_place_sends_no_second_reminder(work: Work) -> None:
    event = make.listed_event()
    rsvp = make.signed_up(event)
    work()
    with _at("2026-03-20T11:00"):
        work()
    with _at("2026-03-20T12:00"):
        _change(event, place=make.leeds(venue="Town hall"))
        work()

    assert written(rsvp_id=rsvp.id) == {
        "rsvp_going": 1,
        "reminder_day_before": 1,
        "event_changed": 1,
    }


def test_a_reminder_of_the_old_time_stops_when_the_event_moves(work: Work) -> None:
    """The plan was due, its messages were written, and the event moved before they left."""
    event = make.listed_event()
    make.signed_up(event)
    work()
    with _at("2026-03-20T11:00"):
        from groundswell.outreach.operations import reminders

        reminders.send_due_reminders.call()
        for job in worker.claim():
            worker.run(job)
        assert Message.objects.filter(kind="reminder_day_before", state="ready").count() == 1

        _change(event, day=ACTION_DAY + timedelta(days=2))
        work()

    reminder = Message.objects.get(kind="reminder_day_before")
    assert (reminder.state, reminder.error) == ("cancelled", "event_moved")


def test_a_plan_that_comes_due_before_the_reaction_to_a_move_writes_nothing(work: Work) -> None:
    event = make.listed_event()
    make.signed_up(event)
    work()
    with _at("2026-03-20T11:00"):
        _change(event, day=ACTION_DAY + timedelta(days=2))
        from groundswell.outreach.operations import reminders

        reminders.send_due_reminders.call()
        for job in Job.objects.filter(name=fanning.remind.module_path):
            assert fanning.remind.call(*job.args["args"]) is None

    assert written(kind="reminder_day_before") == {}


def test_an_event_for_tomorrow_noon_published_today_noon_has_no_reminder_of_yesterday(
    work: Work,
) -> None:
    with _at("2026-03-20T12:00"):
        make.listed_event()
        work()

    assert sorted(ReminderPlan.objects.values_list("kind", flat=True)) == [
        "did_you_make_it",
        "host_report",
        "reminder_day",
    ]


def test_reminders_that_come_too_late_are_not_written(work: Work) -> None:
    """No worker ran from the day before until after the start."""
    event = make.listed_event()
    rsvp = make.signed_up(event)
    work()
    with _at("2026-03-21T11:30"):
        work()

    assert written(rsvp_id=rsvp.id) == {"rsvp_going": 1}
    assert ReminderPlan.objects.filter(fanned_at=None).count() == 2


def test_a_host_who_has_reported_is_not_asked(work: Work) -> None:
    from groundswell.events.operations import attendance

    event = make.listed_event()
    only_new(work)
    with _at("2026-03-22T10:00"):
        attendance.file_report(
            event_id=event.id, low=None, best=5, high=None, sentence="", by=make.host_of(event)
        )
        work()

    assert list(Message.objects.values_list("kind", "state", "error")) == [
        ("host_report", "cancelled", "told_already")
    ]


# --- what is gone meanwhile --------------------------------------------------------------------


def test_a_reaction_to_something_that_is_gone_writes_nothing(work: Work) -> None:
    from django.db import transaction

    from groundswell.events import facts
    from groundswell.ledger import operations as ledger_ops

    ids = {"campaign_id": 1, "event_id": 2}
    personal = {**ids, "person_id": 3, "rsvp_id": 4}
    gone = [
        facts.EventHosted(**ids, person_id=3),
        facts.EventListed(**ids),
        facts.EventDeclined(**ids),
        facts.EventCancelled(**ids),
        facts.EventChanged(**ids, sequence=1, has_moved=True),
        facts.HostMessaged(**ids, message_id=9),
        facts.SeatPromoted(**personal),
        facts.RsvpCancelled(**personal),
        facts.RsvpMade(**personal, state="going", is_proven=True, is_new_person=True),
    ]
    with transaction.atomic():
        ledger_ops.record_many(gone, by=SYSTEM)

    work()

    assert (Message.objects.count(), Job.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("SecondFactorAdded", "A new second step was added"),
        ("SecondFactorRemoved", "A second step was removed"),
        ("RecoveryCodeUsed", "Somebody signed in to your account with a recovery code."),
    ],
)
def test_a_change_of_the_ways_in_is_told_at_once(
    work: Work, owner: Account, fact: str, words: str
) -> None:
    from django.db import transaction

    from groundswell.accounts import facts
    from groundswell.ledger import operations as ledger_ops

    about = {"factor": "passkey"} if fact.startswith("Second") else {}
    with transaction.atomic():
        ledger_ops.record(getattr(facts, fact)(account_id=owner.id, **about), by=SYSTEM)

    work()

    mail = queries.shown_mails()[0]
    assert (mail.kind, mail.to, words in mail.text) == ("new_device", "olga@example.org", True)


def test_many_plans_start_in_one_minute(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    from groundswell.outreach.operations import reminders

    monkeypatch.setattr(reminders, "DUE_AT_ONCE", 2)
    event = make.listed_event()
    for number in range(4):
        make.listed_event(event.campaign, host=f"h{number}@example.org")
    work()
    with _at("2026-03-22T10:00"):
        reminders.send_due_reminders.call()

    assert ReminderPlan.objects.filter(fanned_at=None).count() == 0


def test_telling_people_of_an_event_that_is_gone_ends_at_once() -> None:
    assert fanning.tell_everybody.call("event_changed", 5, 1, clock.now().isoformat(), {}) is None
    assert fanning.remind.call(5, 1) is None
