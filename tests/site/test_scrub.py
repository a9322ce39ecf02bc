"""A scrubbed copy: the same shape, and nobody in it; a new column without handling stops it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import models
from django.db.models import Model
from django.test.utils import isolate_apps

from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account
from groundswell.cli import drilling
from groundswell.events.models import Event, Rsvp
from groundswell.events.operations import messages
from groundswell.kernel import privacy
from groundswell.kernel.actor import SYSTEM
from groundswell.outreach.models import Message
from groundswell.people import queries as people_queries
from groundswell.people.finding import find
from groundswell.people.models import Contact, Person, SearchName
from groundswell.people.operations import persons
from groundswell.site import vault
from groundswell.site.backups import scratch
from groundswell.site.scrub import handling
from tests.factories import events as make
from tests.running import signing_in

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])
CANARY = "kestrelcanary"
ABOUT_PEOPLE = {privacy.PERSONAL, privacy.SENSITIVE, privacy.SECRET}


@pytest.fixture(autouse=True)
def few_keys(settings: Any) -> None:
    settings.GROUNDSWELL_KEY_BATCH = 10


def private_columns(model: type[Model]) -> Iterator[Any]:
    told = getattr(model, "Privacy", None)
    return (f for f in model._meta.concrete_fields if getattr(told, f.name, None) in ABOUT_PEOPLE)


def a_house_full_of_canaries() -> int:
    """Canaries in every column about people that can hold words; returns in how many."""
    event = make.listed_event(host=f"{CANARY}.host@example.org")
    rsvp = make.signed_up(
        event, given=CANARY.title(), family=CANARY, email=f"{CANARY}@example.org", phone="",
    )  # fmt: skip
    assert rsvp.person is not None
    persons.attach_phone(person=rsvp.person, phone="+447911123456", by=SYSTEM)
    signing_in.make(f"{CANARY}.team@example.org")
    messages.message_people(event_id=event.id, body=f"{CANARY} says hello.", by=make.host_of(event))
    planted = 0
    for model in (*handling.models(), Message):
        for row in model._base_manager.all():
            for column in private_columns(model):
                planted += _plant(row, column)
    return planted


def _plant(row: Any, column: Any) -> bool:
    """A canary into one cell, past every rule, where the column takes words or bytes."""
    rows = type(row)._base_manager.filter(pk=row.pk)
    name, kind = column.name, column.get_internal_type()
    if name.endswith("_sealed"):
        sealed = bytes(getattr(row, name) or b"")
        if sealed:  # it holds a canary already, or gets one
            key_id = vault.sealing.key_id_of(sealed)
            was = vault.open_(row, name)
            words = was if CANARY in was.lower() else f"{CANARY} {was}"
            is_json = was.startswith("{")
            words = json.dumps({"given": CANARY, "family": CANARY}) if is_json else words
            rows.update(**{name: vault.seal(row, name, words, key_id=key_id)})
        return bool(sealed)
    if kind == "BinaryField":
        rows.update(**{name: CANARY.encode() + str(row.pk).encode()[-3:]})
        return True
    if kind == "JSONField":
        rows.update(**{name: [CANARY]})
        return True
    if kind in {"CharField", "TextField"} and not column.choices:
        most = column.max_length or 100
        rows.update(**{name: f"{CANARY}{row.pk}"[:most] if column.unique else CANARY[:most]})
        return True
    return False


def raw(*files: Path) -> bytes:
    return b"".join(file.read_bytes() for file in files).lower()


def test_no_canary_is_in_the_bytes_of_a_copy(tmp_path: Path) -> None:
    planted = a_house_full_of_canaries()
    before = vault.open_(Contact.objects.filter(kind="email").first(), "value_sealed")  # type: ignore[arg-type]  # there is one
    opened_there = CANARY in before

    call_command("scrub", tmp_path / "copy.sqlite3")

    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == [
        "copy.sqlite3", "copy.sqlite3.key", "copy.sqlite3.keys",
    ]  # fmt: skip
    assert (planted > 20, opened_there) == (True, True)
    bytes_of_it = raw(*files)
    short = CANARY[:8].encode()  # languages and countries have room for a few letters only
    assert [part for part in (CANARY.encode(), short, b"447911123456") if part in bytes_of_it] == []
    assert b"people.invalid" not in bytes_of_it  # what is made up is sealed all the same


def test_control_a_column_that_is_copied_as_it_is_shows_its_canary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_house_full_of_canaries()
    monkeypatch.setitem(handling.MADE_UP, "people.consent.source", lambda row, fresh: row.source)

    call_command("scrub", tmp_path / "copy.sqlite3")

    assert CANARY.encode() in raw(tmp_path / "copy.sqlite3")


def test_nothing_that_opens_in_the_copy_holds_a_canary(tmp_path: Path, settings: Any) -> None:
    a_house_full_of_canaries()
    counts = (Person.objects.count(), Rsvp.objects.count(), Account.objects.count())
    rsvp = Rsvp.objects.get()
    call_command("scrub", tmp_path / "copy.sqlite3")

    settings.GROUNDSWELL_MASTER_KEY = bytes.fromhex((tmp_path / "copy.sqlite3.key").read_text())
    files = (tmp_path / "copy.sqlite3", tmp_path / "copy.sqlite3.keys")
    with scratch.databases_in(*files):
        words = [
            vault.open_(row, column)
            for model, column in drilling.sealed_columns()
            for row in model._base_manager.exclude(**{column: b""})
        ]
        again = (Person.objects.count(), Rsvp.objects.count(), Account.objects.count())
        copied = Rsvp.objects.select_related("person", "event").get()
        person = copied.person
        assert person is not None
        name = people_queries.name_of(person)
        address = people_queries.address_of(person.contacts.get(kind="email"))
        found = [list(find(text, by=SYSTEM)) for text in (name.full, address)]
        account = accounts_queries.account_by_email(handling.address(Account.objects.get().pk))
        sends = Message.objects.count()
        names = set(SearchName.objects.values_list("person_id", flat=True))

    assert len(words) >= 8
    assert [word for word in words if CANARY in word.lower()] == []
    assert again == counts
    assert (copied.id, copied.person_id, copied.event_id) == (
        rsvp.id, rsvp.person_id, rsvp.event_id,
    )  # fmt: skip
    assert address.endswith("@people.invalid")
    assert found == [[person], [person]] or found[1] == [person]
    assert account is not None
    assert (sends, len(names)) == (0, counts[0])


def test_the_source_is_as_it_was(tmp_path: Path) -> None:
    event = make.listed_event()
    call_command("scrub", tmp_path / "copy.sqlite3")

    assert people_queries.name_of(Event.objects.get(id=event.id).host).given == "Dolores"  # type: ignore[arg-type]  # it has one


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "copy.sqlite3.key").write_text("mine")

    with pytest.raises(CommandError, match=r"copy\.sqlite3\.key is there already"):
        call_command("scrub", tmp_path / "copy.sqlite3")
    assert (tmp_path / "copy.sqlite3.key").read_text() == "mine"


# --- every column --------------------------------------------------------------------------------


def test_every_column_about_people_is_handled() -> None:
    for model in handling.models():
        for column in model._meta.concrete_fields:
            handling.maker_of(model, column)


def test_what_is_named_is_a_column() -> None:
    columns = {
        f"{model._meta.label_lower}.{column.name}"
        for model in handling.models()
        for column in model._meta.concrete_fields
    }

    assert set(handling.MADE_UP) - columns == set()


@isolate_apps("groundswell.people")
def test_control_a_new_column_that_nobody_handles_is_found() -> None:
    class Guest(models.Model):
        shoe_size = models.IntegerField()
        secret_word = models.CharField(max_length=10)

        class Meta:
            app_label = "people"

        class Privacy:
            id = privacy.INTERNAL
            shoe_size = privacy.PERSONAL
            secret_word = privacy.SECRET

    with pytest.raises(handling.UnhandledColumn, match=r"people\.guest\.shoe_size is personal"):
        handling.maker_of(Guest, Guest._meta.get_field("shoe_size"))  # type: ignore[arg-type]  # a column
    blank = handling.maker_of(Guest, Guest._meta.get_field("secret_word"))  # type: ignore[arg-type]  # a column
    assert blank is not None
    assert blank(Guest(), handling.Fresh()) == ""
