"""The blind relay: two people, random addresses, and nothing of either that reaches the other."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from groundswell.events.models import Event, Rsvp
from groundswell.events.operations import messages
from groundswell.kernel import actor as actors
from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.kernel.ids import hash_token
from groundswell.outreach import talking
from groundswell.outreach.delivery import deliver_round
from groundswell.outreach.models import Alias, Conversation, Inbound, Line, Message
from groundswell.outreach.operations import aliases, conversations, inbound
from groundswell.site import vault
from tests.factories import events as make
from tests.outreach.making import prove

DOMAIN = "reply.example.org"
HOST, GUEST = "dolores@example.org", "amina.khan@example.net"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def domain(settings: Any) -> None:
    settings.GROUNDSWELL_RELAY_DOMAIN = DOMAIN
    settings.GROUNDSWELL_MAIL_FROM = "hello@example.org"


@pytest.fixture
def event(db: None) -> Event:
    found = make.listed_event(host=HOST)
    found.refresh_from_db()
    return found


@pytest.fixture
def guest(event: Event) -> Rsvp:
    made = make.signed_up(event, email=GUEST, given="Amina", family="Khan")
    prove(made)
    made.refresh_from_db()
    return made


def broadcast(event: Event, body: str = "Bring a friend.") -> None:
    messages.message_people(event_id=event.id, body=body, by=make.host_of(event))


def mails(sender: Any, kind: str) -> list[EmailMessage]:
    found = [
        content
        for mail, content in zip(sender.mails, sender.contents, strict=True)
        if mail.kind == kind
    ]
    return [email.message_from_bytes(one, policy=email.policy.default) for one in found]


def alias_in(mail: EmailMessage) -> str:
    return str(mail["From"].addresses[0].addr_spec)


def reply(
    to: str, text: str, *, sender: str = GUEST, message_id: str = "<a1@mail>", **headers: str
) -> bytes:
    lines = {
        "From": f"Amina Khan <{sender}>",
        "To": to,
        "Subject": "Re: hello",
        "Message-ID": message_id,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return (head + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + text).encode()


def come(to: str, content: bytes, *, event_id: str = "1", sender: str = GUEST) -> int:
    return inbound.store(
        way="raw", event_id=event_id, sender=sender, recipients=[to], content=content
    )


def verdicts() -> list[str]:
    return list(Inbound.objects.order_by("id").values_list("verdict", flat=True))


# --- the whole way round -----------------------------------------------------------------------


def test_a_message_an_answer_by_mail_and_an_answer_to_it(
    sender: Any, event: Event, guest: Rsvp, work: Callable[[], int]
) -> None:
    broadcast(event)
    work()
    (first,) = mails(sender, "host_message")
    to_host = alias_in(first)

    assert first["From"].addresses[0].display_name == "Dolores via Groundswell"
    assert to_host.endswith(f"@{DOMAIN}")
    assert len(to_host.partition("@")[0]) == len("r-") + 27

    assert come(to_host, reply(to_host, "I bring two friends.\n-- \nAmina Khan")) == 1
    work()
    (second,) = mails(sender, "supporter_words")
    to_guest = alias_in(second)

    assert verdicts() == ["passed"]
    assert second["To"] == HOST
    assert second["From"].addresses[0].display_name == "Amina K. via Groundswell"
    assert "I bring two friends." in str(second.get_body(("plain",)))
    assert to_guest != to_host

    content = reply(to_guest, "Wonderful!", sender=HOST, message_id="<b2@mail>")
    assert come(to_guest, content, event_id="2", sender=HOST) == 1
    work()
    (third,) = mails(sender, "host_answer")

    assert third["To"] == GUEST
    assert alias_in(third) == to_host  # stable over the whole conversation
    assert third["References"] == first["References"]
    assert [said.body for said in talking.thread(Conversation.objects.get(), "person")] == [
        "I bring two friends.",
        "Wonderful!",
    ]
    for mail, reader in ((first, GUEST), (second, HOST), (third, GUEST)):
        other = HOST if reader == GUEST else GUEST
        assert other not in mail.as_string()
        assert "Khan" not in mail.as_string().replace("amina.khan", "")


def test_without_a_domain_the_mail_leads_to_the_page(
    sender: Any, event: Event, guest: Rsvp, work: Callable[[], int], settings: Any
) -> None:
    settings.GROUNDSWELL_RELAY_DOMAIN = ""
    broadcast(event)
    work()
    (first,) = mails(sender, "host_message")

    assert alias_in(first) == "hello@example.org"
    assert first["Reply-To"] is None
    assert first["From"].addresses[0].display_name == "Dolores via Groundswell"
    text = str(first.get_body(("plain",)))
    assert "An answer to this mail reaches nobody." in text
    assert "/host\n" in text.replace("\r", "")
    assert Alias.objects.count() == 0


def test_an_alias_is_hashed_and_sealed(
    sender: Any, event: Event, guest: Rsvp, work: Callable[[], int]
) -> None:
    broadcast(event)
    work()
    local = alias_in(mails(sender, "host_message")[0]).partition("@")[0]
    alias = Alias.objects.get()

    assert bytes(alias.local_hash) == hash_token(local)
    assert local.encode() not in bytes(alias.local_sealed)
    assert vault.open_(alias, "local_sealed") == local


def test_an_alias_dies_14_days_after_the_event(
    sender: Any, event: Event, guest: Rsvp, work: Callable[[], int], still_clock: Any
) -> None:
    broadcast(event)
    work()
    to_host = alias_in(mails(sender, "host_message")[0])

    still_clock.move_to(event.ends_at + timedelta(days=14) - timedelta(seconds=1))
    assert aliases.is_live(to_host)
    still_clock.move_to(event.ends_at + timedelta(days=14))
    assert not aliases.is_live(to_host)
    assert come(to_host, reply(to_host, "Too late")) == 0


@pytest.mark.parametrize(
    "address",
    [f"r-{'a' * 27}@{DOMAIN}", f"postmaster@{DOMAIN}", "r-x@elsewhere.example", "", "@", "r-"],
)
def test_an_unknown_address_is_like_a_dead_one(address: str, event: Event) -> None:
    assert not aliases.is_live(address)
    assert come(address, b"From: a@b.c\r\n\r\nhi") == 0


# --- once, whatever happens --------------------------------------------------------------------


@pytest.fixture
def to_host(sender: Any, event: Event, guest: Rsvp, work: Callable[[], int]) -> str:
    """The alias by which the guest writes to the host."""
    broadcast(event)
    work()
    return alias_in(mails(sender, "host_message")[0])


def test_the_same_post_and_the_same_mail_are_kept_once(
    sender: Any, to_host: str, work: Callable[[], int]
) -> None:
    content = reply(to_host, "Once")

    assert [come(to_host, content), come(to_host, content)] == [1, 0]
    assert come(to_host, content, event_id="by another way") == 1
    work()

    assert verdicts() == ["passed", "came_before"]
    assert len(mails(sender, "supporter_words")) == 1


def test_a_job_that_runs_twice_passes_on_once(
    sender: Any, to_host: str, work: Callable[[], int]
) -> None:
    come(to_host, reply(to_host, "Once"))
    work()
    row = Inbound.objects.get()
    inbound.work_on.func(row.id)
    work()

    assert Line.objects.count() == 1
    assert Message.objects.filter(kind="supporter_words").count() == 1
    assert bytes(row.mail_sealed) == b""


# --- who may write -----------------------------------------------------------------------------


def test_a_stranger_who_knows_the_alias_is_held_and_nobody_is_answered(
    sender: Any, to_host: str, work: Callable[[], int]
) -> None:
    before = len(sender.mails)
    come(to_host, reply(to_host, "Hello", sender="eve@example.com"), sender="eve@example.com")
    work()

    assert verdicts() == ["held"]
    assert (Line.objects.get().state, Line.objects.get().held_for) == ("held", "unknown_sender")
    assert len(sender.mails) == before


def test_without_the_look_at_the_sender_a_stranger_gets_through(
    sender: Any, to_host: str, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above."""
    monkeypatch.setattr(inbound, "_is_from", lambda letter, person_id: True)
    come(to_host, reply(to_host, "Hello", sender="eve@example.com"), sender="eve@example.com")
    work()

    assert verdicts() == ["passed"]


