"""What the gate writes in its own commit, and what it asks of single kinds of message."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import F

from groundswell.accounts.models import Link
from groundswell.events.models import Event, Rsvp
from groundswell.events.operations import attendance
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.kernel.ids import hash_token
from groundswell.outreach import weighing
from groundswell.outreach.delivery import claiming, deliver_round, gate
from groundswell.outreach.models import Message
from groundswell.outreach.operations import outbox
from groundswell.people.models import Contact, Suppression
from groundswell.people.operations import persons
from tests.factories import events as make
from tests.outreach.making import ready, result
from tests.outreach.senders import NotingSender, use

pytestmark = pytest.mark.django_db
State = Message.State


# --- what the gate writes ----------------------------------------------------------------------


def test_only_the_hash_of_a_link_is_kept(sender: NotingSender, rsvp: Rsvp) -> None:
    Link.objects.all().delete()
    message = ready(rsvp)

    deliver_round()

    link = Link.objects.get()
    token = sender.mails[0].text.split("/my/going/")[1].split()[0].split("?")[0]
    assert bytes(link.token_hash) == hash_token(token)
    assert (link.purpose, link.person_id, link.object_id) == ("rsvp", rsvp.person_id, rsvp.id)
    message.refresh_from_db()
    everything = " ".join(str(value) for value in vars(message).values())
    assert token not in everything
    assert token.encode() in sender.contents[0].replace(b"=\r\n", b"")


def test_links_of_a_gate_that_does_not_commit_are_not_kept(
    sender: NotingSender, rsvp: Rsvp, monkeypatch: pytest.MonkeyPatch
) -> None:
    Link.objects.all().delete()
    ready(rsvp)
    claimed = claiming.claim()

    def fails(_going: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(gate, "_with_tokens", fails)
    with pytest.raises(ConnectionError):
        gate.pass_gate(claimed)

    assert Message.objects.get().state == State.CLAIMED
    assert Link.objects.count() == 0


@pytest.mark.parametrize(
    "taken_over",
    [
        {"lease_token": 5},
        {"state": State.READY},
        {"lease_until": F("lease_until") - timedelta(minutes=9, seconds=35)},
    ],
)
def test_a_lease_that_was_lost_or_is_nearly_over_hands_nothing_over(
    sender: NotingSender, rsvp: Rsvp, taken_over: dict[str, Any]
) -> None:
    ready(rsvp)
    claimed = claiming.claim()
    Message.objects.update(**taken_over)
    if "lease_until" in taken_over:
        taken_over = {}
        Message.objects.update(lease_until=claiming.Now() + claiming.TIMEOUT / 2)

    with pytest.raises(gate.LeaseLost):
        gate.pass_gate(claimed)

    assert Message.objects.exclude(state=State.HANDING_OVER).count() == 1


def test_a_bulk_gate_takes_25_and_no_more(sender: NotingSender, rsvp: Rsvp) -> None:
    for _each in range(26):
        ready(rsvp)
    claimed = claiming.claim()

    with pytest.raises(ValueError, match="25"):
        gate.pass_gate(claimed)
    passed = gate.pass_gate(claimed[:25])

    assert len({each.tokens[0] for each in passed}) == 25
    assert Message.objects.filter(state=State.HANDING_OVER).count() == 25


# --- what reminders ask besides ----------------------------------------------------------------


def test_a_reminder_for_a_time_that_moved_is_stopped(sender: NotingSender, rsvp: Rsvp) -> None:
    message = ready(rsvp, "reminder_day")
    Event.objects.update(
        starts_at=F("starts_at") + timedelta(minutes=30),
        ends_at=F("ends_at") + timedelta(minutes=30),
    )

    assert result(message) == (State.CANCELLED, "event_moved")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("reminder_day_before", (State.CANCELLED, "declined")),
        ("reminder_day", (State.CANCELLED, "declined")),
        ("did_you_make_it", (State.SENT, "")),
        ("event_changed", (State.SENT, "")),
    ],
)
def test_who_wants_no_reminder_gets_the_rest(
    sender: NotingSender, rsvp: Rsvp, kind: str, expected: tuple[str, str]
) -> None:
    Rsvp.objects.update(wants_reminder=False)

    assert result(ready(rsvp, kind)) == expected


def test_who_was_ticked_in_is_not_asked(sender: NotingSender, rsvp: Rsvp) -> None:
    message = ready(rsvp, "did_you_make_it", expires_at=clock.now() + timedelta(days=30))
    with time_machine.travel(rsvp.event.starts_at, tick=False):
        attendance.check_in(rsvp_id=rsvp.id, here=True, by=SYSTEM)

        assert result(message) == (State.CANCELLED, "told_already")


def test_a_change_notice_is_overtaken_by_the_next(sender: NotingSender, rsvp: Rsvp) -> None:
    old = ready(rsvp, "event_changed", entry_id=10)
    new = ready(rsvp, "event_changed", entry_id=11)

    deliver_round()

    old.refresh_from_db()
    new.refresh_from_db()
    assert [(old.state, old.error), (new.state, new.error)] == [
        (State.CANCELLED, "overtaken"),
        (State.SENT, ""),
    ]


def test_a_message_of_an_unknown_kind_is_stopped(sender: NotingSender, rsvp: Rsvp) -> None:
    message = ready(rsvp)
    Message.objects.update(kind="from_the_future")

    assert result(message) == (State.CANCELLED, "unknown_kind")


def test_a_message_that_lost_its_person_is_stopped(sender: NotingSender, rsvp: Rsvp) -> None:
    gone = ready(rsvp)
    Message.objects.filter(id=gone.id).update(person=None)

    assert result(gone) == (State.CANCELLED, "no_person")


def test_a_person_whose_address_changed_hands_gets_it_at_the_proven_one(
    sender: NotingSender, rsvp: Rsvp
) -> None:
    assert rsvp.person is not None
    other = persons.recognise(typed=make.Typed(given="A", email="second@example.org"))
    Contact.objects.filter(id=other.contact.id).update(person=rsvp.person)

    ready(rsvp)
    deliver_round()

    assert [mail.to_address for mail in sender.mails] == ["amina@example.org"]


def test_a_message_about_nothing_that_is_left_is_stopped(sender: NotingSender, rsvp: Rsvp) -> None:
    of_nobody, of_nothing = ready(rsvp), ready(rsvp)
    other = make.signed_up(rsvp.event, email="other@example.org")
    Message.objects.filter(id=of_nobody.id).update(rsvp_id=other.id)
    Message.objects.filter(id=of_nothing.id).update(rsvp_id=None, event_id=None)
    deliver_round()

    found = dict(Message.objects.values_list("id", "error"))
    assert (found[of_nobody.id], found[of_nothing.id]) == ("no_sign_up", "no_event")


def test_a_hosts_mail_does_not_go_to_a_former_host(sender: NotingSender, rsvp: Rsvp) -> None:
    message = outbox.to_host("host_listed", rsvp.event, key=1, expires_at=rsvp.event.ends_at)
    assert message is not None
    outbox.write([message])
    Event.objects.update(host=rsvp.person)

    assert result(message) == (State.CANCELLED, "not_the_host")


def test_mail_to_a_closed_account_or_with_an_old_code_is_stopped(sender: NotingSender) -> None:
    from groundswell.accounts import operations as account_ops
    from groundswell.kernel.actor import VISITOR, Role

    made = account_ops.create_account(email="o@x.org", name="O", roles=[Role.OWNER], by=SYSTEM)
    code_id = account_ops.ask_code(email="o@x.org", language="en", by=VISITOR)
    tomorrow = clock.now() + timedelta(days=1)
    about = {"language": "en", "expires_at": tomorrow}
    code = outbox.new_message(
        "sign_in_code", key="1", account_id=made.id, args={"code_id": code_id}, **about
    )
    closed = outbox.new_message("new_device", key="2", account_id=5, args={}, **about)
    outbox.write([code, closed])

    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert result(code) == (State.CANCELLED, "code_is_over")
    assert result(closed) == (State.CANCELLED, "no_address")


def test_a_round_goes_on_when_one_gate_loses_its_lease(
    sender: NotingSender, rsvp: Rsvp, monkeypatch: pytest.MonkeyPatch
) -> None:
    from groundswell.outreach.delivery import rounds

    first, second = ready(rsvp), ready(rsvp)
    really = weighing.weigh

    def overtaken(messages: Any) -> Any:
        found = really(messages)
        Message.objects.filter(id=first.id).update(lease_token=5)
        return found

    monkeypatch.setattr(rounds, "weigh", overtaken)

    deliver_round()

    assert [mail.provider_ref for mail in sender.mails] == [second.provider_ref]


def test_a_message_taken_over_while_it_is_handed_over_is_not_overwritten(
    sender: NotingSender, rsvp: Rsvp
) -> None:
    message = ready(rsvp, "did_you_make_it", expires_at=clock.now() + timedelta(days=30))
    sender.when_sending = lambda _mail: Message.objects.update(lease_token=5) and None

    assert result(message) == (State.HANDING_OVER, "")


def test_a_bounce_told_after_the_lease_was_lost_suppresses_nobody(
    rsvp: Rsvp, monkeypatch: pytest.MonkeyPatch
) -> None:
    from groundswell.outreach.senders import Outcome, Result

    sender = NotingSender(Outcome(Result.NEVER, "rcpt_550", is_bounce=True))
    sender.when_sending = lambda _mail: Message.objects.update(lease_token=5) and None
    use(monkeypatch, sender)
    ready(rsvp)

    deliver_round()

    assert Suppression.objects.count() == 0
