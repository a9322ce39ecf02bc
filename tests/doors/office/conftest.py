"""Somebody who sits in the office: an account with a role and a second step in this session."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

Sit = Callable[..., Client]
_numbers = itertools.count(1)


@pytest.fixture
def sit(db: None) -> Sit:
    """``sit("owner")``: a browser that is signed in with these roles and took a second step.

    Sessions end after twelve hours, so a test that moves the clock sits down afterwards.
    """
    from groundswell.accounts import operations as accounts_ops  # after Django is set up
    from groundswell.kernel import clock
    from groundswell.kernel.actor import SYSTEM

    def sit_as(
        *roles: Any, has_second_step: bool = True, name: str = "Priya Shah", zone: str = "UTC"
    ) -> Client:
        account = accounts_ops.create_account(
            email=f"organiser{next(_numbers)}@example.org",
            name=name,
            roles=roles,
            zone=zone,
            by=SYSTEM,
        )
        client = Client()
        client.force_login(account, backend="groundswell.accounts.backend.AccountBackend")
        if has_second_step:
            session = client.session
            session["mfa_at"] = session["proven_at"] = clock.now().isoformat()
            session.save()
        return client

    return sit_as


@pytest.fixture
def organiser(sit: Sit) -> Client:
    return sit("organiser")


@pytest.fixture
def owner(sit: Sit) -> Client:
    return sit("owner")


@pytest.fixture
def counted(db: None) -> Callable[[], int]:
    """Lets the worker count what has happened so far."""
    from groundswell.ledger import worker  # after Django is set up

    return worker.run_until_idle