@pytest.mark.parametrize(
    "sender_line", [f"{GUEST}, eve@example.com", f"eve@example.com, {GUEST}", "", "nonsense"]
)
def test_two_senders_or_none_are_nobody_we_know(
    sender: Any, to_host: str, work: Callable[[], int], sender_line: str
) -> None:
    content = reply(to_host, "Hello").replace(
        f"From: Amina Khan <{GUEST}>".encode(), f"From: {sender_line}".encode()
    )
    come(to_host, content)
    work()

    assert verdicts() == ["held"]


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ({"Auto_Submitted": "auto-replied"}, "automatic"),
        ({"Auto_Submitted": "AUTO-GENERATED; x=y"}, "automatic"),
        ({"Auto_Submitted": "no"}, "passed"),
        ({"Precedence": "bulk"}, "list"),
        ({"Precedence": "auto_reply"}, "list"),
        ({"List_Id": "<x.example.org>"}, "list"),
        ({"X_Autoreply": "yes"}, "automatic"),
        ({"X_Auto_Response_Suppress": "All"}, "automatic"),
        ({"Subject": "Out of Office: Re: hello"}, "automatic"),
        ({"Subject": "=?utf-8?B?QXV0b21hdGlzY2hlIEFudHdvcnQ6?="}, "automatic"),
        ({"message_id": f"<abc@{DOMAIN}>"}, "loop"),
    ],
)
def test_what_a_machine_wrote_is_never_passed_on(
    sender: Any, to_host: str, work: Callable[[], int], headers: dict[str, str], verdict: str
) -> None:
    come(to_host, reply(to_host, "I am away. Call me at home.", **headers))
    work()

    assert verdicts() == [verdict]
    assert len(mails(sender, "supporter_words")) == (1 if verdict == "passed" else 0)


