"""The life of a message: each way from one state to the next, and a crash at every line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models.functions import Now

from groundswell.events.models import Rsvp
from groundswell.events.operations import proving
from groundswell.kernel import clock
from groundswell.kernel.ids import new_id
from groundswell.outreach import kinds, weighing
from groundswell.outreach.delivery import claiming, deliver_round, outcomes, rounds
from groundswell.outreach.kinds import Priority
from groundswell.outreach.models import Message
from groundswell.outreach.operations import outbox
from groundswell.outreach.senders.contract import Outcome, Result
from groundswell.people.models import Contact, Suppression
from tests.factories import events as make
from tests.outreach.senders import TAKEN, NotingSender, use

pytestmark = pytest.mark.django_db
State = Message.State

AT_LEAST_ONCE, AT_MOST_ONCE = "rsvp_going", "did_you_make_it"


@pytest.fixture
def rsvp() -> Rsvp:
    made = make.signed_up(make.listed_event(), email="amina@example.org")
    proving.prove_rsvps(person_id=made.person_id or 0, by=make.supporter_of(made))
    return made


def ready(rsvp: Rsvp, kind: str = AT_LEAST_ONCE, **others: Any) -> Message:
    message = outbox.to_supporter(
        kind,
        rsvp,
        key=new_id(),
        expires_at=rsvp.event.ends_at + timedelta(days=3),
        args={"starts": int(rsvp.event.starts_at.timestamp())},
    )
    for name, value in others.items():
        setattr(message, name, value)
    outbox.write([message])
    return message


def after_a_round(message: Message) -> tuple[str, str]:
    deliver_round()
    message.refresh_from_db()
    return message.state, message.error


def lease_runs_out() -> None:
    """Time passes for whoever holds a lease: its worker is dead."""
    Message.objects.filter(lease_until__isnull=False).update(
        lease_until=Now() - timedelta(seconds=1)
    )


# --- outcomes of a hand-over -------------------------------------------------------------------

_PERHAPS = Outcome(Result.PERHAPS, "lost_after_data")
_LATER = Outcome(Result.NOT_NOW, "rcpt_450")
_NEVER = Outcome(Result.NEVER, "rcpt_550")


@pytest.mark.parametrize(
    ("kind", "outcome", "expected"),
    [
        (AT_LEAST_ONCE, TAKEN, (State.SENT, "")),
        (AT_MOST_ONCE, TAKEN, (State.SENT, "")),
        (AT_LEAST_ONCE, _LATER, (State.READY, "rcpt_450")),
        (AT_MOST_ONCE, _LATER, (State.READY, "rcpt_450")),
        (AT_LEAST_ONCE, _NEVER, (State.FAILED, "rcpt_550")),
        (AT_MOST_ONCE, _NEVER, (State.FAILED, "rcpt_550")),
        (AT_LEAST_ONCE, _PERHAPS, (State.READY, "lost_after_data")),
        (AT_MOST_ONCE, _PERHAPS, (State.UNKNOWN, "lost_after_data")),
    ],
)
def test_what_comes_of_a_hand_over(
    monkeypatch: pytest.MonkeyPatch,
    rsvp: Rsvp,
    kind: str,
    outcome: Outcome,
    expected: tuple[str, str],
) -> None:
    use(monkeypatch, NotingSender(outcome))
    message = ready(rsvp, kind)

    assert after_a_round(message) == expected
    is_over = expected[0] != State.READY
    assert (message.lease_token, message.lease_until, message.done_at is not None) == (
        None,
        None,
        is_over,
    )
    assert message.attempts == 1


def test_waits_between_tries_grow_until_it_fails(
    monkeypatch: pytest.MonkeyPatch, rsvp: Rsvp
) -> None:
    sender = NotingSender(_LATER)
    use(monkeypatch, sender)
    message = ready(rsvp)
    waits = []

    with time_machine.travel(clock.now(), tick=False) as time:
        while after_a_round(message)[0] == State.READY:
            waits.append(message.not_before - clock.now())
            time.move_to(message.not_before)

    steps = [wait / planned for wait, planned in zip(waits, outcomes.BACK_OFF, strict=True)]
    assert [0.9 <= step <= 1.1 for step in steps] == [True] * 5
    assert (message.state, message.error, message.attempts) == (State.FAILED, "rcpt_450", 6)
    assert len({mail.message_id for mail in sender.mails}) == 1


def test_a_hard_bounce_is_never_written_to_again(
    monkeypatch: pytest.MonkeyPatch, rsvp: Rsvp
) -> None:
    use(monkeypatch, NotingSender(Outcome(Result.NEVER, "rcpt_550", is_bounce=True)))

    assert after_a_round(ready(rsvp)) == (State.FAILED, "rcpt_550")

    contact = Contact.objects.get(person_id=rsvp.person_id)
    assert contact.problem == "bounced"
    assert Suppression.objects.filter(blind=bytes(contact.blind), reason="bounced").count() == 1
    assert after_a_round(ready(rsvp)) == (State.CANCELLED, "no_address")


def test_a_refusal_that_is_no_bounce_suppresses_nobody(
    monkeypatch: pytest.MonkeyPatch, rsvp: Rsvp
) -> None:
    use(monkeypatch, NotingSender(_NEVER))
    after_a_round(ready(rsvp))

    assert Suppression.objects.count() == 0


def test_our_own_trouble_costs_no_try_and_rests_the_worker(
    monkeypatch: pytest.MonkeyPatch, rsvp: Rsvp
) -> None:
    sender = NotingSender(Outcome(Result.NOT_NOW, "no_connection", is_our_trouble=True))
    use(monkeypatch, sender)
    first, second = ready(rsvp), ready(rsvp)

    done = deliver_round()

    rows = Message.objects.order_by("id").values_list("state", "attempts", "error", "lease_token")
    assert list(rows) == [
        (State.READY, 0, "no_connection", None),
        (State.READY, 0, "", None),
    ]
    assert (done, deliver_round(), len(sender.mails)) == (0, 0, 1)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.not_before - second.not_before == outcomes.OUR_TROUBLE_PAUSE
    assert rounds.pause.is_on()


def test_without_a_sender_messages_wait(monkeypatch: pytest.MonkeyPatch, rsvp: Rsvp) -> None:
    use(monkeypatch, None)
    message = ready(rsvp)

    assert after_a_round(message) == (State.READY, "")
    assert (message.attempts, message.lease_token) == (0, None)


# --- workers that die --------------------------------------------------------------------------


def test_what_a_dead_worker_had_only_claimed_is_ready_again(
    monkeypatch: pytest.MonkeyPatch, rsvp: Rsvp
) -> None:
    use(monkeypatch, None)
    message = ready(rsvp, AT_MOST_ONCE)
    claiming.claim()
    assert after_a_round(message) == (State.CLAIMED, "")

    lease_runs_out()

    assert after_a_round(message) == (State.READY, "")
    assert (message.attempts, message.lease_until) == (0, None)


def _handed_over(rsvp: Rsvp, kind: str) -> Message:
    from groundswell.outreach.delivery import gate

    message = ready(rsvp, kind)
    assert len(gate.pass_gate(claiming.claim())) == 1
    lease_runs_out()
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.HANDING_OVER, 1)
    return message


@pytest.mark.parametrize(
    ("kind", "flags", "expected"),
    [
        (AT_MOST_ONCE, {}, (State.UNKNOWN, "worker_lost")),
        (AT_LEAST_ONCE, {}, (State.SENT, "")),  # ready again, and delivered in the same round
        (AT_MOST_ONCE, {"is_idempotent": True}, (State.SENT, "")),
        (AT_MOST_ONCE, {"is_askable": True, "known": Result.TAKEN}, (State.SENT, "")),
        (AT_MOST_ONCE, {"is_askable": True, "known": Result.NOT_NOW}, (State.READY, "asked")),
        (AT_MOST_ONCE, {"is_askable": True, "known": None}, (State.HANDING_OVER, "")),
    ],
)
def test_what_a_dead_worker_was_handing_over(
    monkeypatch: pytest.MonkeyPatch,
    rsvp: Rsvp,
    kind: str,
    flags: dict[str, Any],
    expected: tuple[str, str],
) -> None:
    message = _handed_over(rsvp, kind)
    sender = NotingSender(**flags)
    use(monkeypatch, sender)

    assert after_a_round(message) == expected
    resent = expected[0] == State.SENT and not flags.get("is_askable")
    assert [mail.provider_ref for mail in sender.mails] == [message.provider_ref] * resent


def test_a_worker_declared_dead_changes_nothing_any_more(
    monkeypatch: pytest.MonkeyPatch, rsvp: Rsvp
) -> None:
    """SIGSTOP for longer than the lease, then awake: the row is somebody else's."""
    message = _handed_over(rsvp, AT_MOST_ONCE)
    use(monkeypatch, NotingSender())
    assert after_a_round(message) == (State.UNKNOWN, "worker_lost")
    asleep = Message.objects.get(id=message.id)
    asleep.lease_token = 5

    assert outcomes.settle(asleep, TAKEN) is False
    message.refresh_from_db()
    assert message.state == State.UNKNOWN


