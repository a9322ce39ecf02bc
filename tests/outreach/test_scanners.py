"""S31: mail scanners open every link of every mail, twice, and nothing happens."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from groundswell.kernel.actor import VISITOR
from groundswell.ledger import operations as ledger_ops
from groundswell.people.facts import ForgettingNear
from groundswell.people.operations import asking
from tests.outreach.senders import NotingSender, use
from tests.people.everything import everything_about
from tests.people.searching import rows

pytestmark = pytest.mark.django_db


def links_of(sender: NotingSender) -> list[str]:
    """Paths of every link in every text, HTML part and header."""
    found = set()
    for mail in sender.mails:
        whole = " ".join([mail.text, mail.html, *mail.headers.values()])
        found |= set(re.findall(rf"{settings.GROUNDSWELL_ORIGIN}(/[^\s\"<>]+)", whole))
    return sorted(found)


def state() -> list[tuple[str, str]]:
    """Every value of every table of both databases."""
    return sorted((place, repr(value)) for place, value in rows())


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> NotingSender:
    found = NotingSender()
    use(monkeypatch, found)
    return found


@pytest.fixture
def mails(sender: NotingSender, work: Callable[[], int]) -> NotingSender:
    person_id = everything_about("amina@example.org")
    asking.ask_by_address(email="guest@example.org", by=VISITOR)
    ledger_ops.record(ForgettingNear(person_id=person_id), by=VISITOR)
    work()
    return sender


def test_every_link_opened_twice_by_another_client_changes_nothing(mails: NotingSender) -> None:
    links = links_of(mails)
    before = state()

    answers = {
        (path, Client().generic(verb, path).status_code)
        for path in links
        for verb in ("GET", "HEAD", "GET", "HEAD")
    }

    parts = {path.split("/")[2] for path in links} | {"/".join(p.split("/")[2:4]) for p in links}
    assert {"stop", "your-data", "my/going", "my/event", "my/data", "my/address"} <= parts
    assert {status for _path, status in answers} == {200}
    assert state() == before


def test_control_a_press_is_seen(mails: NotingSender) -> None:
    stop = next(path for path in links_of(mails) if "/stop/" in path)
    before = state()

    Client().post(stop)

    assert state() != before
