"""A row inserted by hand is the row that ``save`` would have written."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from groundswell.events.models import Rsvp
from groundswell.kernel import rows
from groundswell.kernel.ids import new_id
from groundswell.ledger.models import Entry, Job
from groundswell.people.models import Consent, Contact, Person, SearchName
from tests.factories import events as make

pytestmark = pytest.mark.django_db

WRITTEN_SO = (Person, Contact, SearchName, Rsvp, Consent, Entry, Job)


def sql_of(write: Any) -> tuple[str, ...]:
    """The INSERT that runs, without the names of Django's own quoting."""
    with CaptureQueriesContext(connection) as asked:
        write()
    # save() asks for columns back that have a default in the database too; ours always send one.
    return tuple(
        each["sql"].partition(" RETURNING ")[0]
        for each in asked.captured_queries
        if "INSERT" in each["sql"]
    )


@pytest.mark.parametrize("model", WRITTEN_SO, ids=lambda model: model.__name__)
def test_it_writes_what_save_writes(model: Any) -> None:
    make.signed_up(make.listed_event())
    row = model.objects.order_by("pk").last()
    told = model.objects.filter(pk=row.pk).values().get()
    by_save = sql_of(lambda: _again(row, lambda: row.save(force_insert=True)))
    by_hand = sql_of(lambda: _again(row, lambda: rows.insert(row)))

    assert by_hand == by_save
    assert model.objects.filter(pk=row.pk).values().get() == told


def _again(row: Any, write: Any) -> None:
    """Take the row away and write it anew; what hangs on it is checked at the end only."""
    type(row).objects.filter(pk=row.pk)._raw_delete(connection.alias)
    write()


def test_columns_that_the_database_fills_in_there_are_none() -> None:
    for model in WRITTEN_SO:
        assert not model._meta.parents
        columns = model._meta.local_concrete_fields
        assert not any(field.db_returning and not field.has_default() for field in columns)


def test_inserted_row_can_be_saved_like_any_other() -> None:
    person = Person.objects.get(id=make.listed_event().host_id)
    other = Person(id=new_id(), key_id=new_id(), language="en", country="GB")
    for field in ("name_sealed", "created_at", "last_active_on"):
        setattr(other, field, getattr(person, field))

    rows.insert(other)
    other.country = "IE"
    other.save()

    assert (other._state.adding, Person.objects.get(id=other.id).country) == (False, "IE")


def test_same_id_twice_is_refused() -> None:
    person = Person.objects.get(id=make.listed_event().host_id)

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(person)


def test_rows_among_values_are_those_that_a_filter_finds() -> None:
    for _ in range(3):
        make.signed_up(make.listed_event())
    held = list(Contact.objects.order_by("id").values_list("blind", "person_id"))
    blinds = [bytes(blind) for blind, _person_id in held]

    found = rows.among(Contact, "blind", {*blinds[1:], b"nobody's"}, "blind", "person_id")
    by_person = rows.among(Contact, "person", {held[0][1]}, "kind", "blind")

    assert sorted((bytes(blind), pid) for blind, pid in found) == sorted(
        (bytes(blind), pid) for blind, pid in held[1:]
    )
    assert [(kind, bytes(blind)) for kind, blind in by_person] == [("email", blinds[0])]
    assert rows.among(Contact, "blind", [], "id") == []


def test_values_among_are_asked_about_in_several_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    event = make.listed_event()
    ids = sorted(make.signed_up(event).person_id for _ in range(5))
    monkeypatch.setattr(rows, "_AT_ONCE", 2)

    with CaptureQueriesContext(connection) as asked:
        found = rows.among(Person, "id", ids, "id")

    assert (sorted(found), len(asked)) == ([(one,) for one in ids], 3)


def test_a_batch_writes_what_save_writes() -> None:
    event = make.listed_event()
    one, other = make.signed_up(event), make.signed_up(event)
    lines = list(Consent.objects.filter(person_id__in=[one.person_id, other.person_id]))
    told = Consent.objects.filter(id__in=[line.id for line in lines]).order_by("id")
    were = list(told.values())
    names = [field.attname for field in Consent._meta.local_concrete_fields]
    told._raw_delete(connection.alias)
    same = {"about_id": lines[0].about_id, "source": lines[0].source}
    given = [name for name in names if name not in same]

    batch = rows.Batch(Consent, *given, **same)
    for line in lines:
        batch.add(*[getattr(line, name) for name in given])
    batch.insert()

    assert list(told.values()) == were