# --- who comes first, and who blocks whom ------------------------------------------------------


def test_the_most_urgent_goes_first(monkeypatch: pytest.MonkeyPatch, rsvp: Rsvp) -> None:
    sender = NotingSender()
    use(monkeypatch, sender)
    for kind in ("did_you_make_it", "event_changed", "rsvp_going", "did_you_make_it"):
        ready(rsvp, kind)

    deliver_round()

    assert sender.kinds() == ["rsvp_going", "event_changed", "did_you_make_it", "did_you_make_it"]


def test_something_urgent_waits_for_a_second_of_other_mail_at_most(
    monkeypatch: pytest.MonkeyPatch, rsvp: Rsvp
) -> None:
    """After a slow hand-over the rest of the batch is given back, and the urgent one is next."""
    sender = NotingSender()
    use(monkeypatch, sender)
    ready(rsvp, "did_you_make_it"), ready(rsvp, "did_you_make_it")
    moments = iter([0.0, 0.0, 0.0, 100.0] + [200.0] * 50)
    monkeypatch.setattr(rounds.time, "monotonic", lambda: next(moments))
    sender.when_sending = lambda mail: None if len(sender.mails) > 1 else ready(rsvp) and None

    deliver_round()
    assert Message.objects.filter(state=State.CLAIMED).count() == 0
    deliver_round()

    assert sender.kinds()[:2] == ["did_you_make_it", "rsvp_going"]


