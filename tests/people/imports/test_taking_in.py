"""Taking lists in: who is who, what is filled, what is never overwritten, what takes it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.kernel import actor as actors
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, VISITOR, Held, Role
from groundswell.kernel.scopes import country
from groundswell.ledger.models import Entry
from groundswell.people import contacts, queries
from groundswell.people.imports.choices import Choices
from groundswell.people.models import (
    Consent,
    Contact,
    Field,
    FieldValue,
    Import,
    ImportPart,
    Note,
    Person,
    PostalAddress,
    SourceCode,
    Suppression,
    Tag,
    Tagging,
    Touch,
)
from groundswell.people.operations import consents, erasing, keys, persons, reach
from groundswell.people.operations.imports import (
    checking,
    rows,
    running,
    undoing,
    uploading,
    waiting,
)
from groundswell.people.operations.persons import Typed
from groundswell.site import vault
from groundswell.site.models import DataKey
from tests.people.imports.making import (
    a_csv,
    checked,
    choices,
    person_at,
    taken_back,
    taken_in,
    uploaded,
)

pytestmark = pytest.mark.django_db

HEAD = ("email", "first name", "last name")
ANN = ("ann@example.org", "Ann", "Lee")


def counts(found: Import) -> dict[str, int]:
    told = {name: count for name, count in found.counts.items() if count and name != "reasons"}
    return {**told, **found.counts["reasons"]}


def known(email: str = "ann@example.org", given: str = "Ann", family: str = "Lee") -> Person:
    typed = Typed(given=given, family=family, email=email)
    return persons.recognise(typed=typed).person


# --- who is who ----------


def test_a_list_of_new_people_is_taken_in() -> None:
    found = taken_in(a_csv(HEAD, ANN, ["Bo@Example.org", "Bo", ""]))

    assert found.state == Import.State.DONE
    assert counts(found) == {"rows": 2, "new": 2}
    assert found.expected == found.counts
    ann = person_at("ann@example.org")
    assert queries.name_of(ann) == queries.Name("Ann", "Lee")
    assert ann.reach == 1
    line = Consent.objects.get(person=ann)
    assert (line.purpose, line.about_id, line.is_given) == ("news", 0, True)
    assert (line.source, line.wording) == ("import", "import-list-1")
    assert line.proof == f"import:{found.id}:2"
    touch = Touch.objects.get(person=ann)
    assert (touch.what, touch.about_id) == ("import", found.id)
    assert queries.has_consent(ann.id, purpose="news", about_id=0)


def test_somebody_known_keeps_what_they_said_and_gets_what_was_empty() -> None:
    ann = known(family="")
    head = (*HEAD, "country", "phone", "language")
    found = taken_in(a_csv(head, ["ANN@example.org", "Ann", "Lee", "GB", "07400 123456", "fr"]))

    assert counts(found) == {"rows": 1, "known": 1}
    ann.refresh_from_db()
    assert queries.name_of(ann) == queries.Name("Ann", "Lee")
    assert (ann.country, ann.language, ann.zone_from) == ("GB", "en", "")  # it has several
    assert ann.searchname.folded == "ann lee"
    phone = Contact.objects.get(person=ann, kind="phone")
    assert queries.address_of(phone) == "+447400123456"


def test_another_name_at_a_known_address_changes_nothing() -> None:
    ann = known()
    found = taken_in(a_csv((*HEAD, "tags"), ["ann@example.org", "Bo", "Lee", "helper"]))

    assert counts(found) == {"rows": 1, "failed": 1, "another_name": 1}
    assert not Tagging.objects.exists()
    assert not Consent.objects.exists()
    assert queries.name_of(ann).full == "Ann Lee"


def test_addresses_of_two_people_are_told_and_change_nothing() -> None:
    known()
    known("al@example.org", "Al", "Lee")
    found = taken_in(a_csv(HEAD, ["ann@example.org; al@example.org", "", "Lee"]))

    assert counts(found) == {"rows": 1, "failed": 1, "two_people": 1}


def test_twice_in_a_file_is_one_person_and_the_second_row_fills_gaps() -> None:
    rows = [["ann@example.org", "Ann", ""], *[[f"p{n}@example.org", "P", "Q"] for n in range(600)]]
    found = taken_in(a_csv(HEAD, *rows, ANN, ["ann@example.org", "", ""]))

    assert found.part_count == 2
    assert counts(found) == {"rows": 603, "new": 601, "known": 2}
    assert found.expected == found.counts
    assert queries.name_of(person_at("ann@example.org")).full == "Ann Lee"


def test_a_phone_alone_is_nobody_and_a_phone_with_the_name_is_somebody() -> None:
    head = ("name", "phone")
    taken_in(a_csv(head, ["Ann Lee", "+447400123456"]))
    found = taken_in(a_csv(head, ["Bo Lee", "+447400123456"], ["Lee, Ann", "+44 7400 123456"]))

    assert counts(found) == {"rows": 2, "new": 1, "known": 1}
    assert Person.objects.count() == 2


def test_a_row_without_an_address_is_kept_where_somebody_says_so_and_once() -> None:
    data = a_csv(("name", "phone"), ["Ann Lee", ""])
    assert counts(taken_in(data)) == {"rows": 1, "failed": 1, "no_contact": 1}
    assert counts(taken_in(data, without_contact=True)) == {"rows": 1, "new": 1}
    assert counts(taken_in(data, without_contact=True)) == {"rows": 1, "known": 1}
    assert Person.objects.count() == 1


def test_several_rows_of_one_person_in_another_program_are_one_person() -> None:
    head = ("Source ID", "First Name", "Last Name", "Email Address", "Phone",
            "Email Subscription Status", "SMS Opt-In Status")  # fmt: skip
    found = taken_in(
        a_csv(
            head,
            ["7", "Ann", "Lee", "ann@example.org", "", "Subscribed", "Unknown"],
            ["7", "Ann", "Lee", "lee@example.org", "", "Not Subscribed", "Unknown"],
            ["7", "Ann", "Lee", "", "202-555-0143", "", "Opt-In"],
        )
    )

    assert found.format == "everyaction"
    assert counts(found) == {"rows": 3, "new": 1, "known": 2}
    ann = Person.objects.get()
    assert ann.contacts.count() == 3
    assert ann.reach == 3


# --- consent ----------


def test_the_source_of_consent_must_be_answered() -> None:
    found = uploaded(a_csv(HEAD, ANN))
    with pytest.raises(checking.WhereDoesConsentComeFrom):
        checking.decide(import_id=found.id, columns=found.columns, choices=Choices(), by=SYSTEM)
    with pytest.raises(running.CheckFirst):
        running.start(import_id=found.id, by=SYSTEM)


@pytest.mark.parametrize("wrong", [{"about_id": 7}, {"purpose": "campaign"}, {"purpose": "moon"}])
def test_they_agreed_to_something_that_there_is(wrong: dict[str, Any]) -> None:
    found = uploaded(a_csv(HEAD, ANN))
    choices = Choices(consent="list", **wrong)
    with pytest.raises(checking.AboutWhat):
        checking.decide(import_id=found.id, columns=found.columns, choices=choices, by=SYSTEM)


def test_without_consent_people_are_kept_and_nobody_writes_to_them() -> None:
    taken_in(a_csv(HEAD, ANN), consent="none")

    assert person_at("ann@example.org").reach == 0
    assert not Consent.objects.exists()


def test_a_consent_that_has_a_last_day_is_none_on_the_day_after() -> None:
    last = clock.now().date() + timedelta(days=30)
    head = (*HEAD, "subscription status")
    rows = [[*ANN, "subscribed"], ["bo@example.org", "Bo", "Ash", "unsubscribed"]]
    taken_in(a_csv(head, *rows), ends_on=last.isoformat())
    ann = person_at("ann@example.org")
    refused = Consent.objects.get(is_given=False)
    assert (refused.person, refused.expires_at) == (person_at("bo@example.org"), None)

    for days, is_asked in ((30, True), (31, False)):
        moment = clock.now().replace(hour=12) + timedelta(days=days)
        with clock.at(moment):
            reach.follow_ends.call()
            ann.refresh_from_db()
            found = queries.has_consent(ann.id, purpose="news", about_id=0)
        assert (found, ann.reach) == (is_asked, int(is_asked)), days


@pytest.mark.parametrize("days", [0, -1])
def test_a_last_day_that_is_not_to_come_is_refused(days: int) -> None:
    found = uploaded(a_csv(HEAD, ANN))
    last = (clock.now().date() + timedelta(days=days)).isoformat()
    chosen = Choices(consent="list", ends_on=last)
    with pytest.raises(checking.ConsentIsOver):
        checking.decide(import_id=found.id, columns=found.columns, choices=chosen, by=SYSTEM)


def test_what_the_file_says_about_somebody_wins_over_the_answer_for_all() -> None:
    head = (*HEAD, "subscription status")
    rows = [
        ["yes@example.org", "A", "", "subscribed"],
        ["no@example.org", "B", "", "Unsubscribed"],
        ["blank@example.org", "C", "", ""],
        ["bounced@example.org", "D", "", "bouncing"],
        ["spam@example.org", "E", "", "spam complaint"],
    ]
    found = taken_in(a_csv(head, *rows))

    assert counts(found) == {"rows": 5, "new": 5, "never": 2}
    given = {
        row[0].partition("@")[0]: [
            line.is_given for line in Consent.objects.filter(person=person_at(row[0]))
        ]
        for row in rows
    }
    assert given == {"yes": [True], "no": [False], "blank": [], "bounced": [], "spam": [False]}
    reach = {row[0].partition("@")[0]: person_at(row[0]).reach for row in rows}
    assert reach == {"yes": 1, "no": 0, "blank": 0, "bounced": 0, "spam": 0}
    problems = Contact.objects.exclude(problem="").values_list("problem", flat=True)
    assert sorted(problems) == ["bounced", "complained"]
    assert Suppression.objects.count() == 2


def test_an_address_on_the_list_stays_there_and_is_counted() -> None:
    blind = contacts.lasting_email("ann@example.org")
    Suppression.objects.create(blind=blind, reason="asked", at=clock.now())
    found = taken_in(a_csv(HEAD, ANN, ["bo@example.org", "Bo", ""]))

    assert counts(found) == {"rows": 2, "new": 2, "barred": 1}
    ann = person_at("ann@example.org")
    assert ann.reach == 0
    assert Contact.objects.get(person=ann).problem == "asked"
    assert queries.is_suppressed(Contact.objects.get(person=ann))


def test_no_file_says_yes_for_somebody_who_said_no() -> None:
    ann = known()
    agreement = consents.Agreement(Consent.Purpose.CAMPAIGN, 77, "rsvp-campaign-1")
    consents.give(person_id=ann.id, agreements=[agreement], source="public.rsvp", by=SYSTEM)
    consents.withdraw(
        person_id=ann.id, purpose="campaign", about_id=77, source="public.stop", by=SYSTEM
    )
    taken_in(a_csv(HEAD, ANN))

    ann.refresh_from_db()
    assert ann.reach == 0
    assert not queries.has_consent(ann.id, purpose="news", about_id=0)


def test_a_consent_is_as_old_as_the_file_says() -> None:
    taken_in(a_csv((*HEAD, "opt in date"), [*ANN, "2024-05-01"], ["b@example.org", "B", "", "x"]))

    line = Consent.objects.get(person=person_at("ann@example.org"))
    assert line.at.date().isoformat() == "2024-05-01"
    assert Import.objects.get().counts["reasons"] == {"not_a_day": 1}


# --- what else a row holds ----------


def test_everything_a_row_can_hold() -> None:
    account = accounts_ops.create_account(
        email="cleo@example.org", name="Cleo", roles=[Role.ORGANISER], by=SYSTEM
    )
    boss = known("boss@example.org", "Boss", "")
    Field.objects.create(
        key="branch", labels={"en": "Branch"}, kind="text", sees="see_contacts",
        writes="see_contacts", created_at=clock.now(),
    )  # fmt: skip
    head = (*HEAD, "Address", "City", "Zip", "Country", "Tags", "Notes", "Source",
            "point person", "recruiter", "created", "branch", "Shoe size")  # fmt: skip
    row = [*ANN, "12 Mill Lane", "Leeds", "LS1 1AA", "United Kingdom", "helper, Nurse",
           "Likes tea", "Flyer 7", "cleo@example.org", "boss@example.org", "1.2.2024", "North",
           "44"]  # fmt: skip
    found = uploaded(a_csv(head, row))
    columns = [*found.columns[:-2], "field:branch", "new_field"]
    found = taken_in(a_csv(head, row), columns=columns)

    assert counts(found) == {"rows": 1, "new": 1}
    ann = person_at("ann@example.org")
    assert (ann.country, ann.time_zone, ann.zone_from) == ("GB", "Europe/London", "address")
    assert (ann.point_person_id, ann.recruiter_id) == (account.id, boss.id)
    assert ann.created_at.date().isoformat() == "2024-02-01"
    address = PostalAddress.objects.get(person=ann)
    assert (address.town, address.country, address.cell_lat) == ("Leeds", "GB", 537)
    street = vault.open_(address, "street_sealed")
    assert street == '{"lines": ["12 Mill Lane"], "postcode": "LS1 1AA"}'
    tags = Tagging.objects.filter(person=ann).values_list("tag__name", flat=True)
    assert set(tags) == {"helper", "Nurse"}
    assert vault.open_(Note.objects.get(person=ann), "body_sealed") == "Likes tea"
    source = SourceCode.objects.get(code="flyer-7")
    assert (ann.first_source, ann.last_source) == (source, source)
    values = FieldValue.objects.filter(person=ann).values_list("field__key", "text")
    assert dict(values) == {"branch": "North", "shoe-size": "44"}


def test_answers_are_kept_or_replaced_as_somebody_says() -> None:
    Field.objects.create(
        key="branch", labels={"en": "Branch"}, kind="text", sees="see_contacts",
        writes="see_contacts", created_at=clock.now(),
    )  # fmt: skip
    head, columns = ("email", "branch"), ["email", "field:branch"]
    taken_in(a_csv(head, ["ann@example.org", "North"]), columns=columns)
    taken_in(a_csv(head, ["ann@example.org", "South"]), columns=columns)
    assert FieldValue.objects.get().text == "North"

    found = taken_in(a_csv(head, ["ann@example.org", "South"]), columns=columns, answers="replace")
    assert FieldValue.objects.get().text == "South"

    taken_back(found)
    assert FieldValue.objects.get().text == "North"


# --- taking it back ----------


def test_undo_erases_who_came_with_it_and_their_keys(work: Callable[[], int]) -> None:
    ann = known()
    head = (*HEAD, "phone", "tags", "city", "country")
    found = taken_in(
        a_csv(
            head,
            [*ANN, "+447400123456", "helper", "Leeds", "GB"],
            ["bo@example.org", "Bo", "", "", "helper", "", ""],
        )
    )
    bo = person_at("bo@example.org")
    back = taken_back(found)
    work()

    assert (back.state, back.counts["gone"], back.counts["kept"]) == ("undone", 1, 0)
    assert list(Person.objects.values_list("id", flat=True)) == [ann.id]
    assert DataKey.objects.filter(id=bo.key_id).count() == 0
    ann.refresh_from_db()
    assert (ann.country, ann.time_zone, ann.reach) == ("", "", 0)
    assert ann.contacts.count() == 1
    for model in (Tagging, PostalAddress, Touch, Consent):
        assert model.objects.count() == 0
    assert Tag.objects.count() == 1
    assert DataKey.objects.filter(id=ann.key_id).count() == 1
    assert Entry.objects.filter(kind="people.ImportUndone").count() == 1


def test_who_did_something_since_stays() -> None:
    found = taken_in(a_csv(HEAD, ANN, ["bo@example.org", "Bo", ""]))
    ann = person_at("ann@example.org")
    consents.withdraw(person_id=ann.id, purpose="news", about_id=0, source="public.stop", by=SYSTEM)
    back = taken_back(found)

    assert (back.counts["gone"], back.counts["kept"]) == (1, 1)
    assert list(Person.objects.values_list("id", flat=True)) == [ann.id]
    assert not queries.has_consent(ann.id, purpose="news", about_id=0)


def test_a_consent_that_stood_before_stands_again() -> None:
    ann = known()
    agreement = consents.Agreement(Consent.Purpose.NEWS, 0, "rsvp-campaign-1")
    consents.give(person_id=ann.id, agreements=[agreement], source="public.rsvp", by=SYSTEM)
    found = taken_in(a_csv((*HEAD, "subscribed"), [*ANN, "no"]))
    ann.refresh_from_db()
    assert ann.reach == 0

    taken_back(found)
    ann.refresh_from_db()
    assert ann.reach == 1
    assert queries.has_consent(ann.id, purpose="news", about_id=0)


def test_after_a_week_nothing_is_left_to_undo_with() -> None:
    found = taken_in(a_csv(HEAD, ANN, ["x", "", ""]))
    assert ImportPart.objects.exclude(undo_sealed=b"").count() == 1
    with clock.at(clock.now() + timedelta(days=7, minutes=1)):
        with pytest.raises(undoing.TooLateToUndo):
            undoing.undo(import_id=found.id, by=SYSTEM)
        waiting.tidy_imports.call()

    assert ImportPart.objects.count() == 0
    found.refresh_from_db()
    assert (found.state, found.key_id) == (Import.State.DONE, None)
    assert counts(found)["new"] == 1


# --- what is left in the parts ----------


def test_rows_that_were_taken_in_are_gone_from_their_part() -> None:
    taken_in(a_csv(HEAD, ANN))
    assert bytes(ImportPart.objects.get().rows_sealed) == b""


def test_somebody_who_is_erased_goes_from_files_that_wait() -> None:
    ann = known()
    uploaded(a_csv(HEAD, ANN, ["bo@example.org", "Bo", ""]))
    erasing.erase_person(person_id=ann.id, by=SYSTEM)

    left = rows.lines_of(ImportPart.objects.get())
    assert [line.cells[0] for line in left] == ["bo@example.org"]


def test_the_key_of_a_file_is_not_swept_while_it_waits() -> None:
    found = uploaded(a_csv(HEAD, ANN))
    with clock.at(clock.now() + timedelta(days=30)):
        keys.tidy_keys.call()
    assert DataKey.objects.filter(id=found.key_id).count() == 1

    uploading.drop(import_id=found.id, by=SYSTEM)
    assert ImportPart.objects.count() == 0


# --- pause, going on, two at once ----------


def test_pause_and_going_on_lose_nothing(work: Callable[[], int]) -> None:
    found = checked(a_csv(HEAD, *[[f"p{n}@example.org", "P", "Q"] for n in range(1200)]))
    running.start(import_id=found.id, in_worker=False, by=SYSTEM)
    running.Run(found.id).step()
    running.pause(import_id=found.id, by=SYSTEM)
    assert running.Run(found.id).step() is False
    assert Person.objects.count() == 500

    running.go_on(import_id=found.id, by=SYSTEM)
    work()
    found.refresh_from_db()
    assert (found.state, found.counts["new"]) == (Import.State.DONE, 1200)
    assert Person.objects.count() == 1200


def test_two_imports_of_the_same_people_side_by_side() -> None:
    data = a_csv(HEAD, *[[f"p{n}@example.org", "P", "Q"] for n in range(700)])
    one, two = checked(data), checked(data)
    for found in (one, two):
        running.start(import_id=found.id, in_worker=False, by=SYSTEM)
    runs = [running.Run(one.id), running.Run(two.id)]
    is_on = True
    while is_on:
        is_on = runs[0].step() | runs[1].step()

    assert Person.objects.count() == 700
    again = Import.objects.get(id=two.id)
    assert (again.counts["new"], again.counts["known"]) == (0, 700)


def test_a_broken_part_leaves_nothing_half_written(monkeypatch: pytest.MonkeyPatch) -> None:
    found = checked(a_csv(HEAD, ANN))
    running.start(import_id=found.id, in_worker=False, by=SYSTEM)

    def break_down(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the machine stops here")

    with monkeypatch.context() as patched:
        patched.setattr(consents, "take_in", break_down)
        with pytest.raises(RuntimeError):
            running.Run(found.id).step()
    assert Person.objects.count() == 0
    assert Contact.objects.count() == 0

    running.Run(found.id).all()
    assert Person.objects.count() == 1


# --- who may ----------


REGIONAL = actors.account(5, [Held(Role.DATA_MANAGER, country("GB"))])
MAY_NOT = [VISITOR, actors.account(5, [Role.ORGANISER]), REGIONAL, actors.person(7)]


@pytest.mark.parametrize("by", MAY_NOT, ids=["visitor", "organiser", "regional", "person"])
def test_who_may_not_take_lists_in(by: actors.Actor) -> None:
    waiting_ = uploaded(a_csv(HEAD, ANN))
    with pytest.raises(uploading.MayNotImport):
        uploaded(a_csv(HEAD, ANN), by=by)
    with pytest.raises(uploading.MayNotImport):
        checking.decide(
            import_id=waiting_.id, columns=waiting_.columns, choices=choices(waiting_), by=by
        )
    for operation in (uploading.drop, running.start, running.pause, running.go_on, undoing.undo):
        with pytest.raises(uploading.MayNotImport):
            operation(import_id=waiting_.id, by=by)


@pytest.mark.parametrize("role", [Role.OWNER, Role.DATA_MANAGER])
def test_who_may(role: Role) -> None:
    account = accounts_ops.create_account(
        email="dora@example.org", name="Dora", roles=[role], by=SYSTEM
    )
    found = taken_in(a_csv(HEAD, ANN), by=accounts_queries.actor_of(account))
    assert (found.state, found.account_id) == (Import.State.DONE, account.id)
