"""The commands of the panic lock."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from groundswell.site import queries as site_queries
from tests.running import signing_in

pytestmark = pytest.mark.django_db


def test_the_commands_lock_and_unlock(capsys: pytest.CaptureFixture) -> None:
    call_command("lock")
    locked = site_queries.is_locked()
    call_command("unlock")

    assert (locked, site_queries.is_locked()) == (True, False)
    said = capsys.readouterr().out
    assert "Everything is locked" in said
    assert "Everything is open." in said


def test_the_commands_lock_and_unlock_one_account() -> None:
    account = signing_in.make("amina@example.org")

    call_command("lock", account="Amina@example.org")
    locked = site_queries.locked_accounts()
    call_command("unlock", account="amina@example.org")

    assert (set(locked), site_queries.locked_accounts()) == ({account.id}, {})
    for verb in ("lock", "unlock"):
        with pytest.raises(CommandError, match=r"No open account has the address x@example\.org"):
            call_command(verb, account="x@example.org")
