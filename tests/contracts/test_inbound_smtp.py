"""The SMTP listener and the pipe of a mail server, over real sockets on loopback."""

from __future__ import annotations

import io
import smtplib
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError

from groundswell.cli import receive_mail
from groundswell.cli.management.commands.inbound import Command
from groundswell.outreach import queries
from groundswell.outreach.models import Inbound
from groundswell.outreach.operations import aliases, inbound
from tests.factories import events as make
from tests.outreach.mail_loop import hand_in, listening

pytestmark = pytest.mark.django_db(transaction=True)

DOMAIN, SECRET = "reply.example.org", "a-secret-of-thirty-two-letters-now"
RAW = b"From: amina@example.org\r\nMessage-ID: <1@mail>\r\n\r\nI bring two friends.\r\n"
SENDER = "amina@example.org"


@pytest.fixture(autouse=True)
def installation(settings: Any) -> None:
    settings.GROUNDSWELL_RELAY_DOMAIN = DOMAIN
    settings.GROUNDSWELL_INBOUND_SECRETS = [SECRET]


@pytest.fixture
def alias(transactional_db: None) -> str:
    rsvp = make.signed_up(make.listed_event(), email=SENDER)
    assert rsvp.person_id is not None
    talk = aliases.open_conversation(event=rsvp.event, person_id=rsvp.person_id)
    assert talk is not None
    return aliases.address_of(talk, "person")


def test_a_mail_to_a_living_alias_is_stored_before_the_answer(alias: str) -> None:
    with listening() as port:
        codes = hand_in(
            port, [(SENDER, alias, RAW), (SENDER, alias.upper(), RAW), ("", alias, RAW)]
        )

    assert codes == [250, 250, 250]
    assert Inbound.objects.count() == 2  # the same mail again is one; another sender is another
    assert queries.listener_seen_at() is not None


def test_dead_unknown_and_foreign_addresses_get_the_same_answer(alias: str) -> None:
    expired = alias.partition("@")[0]
    said = set()
    with listening() as port, smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
        server.ehlo("world.example")
        for to in (
            f"r-{'2' * 27}@{DOMAIN}",
            f"{expired}x@{DOMAIN}",
            f"{expired}@example.com",
            f"postmaster@{DOMAIN}",
            "root",
        ):
            server.mail(SENDER)
            said.add(server.rcpt(to))
            server.rset()
        server.mail(SENDER)
        assert server.rcpt(alias)[0] == 250  # the control

    assert said == {(550, b"5.1.1 There is no such address here")}


def test_without_a_database_the_mail_stays_with_its_server(
    alias: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(**given: Any) -> int:
        raise DatabaseError("gone")

    monkeypatch.setattr(inbound, "store", gone)
    with listening() as port:
        assert hand_in(port, [(SENDER, alias, RAW)]) == [451]


def test_sizes_and_numbers_are_bounded(alias: str) -> None:
    with listening() as port, smtplib.SMTP("127.0.0.1", port, timeout=20) as server:
        server.ehlo("world.example")
        assert server.esmtp_features["size"] == str(5 * 1024 * 1024)
        assert server.mail(SENDER, ["SIZE=9999999"])[0] == 552
        server.mail(SENDER)
        assert [server.rcpt(alias)[0] for _time in range(11)] == [250] * 10 + [452]
        server.rset()
        server.mail(SENDER)
        server.rcpt(alias)
        assert server.data(RAW + (b"x" * 900 + b"\r\n") * 7_000)[0] == 552
    assert Inbound.objects.count() == 0


def test_the_greeting_tells_no_version(alias: str) -> None:
    with listening() as port:
        server = smtplib.SMTP(timeout=10)
        _code, words = server.connect("127.0.0.1", port)
        server.quit()

    assert words == f"{DOMAIN} Groundswell".encode()


def test_the_command_needs_a_domain(settings: Any) -> None:
    settings.GROUNDSWELL_RELAY_DOMAIN = ""
    from django.core.management.base import CommandError

    with pytest.raises(CommandError, match="GROUNDSWELL_RELAY_DOMAIN"):
        Command().handle(host="127.0.0.1", port=0)


# --- groundswell receive-mail --------------------------------------------------------------------


@pytest.fixture
def secret_file(tmp_path: Path) -> str:
    path = tmp_path / "inbound.secret"
    path.write_text(f"{SECRET}, an-older-secret-that-is-still-good\n")
    return str(path)


def pipe(monkeypatch: pytest.MonkeyPatch, raw: bytes, *words: str) -> int:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    return receive_mail.main(words)


@pytest.mark.real_clock
def test_the_pipe_of_a_mail_server(
    live_server: Any, monkeypatch: pytest.MonkeyPatch, secret_file: str
) -> None:
    from groundswell.kernel import clock
    from tests.conftest import STILL_AT

    with clock.at(STILL_AT):
        rsvp = make.signed_up(make.listed_event(), email=SENDER)
    assert rsvp.person_id is not None
    rsvp.event.ends_at = clock.now()
    rsvp.event.save(update_fields=["ends_at"])
    talk = aliases.open_conversation(event=rsvp.event, person_id=rsvp.person_id)
    assert talk is not None
    alias = aliases.address_of(talk, "person")
    given = ("--url", live_server.url, "--secret-file", secret_file)
    known = (*given, "--to", alias, "--from", SENDER)

    assert [pipe(monkeypatch, RAW, *known) for _time in range(2)] == [0, 0]
    assert Inbound.objects.count() == 1
    as_postfix = b"From x\r\nReturn-Path: <a@b.c>\r\nX-Original-To: " + alias.encode() + b"\r\n"
    assert pipe(monkeypatch, as_postfix + RAW, *given) == 0
    assert Inbound.objects.count() == 2
    Path(secret_file).write_text("somebody-elses-secret-of-32-letters")
    assert pipe(monkeypatch, RAW, *known) == 77


def test_the_pipe_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, secret_file: str, tmp_path: Path
) -> None:
    nowhere = ("--url", "http://127.0.0.1:9", "--to", f"r-x@{DOMAIN}")
    missing = str(tmp_path / "missing")

    assert pipe(monkeypatch, RAW, *nowhere, "--secret-file", secret_file) == 75
    assert pipe(monkeypatch, RAW, *nowhere, "--secret-file", missing) == 78
    assert pipe(monkeypatch, b"x" * 5_300_000, *nowhere, "--secret-file", secret_file) == 65
    broken = ("--url", "http://127.0.0.1:9", "--to", "a\nb", "--secret-file", secret_file)
    assert pipe(monkeypatch, RAW, *broken) == 78
