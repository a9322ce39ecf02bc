"""The vault: data keys live apart, one per person, and what loses its key is gone for good."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections

from groundswell.kernel import sealing
from groundswell.ledger.models import Job
from groundswell.site import unsealing, vault
from groundswell.site.models import DataKey, Installation
from tests.conftest import STILL_AT

pytestmark = pytest.mark.django_db


def a_row(number: int = 17) -> Job:
    """Any row will do: it only lends its table and id to the place."""
    return Job(id=number, name="")


def sealed_row(key_id: int, words: str = "amina@example.org") -> Job:
    row = a_row()
    row.name = vault.seal(row, "name", words, key_id=key_id)
    return row


def test_what_was_sealed_opens_in_this_and_in_another_process() -> None:
    row = sealed_row(vault.take_key_id())
    assert vault.open_(row, "name") == "amina@example.org"

    vault.forget()  # as a process that has just started

    assert vault.open_(row, "name") == "amina@example.org"


def test_nothing_stays_nothing() -> None:
    row = sealed_row(vault.take_key_id(), "")

    assert (row.name, vault.open_(row, "name")) == (b"", "")


def test_many_values_open_in_their_order_and_a_destroyed_key_leaves_one_out() -> None:
    keys = [vault.take_key_id() for _number in range(4)]
    rows = [
        (number, vault.Sealer(key).seal_at(Job, number, "name", f"p{number}@example.org"))
        for number, key in enumerate(keys)
    ]
    vault.destroy_key(keys[1])

    opened = list(unsealing.open_many(Job, "name", [*rows, (9, b"")]))

    assert opened == [
        (0, "p0@example.org"), (2, "p2@example.org"), (3, "p3@example.org"), (9, ""),
    ]  # fmt: skip
    with pytest.raises(sealing.CannotOpen):  # another row's value
        list(unsealing.open_many(Job, "name", [(7, rows[0][1])]))


def test_a_value_moved_to_another_row_does_not_open() -> None:
    row, other = sealed_row(vault.take_key_id()), a_row(18)
    other.name = row.name

    with pytest.raises(sealing.CannotOpen):
        vault.open_(other, "name")


def test_a_value_moved_to_another_column_does_not_open() -> None:
    row = sealed_row(vault.take_key_id())
    row.error = row.name

    with pytest.raises(sealing.CannotOpen):
        vault.open_(row, "error")


def test_a_deleted_key_erases_what_it_sealed() -> None:
    key_id = vault.take_key_id()
    row = sealed_row(key_id)

    DataKey.objects.filter(id=key_id).delete()
    vault.forget()

    with pytest.raises(vault.KeyIsGone):
        vault.open_(row, "name")


def test_control_with_its_key_kept_elsewhere_the_value_still_opens() -> None:
    """Deleting the key is what erases: whoever kept a copy of it can still read."""
    key_id = vault.take_key_id()
    row = sealed_row(key_id)
    kept = DataKey.objects.get(id=key_id)

    DataKey.objects.filter(id=key_id).delete()
    vault.forget()
    kept.save(force_insert=True)

    assert vault.open_(row, "name") == "amina@example.org"


def test_a_deleted_key_is_forgotten_by_every_process_within_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key_id = vault.take_key_id()
    row = sealed_row(key_id)
    DataKey.objects.filter(id=key_id).delete()
    assert vault.open_(row, "name") == "amina@example.org"  # this process remembers

    later = vault.time.monotonic() + 61
    monkeypatch.setattr(vault, "time", type("Later", (), {"monotonic": lambda: later}))

    with pytest.raises(vault.KeyIsGone):
        vault.open_(row, "name")


def test_another_master_key_opens_nothing(settings: Any) -> None:
    row = sealed_row(vault.take_key_id())
    vault.forget()
    settings.GROUNDSWELL_MASTER_KEY = bytes(32)

    with pytest.raises(sealing.CannotOpen):
        vault.open_(row, "name")


def test_a_stored_key_shows_nothing_of_the_key() -> None:
    key_id = vault.take_key_id()
    key = vault._known[key_id][0]

    wrapped = bytes(DataKey.objects.get(id=key_id).wrapped)

    assert key not in wrapped


# --- where keys live -----------------------------------------------------------------------------


def test_keys_live_in_a_database_of_their_own() -> None:
    vault.take_key_id()

    tables = {
        alias: {
            name
            for name in connections[alias].introspection.table_names()
            if name.startswith("site_")
        }
        for alias in ("default", "keys")
    }

    assert tables == {
        "default": {"site_installation", "site_lock", "site_safeguards"},
        "keys": {"site_anchor", "site_datakey"},
    }
    assert DataKey.objects.db == "keys"
    assert Installation.objects.db == "default"


def test_nothing_but_keys_and_anchors_is_in_the_keys_database() -> None:
    others = set(connections["keys"].introspection.table_names())

    assert others == {"site_anchor", "site_datakey", "django_migrations"}


def test_keys_are_made_ahead_a_batch_in_one_statement(
    settings: Any, django_assert_num_queries: Any
) -> None:
    settings.GROUNDSWELL_KEY_BATCH = 30
    vault.derived("known from the start")

    with django_assert_num_queries(1, using="keys"):
        taken = [vault.take_key_id() for _ in range(30)]

    assert len(set(taken)) == 30
    assert set(DataKey.objects.values_list("id", flat=True)) == {vault.ROOT_KEY_ID, *taken}
    assert set(DataKey.objects.values_list("created_at", flat=True)) == {STILL_AT}


def test_taking_and_sealing_asks_the_main_database_nothing(
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(0, using="default"):
        sealed_row(vault.take_key_id())


def test_the_keys_of_a_list_are_fetched_in_one_query(django_assert_num_queries: Any) -> None:
    rows = [sealed_row(vault.take_key_id()) for _ in range(20)]
    vault.forget()

    with django_assert_num_queries(1, using="keys"):
        vault.load_keys_of(rows, "name")
        opened = {vault.open_(row, "name") for row in rows}

    assert opened == {"amina@example.org"}


def test_the_house_key_is_made_once_whoever_asks_first() -> None:
    row = sealed_row(vault.house_key_id())
    vault.forget()

    assert vault.house_key_id() == vault.HOUSE_KEY_ID
    assert DataKey.objects.filter(id=vault.HOUSE_KEY_ID).count() == 1
    assert vault.open_(row, "name") == "amina@example.org"


def test_the_newest_key_tells_whether_the_master_key_fits(settings: Any) -> None:
    told = [vault.opens_newest_key()]
    vault.take_key_id()
    told.append(vault.opens_newest_key())
    settings.GROUNDSWELL_MASTER_KEY = bytes(32)
    told.append(vault.opens_newest_key())

    assert told == [None, True, False]


def test_blind_indexes_differ_by_purpose_and_by_installation() -> None:
    email = vault.blind("email", "amina@example.org")
    phone = vault.blind("phone", "amina@example.org")
    DataKey.objects.all().delete()
    vault.forget()
    elsewhere = vault.blind("email", "amina@example.org")

    assert len({email, phone, elsewhere}) == 3