@pytest.mark.parametrize("null_sender", ["<>", "MAILER-DAEMON@example.net"])
def test_a_bounce_is_never_passed_on(
    sender: Any, to_host: str, work: Callable[[], int], null_sender: str
) -> None:
    come(to_host, reply(to_host, f"<{GUEST}>: 550 no such user"), sender=null_sender)
    work()

    assert verdicts() == ["bounce"]


# --- report, stop, limits ----------------------------------------------------------------------


def test_a_reported_conversation_rests(
    sender: Any, event: Event, guest: Rsvp, to_host: str, work: Callable[[], int]
) -> None:
    talk = Conversation.objects.get()
    conversations.report(conversation_id=talk.id, by=make.supporter_of(guest))
    before = len(sender.mails)
    come(to_host, reply(to_host, "One more thing"))
    broadcast(event, "Another message to all")
    work()

    assert verdicts() == ["closed"]
    assert len(sender.mails) == before
    assert Message.objects.get(kind="host_message", state="cancelled").error == "reported"
    with pytest.raises(conversations.ConversationIsOver):
        conversations.answer(conversation_id=talk.id, body="Hi", by=make.host_of(event))


@pytest.mark.parametrize("is_all", [True, False])
def test_stop_holds_for_every_event_of_that_host(
    sender: Any, event: Event, guest: Rsvp, to_host: str, work: Callable[[], int], is_all: bool
) -> None:
    conversations.stop(writer_id=None if is_all else event.host_id, by=make.supporter_of(guest))
    second = make.listed_event(event.campaign, host=HOST, title="Second stop")
    prove(make.signed_up(second, email=GUEST, given="Amina"))
    before = len(mails(sender, "host_message"))
    broadcast(event, "Again")
    broadcast(second, "And here")
    work()

    assert len(mails(sender, "host_message")) == before
    assert {each.error for each in Message.objects.filter(state="cancelled")} == {"silenced"}

    conversations.hear_again(writer_id=event.host_id or 0, by=make.supporter_of(guest))
    broadcast(second, "Now they come")
    work()
    assert len(mails(sender, "host_message")) == before + 1


