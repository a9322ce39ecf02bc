"""Fixtures of outreach: a rested worker, and mails as people receive them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def rested_worker() -> Iterator[None]:
    """No pause of one test holds the next one up."""
    from groundswell.outreach.delivery import rounds

    rounds.pause.end()
    yield
    rounds.pause.end()


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A sender that takes everything and keeps notes."""
    from tests.outreach.senders import NotingSender, use

    found = NotingSender()
    use(monkeypatch, found)
    return found


@pytest.fixture
def rsvp(db: None) -> Any:
    """Somebody going, with a proven address. No reaction runs unless a test asks for it."""
    from tests.factories import events as make
    from tests.outreach.making import prove

    made = make.signed_up(make.listed_event(), email="amina@example.org")
    prove(made)
    return made


@pytest.fixture
def loopback(settings: Any) -> None:
    """This test may post to this machine."""
    settings.GROUNDSWELL_OUTGOING_LOOPBACK = True


@pytest.fixture
def other(loopback: None) -> Iterator[Any]:
    """Another program that takes every post."""
    from tests.running.receiver import receiving

    with receiving() as found:
        yield found
