"""What holds for every file: twice is once, and nobody on the do-not-contact list is reached."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as some

from groundswell.kernel import clock
from groundswell.people import contacts, queries
from groundswell.people.imports import reading, values
from groundswell.people.models import (
    Consent,
    Contact,
    Note,
    Person,
    PostalAddress,
    Suppression,
    Tagging,
    Touch,
)
from groundswell.site import vault
from tests.people.imports.making import a_csv, taken_back, taken_in

EMAILS = [f"p{number}@example.org" for number in range(5)]
HEAD = ("email", "email 2", "first name", "last name", "phone", "tags", "city", "country", "notes",
        "subscribed", "do not contact")  # fmt: skip
# A whole import for each example: making a failing one smaller would take minutes.
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
ROWS = some.lists(
    some.tuples(
        some.sampled_from([*EMAILS, "P0@Example.org", "", "broken@", "=1+1"]),
        some.sampled_from([*EMAILS, "", ""]),
        some.sampled_from(["Ann", "Bo", ""]),
        some.sampled_from(["Lee", ""]),
        some.sampled_from(["+447400123456", "07400 123457", "12", ""]),
        some.sampled_from(["helper", "nurse, helper", ""]),
        some.sampled_from(["Leeds", "Nowhere at all", ""]),
        some.sampled_from(["GB", "Narnia", ""]),
        some.sampled_from(["Likes tea", ""]),
        some.sampled_from(["yes", "no", "spam", ""]),
        some.sampled_from(["yes", "no", "", ""]),
    ).filter(lambda row: row[2] or not row[3]),  # of a family name alone nobody knows whose
    min_size=1,
    max_size=8,
)


@contextmanager
def tried() -> Iterator[None]:
    """Ends an example as if nothing had been written: the next one finds an empty house."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def state() -> dict[str, Any]:
    """Everything about people that an import may write, without ids and moments."""
    told: dict[str, Any] = {"people": [], "barred": Suppression.objects.count()}
    for person in Person.objects.all():
        found = Contact.objects.filter(person=person)
        consents = Consent.objects.filter(person=person)
        told["people"].append(
            (
                queries.name_of(person).full,
                person.reach,
                person.country,
                sorted((queries.address_of(each), each.problem) for each in found),
                sorted((c.channel, c.purpose, c.is_given, c.is_current) for c in consents),
                sorted(Tagging.objects.filter(person=person).values_list("tag__name", flat=True)),
                PostalAddress.objects.filter(person=person).count(),
                sorted(
                    vault.open_(note, "body_sealed") for note in Note.objects.filter(person=person)
                ),
                Touch.objects.filter(person=person).count(),
            )
        )
    told["people"].sort(key=repr)
    return told


@pytest.mark.django_db
@settings(max_examples=20, phases=NO_SHRINKING)
@given(rows=ROWS, more=some.fixed_dictionaries({"without_contact": some.booleans()}))
def test_a_file_taken_in_twice_is_a_file_taken_in_once(rows: Any, more: dict[str, bool]) -> None:
    data = a_csv(HEAD, *rows)
    with tried():
        first = taken_in(data, **more)
        assert first.expected == first.counts
        once = state()
        again = taken_in(data, **more)
        assert state() == once
        assert again.counts["new"] == 0
        assert (again.counts["rows"], again.counts["failed"]) == (
            first.counts["rows"], first.counts["failed"],
        )  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=20, phases=NO_SHRINKING)
@given(rows=ROWS, barred=some.sets(some.sampled_from(EMAILS), min_size=1))
def test_nobody_on_the_do_not_contact_list_is_reached_by_any_import(
    rows: Any, barred: set[str]
) -> None:
    with tried():
        for email in barred:
            blind = contacts.lasting_email(email)
            Suppression.objects.create(blind=blind, reason="asked", at=clock.now())
        taken_in(a_csv(HEAD, *rows))
        listed = {bytes(blind) for blind in Suppression.objects.values_list("blind", flat=True)}
        for contact in Contact.objects.filter(kind="email"):
            is_listed = contacts.lasting_email(queries.address_of(contact)) in listed
            assert bool(contact.problem) == is_listed
        for person in Person.objects.all():
            usable = Contact.objects.filter(person=person, kind="email", problem="")
            assert not person.reach & 1 or usable.exists()


@pytest.mark.django_db
@settings(max_examples=15, phases=NO_SHRINKING)
@given(before=ROWS, rows=ROWS)
def test_taking_a_file_back_leaves_what_was_there_before(before: Any, rows: Any) -> None:
    with tried():
        taken_in(a_csv(HEAD, *before))
        was = state()
        found = taken_in(a_csv(HEAD, *rows))
        taken_back(found)
        now = state()
        # The do-not-contact list keeps what the file put on it, and so do those addresses.
        kept = {email for row in rows if row[9] == "spam" or row[10] == "yes" for email in row}
        if not kept:
            assert now == was
        assert len(now["people"]) == len(was["people"])


@given(some.emails().filter(lambda email: "|" not in email))  # it stands between two addresses
def test_the_quick_way_to_read_an_address_is_the_slow_one(email: str) -> None:
    quick, is_whole = values.emails(email)
    try:
        slow = [contacts.normalised_email(email)]
    except contacts.NotAnEmail:
        slow = []
    assert quick == slow or (not quick and not is_whole)


@settings(max_examples=200)
@given(some.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        table = reading.read_bytes(data)
        lines = list(table.lines)
    except reading.CannotRead:
        return
    except (reading.NothingInIt, reading.TooManyColumns):
        return
    assert {len(line.cells) for line in lines} <= {len(table.head)}