def test_a_poisoned_row_blocks_nobody(monkeypatch: pytest.MonkeyPatch, rsvp: Rsvp) -> None:
    sender = NotingSender()
    use(monkeypatch, sender)
    poisoned = ready(rsvp)
    Message.objects.filter(id=poisoned.id).update(language="en", args={})
    healthy = ready(rsvp)
    other = make.signed_up(rsvp.event, email="b@example.org")
    contact = Contact.objects.get(person_id=other.person_id)
    Contact.objects.filter(id=contact.id).update(
        proven_at=clock.now(), value_sealed=b"\x01" + bytes(40)
    )
    poison = ready(other)

    deliver_round()

    poison.refresh_from_db()
    healthy.refresh_from_db()
    assert (poison.state, poison.error[:8]) == (State.FAILED, "compose_")
    assert healthy.state == State.SENT


def test_an_unforeseen_error_ends_after_a_few_tries(
    monkeypatch: pytest.MonkeyPatch, rsvp: Rsvp
) -> None:
    """Something that nobody catches takes the worker down each time; the row gives in."""

    def explodes(_mail: Any) -> None:
        raise SystemExit

    sender = NotingSender()
    sender.when_sending = explodes
    use(monkeypatch, sender)
    message = ready(rsvp)
    for _try in range(weighing.MOST_TRIES):
        with pytest.raises(SystemExit):
            deliver_round()
        lease_runs_out()

    assert after_a_round(message) == (State.FAILED, "worker_lost")


