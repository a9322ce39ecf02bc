"""What people are found by: high risk leaves no clear name, and the indexes can be made anew."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger.worker import Again
from groundswell.people import queries
from groundswell.people.finding import find
from groundswell.people.models import Contact, NameBlind, Person, SearchName, Suppression
from groundswell.people.operations import consents, indexes, persons
from groundswell.people.operations.persons import Typed
from groundswell.site import vault
from tests.running import signing_in

pytestmark = pytest.mark.django_db


def somebody(given: str, family: str = "Khan") -> Person:
    with transaction.atomic():
        email = f"{given.lower()}@example.org"
        return persons.recognise(typed=Typed(given=given, family=family, email=email)).person


def ids(text: str) -> list[int]:
    return sorted(find(text, by=SYSTEM).values_list("id", flat=True))


def follow() -> int:
    """The schedule's task until it has nothing left; how many rounds that took."""
    rounds = 1
    while isinstance(indexes.follow_high_risk.call(), Again):
        rounds += 1
    return rounds


# --- searching -----------------------------------------------------------------------------------


def test_usually_people_are_found_by_any_words_of_their_name() -> None:
    amina, aminata = somebody("Amina"), somebody("Aminata", "Diallo")

    assert ids("AMIN") == sorted([amina.id, aminata.id])
    assert ids("khan ámina") == [amina.id]
    assert ids("amina@EXAMPLE.org") == [amina.id]
    assert ids("%") == []
    assert ids("") == ids("   ") == sorted([amina.id, aminata.id])  # nothing asked: everybody


def test_with_high_risk_only_the_whole_name_finds_anybody(settings: Any) -> None:
    settings.GROUNDSWELL_HIGH_RISK = True
    amina = somebody("Amina")
    persons.attach_phone(person=amina, phone="+447911123456", by=SYSTEM)

    assert SearchName.objects.count() == 0
    assert ids("Amina Khan") == ids("  ámina   KHAN ") == [amina.id]
    assert ids("Amina") == ids("Amin") == ids("Khan Amina") == []
    assert ids("amina@example.org") == ids("+44 7911 123456") == [amina.id]


# --- switching it on and off ---------------------------------------------------------------------


def test_switched_on_every_clear_name_goes_and_off_they_come_back(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexes, "AT_ONCE", 2)
    people = [somebody(name) for name in ("Amina", "Bea", "Chi", "Dao", "Eva")]
    assert NameBlind.objects.count() == 0

    settings.GROUNDSWELL_HIGH_RISK = True
    rounds = follow()
    on = (SearchName.objects.count(), NameBlind.objects.count(), ids("Bea Khan"), ids("Bea"))
    settings.GROUNDSWELL_HIGH_RISK = False
    follow()
    off = (SearchName.objects.count(), NameBlind.objects.count(), ids("Bea"))

    assert rounds > 3  # five names away, then five made, two at a time
    assert on == (0, 5, [people[1].id], [])
    assert off == (5, 0, [people[1].id])


def test_somebody_whose_key_is_gone_holds_nobody_up(settings: Any) -> None:
    amina, bea = somebody("Amina"), somebody("Bea")
    vault.destroy_key(amina.key_id)
    settings.GROUNDSWELL_HIGH_RISK = True

    follow()

    assert list(NameBlind.objects.values_list("person_id", flat=True)) == [bea.id]
    assert SearchName.objects.count() == 0


# --- made anew -----------------------------------------------------------------------------------


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundswell.cli.management.commands.rotate_key.time.sleep", lambda s: None)


@pytest.mark.parametrize("is_high_risk", [False, True])
def test_new_indexes_find_everybody_and_the_old_ones_nobody(
    settings: Any, is_high_risk: bool, no_waiting: None
) -> None:
    settings.GROUNDSWELL_HIGH_RISK = is_high_risk
    amina, bea = somebody("Amina"), somebody("Bea")
    owner = signing_in.make("olga@example.org")
    contact = Contact.objects.get(person=bea)
    consents.suppress(contact_id=contact.id, reason="asked", by=SYSTEM)
    before = set(Contact.objects.values_list("blind", flat=True))
    listed = bytes(Suppression.objects.get().blind)
    stop = vault.derived("stop:1")
    Contact.objects.update(problem="")  # only the list itself holds her back
    accounts_ops.lock_everything(by=SYSTEM)

    call_command("rotate_key", blind=True)
    accounts_ops.unlock_everything(by=SYSTEM)

    after = set(Contact.objects.values_list("blind", flat=True))
    assert {bytes(b) for b in before} & {bytes(b) for b in after} == set()
    assert ids("Amina Khan") == ids("amina@example.org") == [amina.id]
    assert somebody("Amina").id == amina.id
    assert accounts_queries.account_by_email("olga@example.org") == owner
    # What cannot be made anew still holds: who asked to be left alone, and old links.
    assert queries.is_suppressed(Contact.objects.get(person=bea)) is True
    assert queries.is_suppressed(Contact.objects.get(person=amina)) is False
    assert (bytes(Suppression.objects.get().blind), vault.derived("stop:1")) == (listed, stop)


def test_interrupted_it_goes_on_with_the_same_next_key(no_waiting: None) -> None:
    amina = somebody("Amina")
    accounts_ops.lock_everything(by=SYSTEM)
    vault.begin_new_indexes()
    indexes.reindex(after=0)  # and here it was killed
    drawn = vault.coming_blind("email", "amina@example.org")

    call_command("rotate_key", blind=True)

    assert vault.blind("email", "amina@example.org") == drawn
    assert ids("amina@example.org") == [amina.id]


def test_open_doors_forbid_it() -> None:
    with pytest.raises(CommandError, match="Lock the installation for these minutes first"):
        call_command("rotate_key", blind=True)
