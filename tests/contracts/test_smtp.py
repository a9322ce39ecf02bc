"""The SMTP sender against a real server, and against one that fails at every step.

What matters at each fault is whether the mail may have left: PERHAPS may only come after DATA.
"""

from __future__ import annotations

import email
import email.policy
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from groundswell.outreach.mail.mime import Mail
from groundswell.outreach.senders.contract import Outcome, Result
from groundswell.outreach.senders.smtp.send import SmtpSender
from tests.outreach.mail_server import scripted

pytestmark = pytest.mark.real_clock


def mail(**others: Any) -> Mail:
    given: dict[str, Any] = {
        "provider_ref": "a1b2c3",
        "kind": "rsvp_going",
        "language": "en",
        "person_id": 1,
        "from_name": "Bus Users Together",
        "from_address": "hello@example.org",
        "to_address": "amina@example.org",
        "subject": "You are going",
        "text": "Hello\n.a line with a dot\n..two\n",
        "html": "<p>Hello</p>",
        "sent_at": datetime(2026, 3, 4, tzinfo=UTC),
        **others,
    }
    return Mail(**given)


@contextmanager
def sending(url: str, *, timeout: float = 5.0) -> Iterator[SmtpSender]:
    sender = SmtpSender(url, timeout=timeout)
    try:
        yield sender
    finally:
        sender.close()


def outcome_of(*, timeout: float = 5.0, **script: Any) -> Outcome:
    with scripted(**script) as server, sending(server.url, timeout=timeout) as sender:
        given = mail()
        return sender.send(given, given.as_bytes())


class _Kept:
    def __init__(self) -> None:
        self.envelopes: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the server's name for it
        self.envelopes.append((id(session), envelope))
        return "250 taken"


@pytest.fixture
def real_server() -> Iterator[tuple[str, _Kept]]:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = _Kept()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}", kept
    controller.stop()


def test_a_real_server_takes_mails_over_one_connection(real_server: tuple[str, _Kept]) -> None:
    url, kept = real_server
    first, second = mail(), mail(provider_ref="d4", text="Zweitens ü")

    with sending(url) as sender:
        outcomes = [sender.send(each, each.as_bytes()) for each in (first, second)]

    assert outcomes == [Outcome(Result.TAKEN)] * 2
    assert len({session for session, _envelope in kept.envelopes}) == 1
    (_, one), (_, other) = kept.envelopes
    assert (one.mail_from, one.rcpt_tos) == ("hello@example.org", ["amina@example.org"])
    read = email.message_from_bytes(one.content, policy=email.policy.default)
    assert read["Message-ID"] == "<a1b2c3@example.org>"
    body = read.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == first.text
    other_body = email.message_from_bytes(other.content, policy=email.policy.default).get_body(
        ("plain",)
    )
    assert other_body is not None
    assert other_body.get_content().strip() == "Zweitens ü"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ({"greeting": "554 go away"}, Outcome(Result.NOT_NOW, "greeting_554", False, True)),
        ({"greeting": "drop"}, Outcome(Result.NOT_NOW, "no_connection", False, True)),
        ({"EHLO": "drop"}, Outcome(Result.NOT_NOW, "no_connection", False, True)),
        ({"MAIL": "451 later"}, Outcome(Result.NOT_NOW, "mail_451", False, True)),
        ({"MAIL": "550 not you"}, Outcome(Result.NOT_NOW, "mail_550", False, True)),
        ({"MAIL": "drop"}, Outcome(Result.NOT_NOW, "lost_at_mail", False, True)),
        ({"RCPT": "450 4.2.1 greylisted"}, Outcome(Result.NOT_NOW, "rcpt_450")),
        ({"RCPT": "550 5.1.1 no such user"}, Outcome(Result.NEVER, "rcpt_550", is_bounce=True)),
        ({"RCPT": "550 no such user"}, Outcome(Result.NEVER, "rcpt_550", is_bounce=True)),
        ({"RCPT": "550 5.7.1 we dislike you"}, Outcome(Result.NEVER, "rcpt_550")),
        ({"RCPT": "552 5.2.2 mailbox full"}, Outcome(Result.NEVER, "rcpt_552")),
        ({"RCPT": "421 closing"}, Outcome(Result.NOT_NOW, "rcpt_421", False, True)),
        ({"RCPT": "drop"}, Outcome(Result.NOT_NOW, "lost_at_rcpt", False, True)),
        ({"DATA": "451 later"}, Outcome(Result.NOT_NOW, "data_451")),
        ({"DATA": "554 no"}, Outcome(Result.NEVER, "data_554")),
        ({"DATA": "drop"}, Outcome(Result.NOT_NOW, "lost_at_data", False, True)),
        ({"content": "250 2.0.0 queued"}, Outcome(Result.TAKEN)),
        ({"content": "451 later"}, Outcome(Result.NOT_NOW, "content_451")),
        ({"content": "554 5.6.0 spam"}, Outcome(Result.NEVER, "content_554")),
        ({"content": "drop"}, Outcome(Result.PERHAPS, "lost_after_data")),
        ({"content": "what?"}, Outcome(Result.PERHAPS, "odd_answer")),
        ({"content": "354 more"}, Outcome(Result.PERHAPS, "odd_answer")),
    ],
)
def test_each_fault_means_one_thing(script: dict[str, str], expected: Outcome) -> None:
    assert outcome_of(**script) == expected


