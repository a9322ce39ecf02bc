"""A code by mail fits once, for one account, and tells nobody which addresses are known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account, PendingCode
from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.ledger.models import Entry
from groundswell.site import vault
from tests.running.signing_in import (
    ask,
    make,
)

pytestmark = pytest.mark.django_db


def test_code_signs_in_once_in_any_spelling() -> None:
    account = make()
    code_id = ask(" AMINA@example.org")
    code = accounts_queries.pending_code(code_id) or ""
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    signed_in = accounts_ops.enter_code(
        code_id=code_id, code=f" {arabic[:4]}-{arabic[4:]} ", by=VISITOR
    )

    assert signed_in == account
    assert len(code) == 8
    assert accounts_queries.pending_code(code_id) is None
    assert bytes(PendingCode.objects.get().code_sealed) == b""
    with pytest.raises(accounts_ops.CodeIsOver):
        accounts_ops.enter_code(code_id=code_id, code=code, by=VISITOR)


def test_code_wrong_five_times_is_over_even_with_the_right_one() -> None:
    make()
    code_id = ask()
    code = accounts_queries.pending_code(code_id) or ""
    wrong = str((int(code) + 1) % 10**8).zfill(8)

    for _ in range(5):
        with pytest.raises(accounts_ops.CodeDoesNotFit):
            accounts_ops.enter_code(code_id=code_id, code=wrong, by=VISITOR)

    with pytest.raises(accounts_ops.CodeIsOver):
        accounts_ops.enter_code(code_id=code_id, code=code, by=VISITOR)


@pytest.mark.parametrize("odd", ["", "\x00", "x" * 10_000, "１２", "½", "²", "\ud800"])
def test_code_odd_text_does_not_fit(odd: str) -> None:
    make()

    with pytest.raises(accounts_ops.CodeDoesNotFit):
        accounts_ops.enter_code(code_id=ask(), code=odd, by=VISITOR)


def test_code_expires(still_clock) -> None:
    make()
    code_id = ask()
    code = accounts_queries.pending_code(code_id) or ""
    still_clock.shift(timedelta(minutes=15))

    with pytest.raises(accounts_ops.CodeIsOver):
        accounts_ops.enter_code(code_id=code_id, code=code, by=VISITOR)
    assert accounts_queries.pending_code(code_id) is None
    assert accounts_ops.sweep_codes() == 0
    assert bytes(PendingCode.objects.get().code_sealed) == b""
    still_clock.shift(timedelta(days=1, seconds=1))
    assert accounts_ops.sweep_codes() == 1


def test_code_of_a_closed_account_signs_nobody_in() -> None:
    account = make()
    code_id = ask()
    code = accounts_queries.pending_code(code_id) or ""
    accounts_ops.close_account(account_id=account.id, by=SYSTEM)

    with pytest.raises(accounts_ops.CodeDoesNotFit):
        accounts_ops.enter_code(code_id=code_id, code=code, by=VISITOR)
    assert accounts_queries.pending_code(ask()) is None


def statements_of(work: Callable[[], object]) -> list[str]:
    """The statements of ``work``, without their values."""
    with CaptureQueriesContext(connection) as caught:
        work()
    sentences = [query["sql"].split("VALUES")[0].split("WHERE")[0] for query in caught]
    return [sql.split('"')[0] if "SAVEPOINT" in sql else sql for sql in sentences]


def test_known_and_unknown_addresses_take_the_same_work() -> None:
    make()
    vault.house_key_id()

    known = statements_of(lambda: ask("amina@example.org"))
    unknown = statements_of(lambda: ask("nobody@example.org"))

    assert unknown == known
    first, second = Entry.objects.filter(kind="accounts.SignInCodeAsked").order_by("id")
    assert sorted(first.rest) == sorted(second.rest) == ["code_id", "language"]
    mails = [accounts_queries.code_mail(entry.rest["code_id"]) for entry in (first, second)]
    assert [mail.email if mail else None for mail in mails] == ["amina@example.org", None]


def test_known_and_unknown_addresses_control_an_early_return_is_seen() -> None:
    make()
    vault.house_key_id()

    def careless(email: str) -> None:
        if Account.objects.filter(email_sealed=email.encode()).exists():
            ask(email)

    known = statements_of(lambda: ask("amina@example.org"))

    assert statements_of(lambda: careless("nobody@example.org")) != known


def test_unknown_address_takes_no_code_however_lucky() -> None:
    code_id = ask("nobody@example.org")
    code = vault.open_(PendingCode.objects.get(), "code_sealed")

    with pytest.raises(accounts_ops.CodeDoesNotFit):
        accounts_ops.enter_code(code_id=code_id, code=code, by=VISITOR)


@pytest.mark.parametrize("email", ["amina@example.org", "nobody@example.org"])
def test_codes_are_limited_alike_for_known_and_unknown(email: str) -> None:
    make()

    for _ in range(6):
        ask(email)

    with pytest.raises(accounts_ops.AskedTooOften):
        ask(email.upper())
    assert PendingCode.objects.count() == 6


def test_ask_code_refuses_what_is_no_address() -> None:
    with pytest.raises(accounts_ops.EmailIsNotAnAddress):
        ask("amina@example.org\nBcc: b@example.org")
    assert Entry.objects.count() == 0
