"""Around the outbox: dedupe, retention, what the office decides, what the health page reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from groundswell.events.models import Rsvp
from groundswell.kernel import actor, clock
from groundswell.kernel.actor import SYSTEM, VISITOR, Role
from groundswell.kernel.ids import new_id
from groundswell.ledger.models import Entry
from groundswell.ledger.worker import Again
from groundswell.outreach import kinds, policy, queries, senders
from groundswell.outreach.models import Message, ReminderPlan, ShownMail
from groundswell.outreach.operations import held, outbox
from groundswell.outreach.senders.choice import _our_name
from groundswell.outreach.senders.shelf.send import ShelfSender
from groundswell.outreach.senders.smtp.send import SmtpSender
from groundswell.outreach.shelves import OutreachShelf
from groundswell.people import exporting
from groundswell.people.models import Person
from groundswell.people.moving import Moves
from groundswell.site import vault
from tests.factories import events as make
from tests.outreach.senders import NotingSender, use

pytestmark = pytest.mark.django_db
State = Message.State
ORGANISER = actor.account(1, frozenset({Role.ORGANISER}))


@pytest.fixture
def rsvp() -> Rsvp:
    return make.signed_up(make.listed_event(), email="amina@example.org")


def ready(rsvp: Rsvp, kind: str = "rsvp_going", **others: Any) -> Message:
    message = outbox.to_supporter(kind, rsvp, key=new_id(), expires_at=rsvp.event.ends_at)
    for name, value in others.items():
        setattr(message, name, value)
    outbox.write([message])
    return message


def test_one_occasion_is_one_message(rsvp: Rsvp) -> None:
    for _twice in range(2):
        outbox.write(
            [outbox.to_supporter("rsvp_going", rsvp, key=7, expires_at=rsvp.event.ends_at)]
        )
    outbox.write([outbox.to_supporter("rsvp_going", rsvp, key=8, expires_at=rsvp.event.ends_at)])

    assert sorted(Message.objects.values_list("dedupe_key", flat=True)) == [
        f"rsvp_going:7:{rsvp.id}",
        f"rsvp_going:8:{rsvp.id}",
    ]


def test_a_host_who_is_gone_gets_nothing(rsvp: Rsvp) -> None:
    event = rsvp.event
    event.host = None

    outbox.write([outbox.to_host("host_listed", event, key=1, expires_at=event.ends_at)])

    assert Message.objects.count() == 0


def test_every_dedupe_key_fits_its_column() -> None:
    longest = max(map(len, kinds.KINDS))

    assert longest + len(f":{2**63}:{2**63}") <= 96
    assert longest <= 24


# --- retention ---------------------------------------------------------------------------------


def test_what_is_done_is_kept_for_90_days(rsvp: Rsvp) -> None:
    days = {age: clock.now() - timedelta(days=age) for age in (89, 91)}
    for at in days.values():
        ready(rsvp, state=State.SENT, done_at=at)
        ready(rsvp, expires_at=at)
        ShownMail.objects.create(kind="x", language="en", provider_ref=str(at), shown_at=at)
    ShownMail.objects.create(kind="x", language="en", provider_ref="r", shown_at=clock.now())
    ReminderPlan.objects.create(
        event=rsvp.event,
        kind="x",
        starts_at=days[91],
        due_at=days[91],
        expires_at=days[91],
        fanned_at=days[91],
    )

    assert outbox.sweep.call() is None

    assert Message.objects.filter(done_at=days[89]).count() == 1
    assert Message.objects.filter(expires_at=days[89]).count() == 1
    assert (Message.objects.count(), ShownMail.objects.count()) == (2, 1)
    assert ReminderPlan.objects.count() == 0


def test_a_long_sweep_goes_on_in_steps(rsvp: Rsvp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "SWEEP_AT_ONCE", 2)
    for _each in range(3):
        ready(rsvp, state=State.SENT, done_at=clock.now() - timedelta(days=91))

    assert outbox.sweep.call() == Again({"args": [], "kwargs": {}})
    assert Message.objects.count() == 1
    assert outbox.sweep.call() is None


# --- what a person decides ---------------------------------------------------------------------


def _held(rsvp: Rsvp) -> tuple[Message, Message, Message]:
    done = clock.now()
    return (
        ready(rsvp, "did_you_make_it", state=State.UNKNOWN, error="worker_lost", done_at=done),
        ready(rsvp, state=State.FAILED, error="rcpt_550", attempts=6, done_at=done),
        ready(rsvp, state=State.SENT, done_at=done),
    )


def test_held_messages_are_counted_by_kind_and_reason(rsvp: Rsvp) -> None:
    unknown, failed, _sent = _held(rsvp)

    groups = {(g.kind, g.state, g.error, g.count) for g in queries.held_groups()}

    assert groups == {
        ("did_you_make_it", State.UNKNOWN, "worker_lost", 1),
        ("rsvp_going", State.FAILED, "rcpt_550", 1),
    }
    assert list(queries.held_messages()) == [failed, unknown]
    assert list(queries.held_messages(kind="rsvp_going", error="rcpt_550")) == [failed]
    assert list(queries.held_messages(state=State.UNKNOWN)) == [unknown]


def test_an_organiser_sends_again(rsvp: Rsvp, monkeypatch: pytest.MonkeyPatch) -> None:
    sender = NotingSender()
    use(monkeypatch, sender)
    unknown, failed, sent = _held(rsvp)
    everything = [unknown.id, failed.id, sent.id]

    assert held.resend(message_ids=everything, by=ORGANISER) == 2

    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.error, failed.done_at) == (
        State.READY,
        0,
        "",
        None,
    )
    facts = Entry.objects.filter(kind="outreach.MessageSentAgain").order_by("id")
    assert [fact.rest for fact in facts] == [
        {"message_id": unknown.id, "was": "unknown"},
        {"message_id": failed.id, "was": "failed"},
    ]


def test_an_organiser_gives_up(rsvp: Rsvp) -> None:
    unknown, failed, sent = _held(rsvp)

    assert held.give_up(message_ids=[unknown.id, sent.id], by=ORGANISER) == 1

    unknown.refresh_from_db()
    sent.refresh_from_db()
    assert (unknown.state, unknown.error, sent.state) == (State.CANCELLED, "given_up", State.SENT)
    assert list(queries.held_messages()) == [failed]
    assert Entry.objects.filter(kind="outreach.MessageGivenUp").count() == 1


@pytest.mark.parametrize("act", [held.resend, held.give_up])
@pytest.mark.parametrize("who", [VISITOR, actor.person(1), actor.account(1, frozenset())], ids=str)
def test_nobody_else_decides(rsvp: Rsvp, act: Callable[..., int], who: actor.Actor) -> None:
    unknown = _held(rsvp)[0]

    with pytest.raises(held.OnlyOrganisersDecide):
        act(message_ids=[unknown.id], by=who)

    unknown.refresh_from_db()
    assert unknown.state == State.UNKNOWN


def test_a_decision_about_too_many_is_refused() -> None:
    with pytest.raises(held.TooManyAtOnce):
        held.resend(message_ids=range(501), by=SYSTEM)


# --- what the health page reads ----------------------------------------------------------------


def test_an_empty_queue_waits_for_nothing() -> None:
    state = queries.queue_state()

    assert (state.ready, state.unknown, state.oldest_due_at, state.waits_seconds) == (0, 0, None, 0)
    assert (state.has_sender, state.oldest_plan_due_at) == (True, None)


def test_the_queue_says_since_when_it_waits(rsvp: Rsvp) -> None:
    _held(rsvp)
    ready(rsvp, "did_you_make_it", not_before=clock.now() - timedelta(minutes=7))
    ready(rsvp, not_before=clock.now() - timedelta(minutes=2))
    ready(rsvp, not_before=clock.now() + timedelta(minutes=2))
    for state in (State.CLAIMED, State.HANDING_OVER, State.HANDING_OVER):
        ready(rsvp, state=state, lease_until=clock.now())
    ReminderPlan.objects.create(
        event=rsvp.event,
        kind="x",
        starts_at=clock.now(),
        due_at=clock.now() - timedelta(hours=1),
        expires_at=clock.now(),
    )

    state = queries.queue_state()

    assert (state.ready, state.claimed, state.handing_over) == (3, 1, 2)
    assert (state.unknown, state.failed, state.waits_seconds) == (1, 1, 7 * 60)
    assert state.oldest_plan_due_at == clock.now() - timedelta(hours=1)


@pytest.mark.parametrize(
    ("mode", "url", "expected"),
    [
        ("live", "", None),
        ("live", "smtp://127.0.0.1:25", SmtpSender),
        ("demo", "", ShelfSender),
        ("demo", "smtp://127.0.0.1:25", ShelfSender),
        ("test", "", ShelfSender),
    ],
)
def test_which_sender_is_in_use(
    settings: Any, mode: str, url: str, expected: type[object] | None
) -> None:
    settings.GROUNDSWELL_MODE, settings.GROUNDSWELL_SMTP_URL = mode, url

    found = senders.current()

    assert (None if found is None else type(found)) == expected
    assert queries.queue_state().has_sender is (expected is not None)


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("https://act.example.org", "act.example.org"),
        ("http://127.0.0.1:8000", "[127.0.0.1]"),
        ("http://[::1]:8000", "[IPv6:::1]"),
    ],
)
def test_our_name_for_ehlo(settings: Any, origin: str, name: str) -> None:
    settings.GROUNDSWELL_ORIGIN = origin

    assert _our_name() == name


def test_claiming_and_reaping_use_their_small_indexes(rsvp: Rsvp) -> None:
    """A million finished rows must not be read: the plan names the partial indexes."""
    due = Message.objects.filter(
        state=State.READY, priority=kinds.Priority.REMINDER, not_before__lte=clock.now()
    ).order_by("not_before")[:40]
    late = Message.objects.filter(lease_until__lt=clock.now()).order_by("lease_until")[:200]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")

    assert "outreach_message_ready" in due.explain()
    assert "outreach_message_leased" in late.explain()
    assert "Sort" not in due.explain()
    assert "TEMP B-TREE" not in due.explain()


# --- the shelf, and what is held about a person ------------------------------------------------


def test_the_shelf_keeps_each_mail_once_and_sealed(
    rsvp: Rsvp, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf, noting = ShelfSender(), NotingSender()
    use(monkeypatch, noting)
    ready(rsvp)
    from groundswell.outreach.delivery import deliver_round

    deliver_round()
    for _twice in range(2):
        shelf.send(noting.mails[0], noting.contents[0])

    row = ShownMail.objects.get()
    assert b"amina@example.org" not in bytes(row.mail_sealed)
    shown = queries.shown_mail(row.id)
    assert shown is not None
    assert (shown.to, shown.sender, shown.kind) == (
        "amina@example.org",
        "Bus Users Together",
        "rsvp_going",
    )
    assert (shelf.ask(row.provider_ref), shelf.ask("other")) == (senders.Result.TAKEN, None)
    assert queries.shown_mail(5) is None


def test_an_erased_persons_mails_open_no_more(rsvp: Rsvp, work: Callable[[], int]) -> None:
    work()
    before = len(queries.shown_mails())
    from groundswell.site.models import DataKey

    person = Person.objects.get(id=rsvp.person_id)
    DataKey.objects.filter(id=person.key_id).delete()
    vault.forget()

    assert (before, len(queries.shown_mails())) == (3, 2)


def test_a_persons_messages_are_exported_merged_and_erased(
    rsvp: Rsvp, work: Callable[[], int]
) -> None:
    work()
    shelf = OutreachShelf()
    assert rsvp.person_id is not None
    other = make.signed_up(rsvp.event)
    assert other.person_id is not None

    exported = exporting.export(rsvp.person_id)["outreach.message"]
    assert [each["kind"] for each in exported] == ["rsvp_going"]
    assert "amina" not in json.dumps(exported)

    shelf.merge(Moves(other.person_id, rsvp.person_id))
    assert "outreach.message" not in exporting.export(rsvp.person_id)
    assert Message.objects.filter(person_id=other.person_id).count() == 1

    shelf.erase(other.person_id)
    assert Message.objects.filter(person_id=other.person_id).count() == 0
    assert ShownMail.objects.filter(person_id=other.person_id).count() == 0


def test_a_synthetic_day_of_action_hands_nothing_over(
    rsvp: Rsvp, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    Person.objects.update(is_synthetic=True)
    sender = NotingSender()
    use(monkeypatch, sender)
    work()
    for moment in ("2026-03-20T11:00", "2026-03-21T08:00", "2026-03-21T13:00", "2026-03-22T10:00"):
        from datetime import datetime

        with time_machine.travel(datetime.fromisoformat(f"{moment}+00:00"), tick=False):
            work()

    assert sender.mails == []
    assert set(Message.objects.values_list("state", "error")) == {("cancelled", "synthetic")}
    assert Message.objects.count() >= 5


def test_who_may_see_the_outbox() -> None:
    who = [VISITOR, actor.person(1), actor.account(1, frozenset()), ORGANISER, SYSTEM]

    assert [policy.can_see_outbox(each) for each in who] == [False, False, False, True, True]


def test_a_row_says_what_it_is(rsvp: Rsvp) -> None:
    rows = [Message(id=1, kind="k"), ReminderPlan(kind="k", event_id=2), ShownMail(id=3, kind="k")]

    assert [str(row) for row in rows] == ["k 1", "k of 2", "shown k 3"]