@pytest.mark.parametrize(
    ("step", "answer", "expected"),
    [
        ("greeting", "hang", Result.NOT_NOW),
        ("RCPT", "hang", Result.NOT_NOW),
        ("content", "hang", Result.PERHAPS),
        ("content", "drip", Result.PERHAPS),
        ("RCPT", "drip", Result.NOT_NOW),
    ],
)
def test_a_server_that_stalls_is_left_in_time(step: str, answer: str, expected: Result) -> None:
    began = time.monotonic()

    outcome = outcome_of(timeout=0.4, **{step: answer})

    assert outcome.result == expected
    assert time.monotonic() - began < 3


def test_nobody_listens() -> None:
    with scripted() as server:
        url = server.url
    given = mail()

    assert SmtpSender(url, timeout=1).send(given, given.as_bytes()) == Outcome(
        Result.NOT_NOW, "no_connection", is_our_trouble=True
    )


@pytest.mark.parametrize("ending", ["drop", "421 too many on one connection"])
def test_a_kept_connection_that_ended_is_opened_again(ending: str) -> None:
    with (
        scripted(MAIL=["250 ok", ending, "250 ok"]) as server,
        sending(server.url) as sender,
    ):
        results = [sender.send(each, each.as_bytes()).result for each in (mail(), mail())]

        assert results == [Result.TAKEN, Result.TAKEN]
        assert (server.heard.count("greeting"), len(server.mails)) == (2, 2)


def test_a_refused_address_leaves_the_connection_usable() -> None:
    with (
        scripted(RCPT=["550 5.1.1 no", "250 ok"]) as server,
        sending(server.url) as sender,
    ):
        results = [sender.send(each, each.as_bytes()).result for each in (mail(), mail())]

        assert results == [Result.NEVER, Result.TAKEN]
        assert server.heard.count("greeting") == 1


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scripted server on loopback counts as another machine."""
    from groundswell.outreach.senders.smtp import send

    monkeypatch.setattr(send, "_THIS_MACHINE", frozenset())


@pytest.mark.usefixtures("far_away")
def test_nothing_leaves_for_another_machine_without_tls() -> None:
    with scripted(EHLO="250-hello\r\n250 AUTH PLAIN") as server:
        with sending(server.url.replace("//", "//name:secret@")) as sender:
            given = mail()
            outcome = sender.send(given, given.as_bytes())

        assert outcome == Outcome(Result.NOT_NOW, "no_tls", is_our_trouble=True)
        assert server.heard == ["greeting", "EHLO"]


@pytest.mark.usefixtures("far_away")
def test_a_server_whose_tls_cannot_be_trusted_gets_nothing() -> None:
    with scripted(EHLO="250-hello\r\n250 STARTTLS", STARTTLS="220 go\r\nno tls") as server:
        with sending(server.url) as sender:
            given = mail()
            outcome = sender.send(given, given.as_bytes())

        assert outcome == Outcome(Result.NOT_NOW, "tls", is_our_trouble=True)
        assert server.mails == []


def test_smtps_to_a_server_without_tls_gets_nothing() -> None:
    with scripted() as server, sending(server.url.replace("smtp:", "smtps:")) as sender:
        given = mail()

        assert sender.send(given, given.as_bytes()) == Outcome(
            Result.NOT_NOW, "tls", is_our_trouble=True
        )


def test_a_server_that_drops_at_reset_or_goodbye_is_opened_again() -> None:
    with (
        scripted(RCPT=["450 later", "250 ok"], RSET="drop", QUIT="drop") as server,
        sending(server.url) as sender,
    ):
        results = [sender.send(each, each.as_bytes()).result for each in (mail(), mail())]

    assert results == [Result.NOT_NOW, Result.TAKEN]
    assert server.heard.count("greeting") == 2
    assert sender.ask("a1b2c3") is None


def test_a_connection_is_renewed_before_it_is_worn_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from groundswell.outreach.senders.smtp import send

    monkeypatch.setattr(send, "_MAILS_PER_CONNECTION", 2)
    with scripted() as server, sending(server.url) as sender:
        for _each in range(3):
            sender.send(mail(), mail().as_bytes())

    assert (server.heard.count("greeting"), server.heard.count("QUIT")) == (2, 2)


@pytest.mark.parametrize("content", [b".starts with a dot", b"a\r\n.\r\n..b\r\n"])
def test_dots_at_line_starts_survive(content: bytes) -> None:
    with scripted() as server, sending(server.url) as sender:
        sender.send(mail(), content)

    assert [each.rstrip(b"\r\n") for each in server.mails] == [content.rstrip(b"\r\n")]


def test_a_refused_sign_in_is_our_trouble() -> None:
    with scripted(EHLO="250-hello\r\n250 AUTH PLAIN", AUTH="535 no") as server:
        url = server.url.replace("//", "//name:secret@")
        with sending(url) as sender:
            given = mail()

            assert sender.send(given, given.as_bytes()) == Outcome(
                Result.NOT_NOW, "sign_in_535", is_our_trouble=True
            )
            assert server.mails == []