def test_words_in_the_outbox_stop_at_their_gate(
    sender: Any, event: Event, guest: Rsvp, to_host: str, work: Callable[[], int]
) -> None:
    talk = Conversation.objects.get()
    conversations.answer(conversation_id=talk.id, body="Hello", by=make.host_of(event))
    conversations.stop(writer_id=event.host_id, by=make.supporter_of(guest))
    deliver_round()

    assert mails(sender, "host_answer") == []


def test_twenty_a_day(event: Event, guest: Rsvp, to_host: str) -> None:
    by = make.supporter_of(guest)
    for number in range(20):
        conversations.write_to_host(rsvp_id=guest.id, body=f"Number {number}", by=by)

    with pytest.raises(conversations.WroteEnough):
        conversations.write_to_host(rsvp_id=guest.id, body="Number 20", by=by)


def test_pressing_twice_sends_once(event: Event, guest: Rsvp) -> None:
    by = make.supporter_of(guest)
    first = conversations.write_to_host(rsvp_id=guest.id, body="Hello", by=by)
    again = conversations.write_to_host(rsvp_id=guest.id, body="Hello", by=by)

    assert first == again
    assert Line.objects.count() == 1


# --- who may not -------------------------------------------------------------------------------


def test_only_the_two_write_report_and_read(event: Event, guest: Rsvp, to_host: str) -> None:
    talk = Conversation.objects.get()
    elsewhere = make.listed_event(event.campaign, host="other@example.org", title="Elsewhere")
    other = make.signed_up(event, email="bea@example.org")
    nobodies = [
        VISITOR,
        SYSTEM,
        make.host_of(elsewhere),
        make.supporter_of(other),
        actors.person(guest.person_id or 0, event_id=elsewhere.id),
        actors.account(guest.person_id or 0, frozenset(actors.Role)),
    ]
    for by in nobodies:
        with pytest.raises(conversations.NotYourConversation):
            conversations.answer(conversation_id=talk.id, body="Hi", by=by)
        with pytest.raises(conversations.NotYourConversation):
            conversations.report(conversation_id=talk.id, by=by)
        with pytest.raises(conversations.NotYourConversation):
            conversations.write_to_host(rsvp_id=guest.id, body="Hi", by=by)
    conversations.report(conversation_id=talk.id, by=make.supporter_of(guest))  # the control


def test_an_unproven_address_and_who_is_not_on_the_list_cannot_begin(event: Event) -> None:
    unproven = make.signed_up(event, email="new@example.org")
    by = make.supporter_of(unproven)
    with pytest.raises(conversations.ProveYourAddress):
        conversations.write_to_host(rsvp_id=unproven.id, body="Hi", by=by)
    prove(unproven)
    Rsvp.objects.filter(id=unproven.id).update(state="cancelled")
    with pytest.raises(conversations.NotOnTheList):
        conversations.write_to_host(rsvp_id=unproven.id, body="Hi", by=by)
    Rsvp.objects.filter(id=unproven.id).update(state="waiting")
    assert conversations.write_to_host(rsvp_id=unproven.id, body="Hi", by=by).state == "passed"


@pytest.mark.parametrize("way", ["broadcast", "web", "mail"])
def test_links_of_a_host_wait_for_the_approval_of_the_event(
    sender: Any, work: Callable[[], int], way: str
) -> None:
    event = make.waiting_event(host=HOST)
    guest = make.signed_up(event, email=GUEST, given="Amina")
    prove(guest)
    talk = conversations.write_to_host(
        rsvp_id=guest.id, body="Where?", by=make.supporter_of(guest)
    ).conversation
    link = "Look here: https://evil.example/x"
    if way == "broadcast":
        with pytest.raises(messages.LinksWaitForApproval):
            broadcast(event, link)
    elif way == "web":
        with pytest.raises(conversations.LinksWaitForApproval):
            conversations.answer(conversation_id=talk.id, body=link, by=make.host_of(event))
    else:
        work()
        to_guest = alias_in(mails(sender, "supporter_words")[0])
        come(to_guest, reply(to_guest, link, sender=HOST), sender=HOST)
        work()
        assert verdicts() == ["held"]
    Event.objects.filter(id=event.id).update(state="listed")
    again = f"{link} again"
    line = conversations.answer(conversation_id=talk.id, body=again, by=make.host_of(event))
    assert line.state == "passed"  # the control