def test_future_and_finished_rows_are_not_claimed(
    monkeypatch: pytest.MonkeyPatch, rsvp: Rsvp
) -> None:
    use(monkeypatch, NotingSender())
    later = ready(rsvp, not_before=clock.now() + timedelta(seconds=1))
    done = [ready(rsvp, state=state) for state in State if state != "ready"]

    assert deliver_round() == 0

    later.refresh_from_db()
    assert later.state == State.READY
    assert [Message.objects.get(id=each.id).state for each in done] == [
        state for state in State if state != "ready"
    ]


def test_each_priority_is_looked_for() -> None:
    assert {kind.priority for kind in kinds.KINDS.values()} == set(Priority)


# --- a crash at every line ---------------------------------------------------------------------


class Crash(BaseException):
    """Stands for kill -9: nothing catches it, and open transactions are rolled back."""


_WATCHED = ("/outreach/delivery/", "/outreach/mail/compose.py", "/outreach/weighing.py")


def _traced(work: Callable[[], object], at_line: Callable[[tuple[str, int]], None]) -> None:
    """Run ``work`` and call ``at_line`` before each line of delivery that it executes."""

    def trace(frame: FrameType, event: str, _arg: Any) -> Any:
        if not any(part in frame.f_code.co_filename for part in _WATCHED):
            return None
        if event == "line":
            at_line((frame.f_code.co_filename, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)


def _lines_of_a_round(rsvp: Rsvp, kind: str) -> list[tuple[str, int]]:
    """Every line that a round with one message executes, in order of their first time."""
    ready(rsvp, kind)
    seen: dict[tuple[str, int], None] = {}
    _traced(deliver_round, seen.setdefault)
    return list(seen)


def _crash(line: tuple[str, int]) -> None:
    """A round that dies at the line, as if by kill -9: its connection is cut as well."""

    def at_line(here: tuple[str, int]) -> None:
        if here == line:
            raise Crash

    with pytest.raises(Crash):
        _traced(deliver_round, at_line)
    if connection.connection is not None:
        connection.connection.close()
    connection.connect()


def _after_the_crash(message: Message) -> None:
    """The lease runs out, other workers go on, and an hour passes."""
    lease_runs_out()
    deliver_round()
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        deliver_round()
    message.refresh_from_db()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", [AT_LEAST_ONCE, AT_MOST_ONCE])
def test_a_crash_at_any_line_loses_and_doubles_nothing(
    monkeypatch: pytest.MonkeyPatch, rsvp: Rsvp, kind: str
) -> None:
    use(monkeypatch, NotingSender())
    found = []
    lines = _lines_of_a_round(rsvp, kind)
    for line in lines:
        sender = NotingSender()
        use(monkeypatch, sender)
        message = ready(rsvp, kind)
        _crash(line)
        _after_the_crash(message)
        found.append((line, str(message.state), len(sender.mails)))

    assert len(lines) > 100
    assert [each for each in found if not _is_right(kind, each[1], each[2])] == []
    doubts = [each for each in found if each[1] == State.UNKNOWN]
    assert bool(doubts) == (kind == AT_MOST_ONCE)


def _is_right(kind: str, state: str, delivered: int) -> bool:
    if kind == AT_LEAST_ONCE:
        return state == State.SENT and delivered >= 1
    return (state == State.SENT and delivered == 1) or (state == State.UNKNOWN and delivered <= 1)


@pytest.mark.django_db(transaction=True)
def test_control_blind_retry_doubles(monkeypatch: pytest.MonkeyPatch, rsvp: Rsvp) -> None:
    """With every doubt taken for "not sent", some crash delivers twice: the test above can fail."""
    monkeypatch.setattr(outcomes, "_promise", lambda _message: kinds.Promise.AT_LEAST_ONCE)
    use(monkeypatch, NotingSender())
    for line in reversed(_lines_of_a_round(rsvp, AT_MOST_ONCE)):
        sender = NotingSender()
        use(monkeypatch, sender)
        message = ready(rsvp, AT_MOST_ONCE)
        _crash(line)
        _after_the_crash(message)
        if len(sender.mails) == 2:
            return
    pytest.fail("no crash doubled anything")
