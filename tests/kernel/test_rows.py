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
