"""What the team does to a profile: who may, what is kept, what is refused, what the log says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from groundswell.accounts.models import Account
from groundswell.kernel import actor as actors
from groundswell.kernel import clock, scopes
from groundswell.kernel.actor import SYSTEM, Actor, Held, Role
from groundswell.kernel.refusal import Refusal
from groundswell.ledger.models import Entry
from groundswell.people import contacts, fields, likenesses, queries, zones
from groundswell.people.models import (
    Contact,
    Field,
    FieldValue,
    Household,
    Note,
    Person,
    PostalAddress,
    Relation,
    Suppression,
    Tag,
    Tagging,
)
from groundswell.people.operations import (
    answers,
    consents,
    correcting,
    details,
    notes,
    persons,
    questions,
    reach,
    tagging,
    ties,
)
from groundswell.people.operations.looking import NotYours
from groundswell.site import vault
from tests.factories import fields as field_makers
from tests.factories import profiles
from tests.running import signing_in

pytestmark = pytest.mark.django_db


def person(email: str = "amina@example.org", country: str = "GB", **typed: Any) -> Person:
    typed.setdefault("given", "Amina")
    found = persons.recognise(typed=persons.Typed(email=email, country=country, **typed))
    return found.person


def in_days(days: int) -> datetime:
    return clock.now() + timedelta(days=days)


def holding(role: Role, over: scopes.Scope = scopes.EVERYWHERE) -> Actor:
    return actors.account(7, [Held(role, over)])


ORGANISER = holding(Role.ORGANISER)
REGIONAL = holding(Role.REGIONAL_ORGANISER, scopes.country("GB"))
ELSEWHERE = holding(Role.ORGANISER, scopes.country("CL"))
TEXTING_LEAD = holding(Role.TEXTING_LEAD)  # sees names, opens no address

DETAILS = details.Details(given="Amina", family="Khan", language="en")
VERBS: dict[str, Callable[[int, Actor], Any]] = {
    "details": lambda who, by: details.change_details(person_id=who, details=DETAILS, by=by),
    "contact": lambda who, by: details.add_contact(
        person_id=who, kind="email", value="more@example.org", by=by
    ),
    "take away": lambda who, by: details.remove_contact(person_id=who, contact_id=1, by=by),
    "home": lambda who, by: details.put_home(person_id=who, home=details.Home(town="Leeds"), by=by),
    "no home": lambda who, by: details.remove_home(person_id=who, by=by),
    "tag": lambda who, by: tagging.tag(person_id=who, name="Van", by=by),
    "untag": lambda who, by: tagging.untag(person_id=who, tag_id=1, by=by),
    "note": lambda who, by: notes.write_note(person_id=who, body="Hm.", sees="see_names", by=by),
    "tie": lambda who, by: ties.relate(person_id=who, other_id=who, kind="friend", by=by),
    "no tie": lambda who, by: ties.unrelate(person_id=who, relation_id=1, by=by),
    "household": lambda who, by: ties.live_together(person_id=who, other_id=who, by=by),
    "moved out": lambda who, by: ties.move_out(person_id=who, by=by),
    "point": lambda who, by: ties.choose_point_person(person_id=who, account_id=None, by=by),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("by", [ELSEWHERE, TEXTING_LEAD, actors.account(7, frozenset())])
def test_who_may_not(verb: str, by: Actor) -> None:
    who = person()

    with pytest.raises(NotYours):
        VERBS[verb](who.id, by)

    assert not Entry.objects.filter(actor_id=7).exists()


@pytest.mark.parametrize("verb", VERBS)
def test_control_who_looks_after_them_is_not_told_so(verb: str) -> None:
    who = person()

    try:
        VERBS[verb](who.id, REGIONAL)
    except NotYours:  # pragma: no cover - what the test is about
        pytest.fail("a regional organiser looks after people of their country")
    except Refusal:
        pass  # there is nothing to take away, or nobody else


# --- names, languages, zone ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "family", "is_first", "full", "for_hosts"),
    [
        ("Amina", "Khan", False, "Amina Khan", "Amina K."),
        ("明", "王", True, "王 明", "明 王."),
        ("Sukarno", "", False, "Sukarno", "Sukarno"),
        ("", "Prince", False, "Prince", "Prince"),
        ("محمد", "الخطيب", False, "محمد الخطيب", "محمد ا."),
    ],
)
def test_names_of_one_part_or_two_in_their_own_order(
    given: str, family: str, is_first: bool, full: str, for_hosts: str
) -> None:
    who = person()
    wanted = details.Details(given=given, family=family, is_family_first=is_first, language="en")

    details.change_details(person_id=who.id, details=wanted, by=ORGANISER)

    name = queries.name_of(Person.objects.get(id=who.id))
    assert (name.full, name.for_hosts) == (full, for_hosts)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"given": " ", "family": ""}, correcting.NameIsEmpty),
        ({"language": "xx"}, correcting.NoSuchLanguage),
        ({"time_zone": "Mars/Olympus"}, details.NoSuchZone),
    ],
)
def test_wrong_details_change_nothing(wrong: dict[str, str], refusal: type[Refusal]) -> None:
    who = person()
    wanted = details.Details(**{"given": "A", "family": "", "language": "en", **wrong})

    with pytest.raises(refusal):
        details.change_details(person_id=who.id, details=wanted, by=ORGANISER)

    assert queries.name_of(Person.objects.get(id=who.id)).full == "Amina"


def test_the_zone_is_what_they_said_or_follows_from_where_they_live() -> None:
    who = person(country="US")
    assert zones.of(who) == ("America/New_York", "country")
    assert zones.confidence(zones.of(who), "US") == 0.5  # one of several

    details.put_home(person_id=who.id, home=details.Home(town="Denver", country="US"), by=ORGANISER)
    who.refresh_from_db()
    assert (who.time_zone, who.zone_from) == ("America/Denver", "address")

    said = details.Details(
        given="A", family="", language="en", country="US", time_zone="America/Chicago"
    )
    details.change_details(person_id=who.id, details=said, by=ORGANISER)
    who.refresh_from_db()
    assert (who.time_zone, who.zone_from) == ("America/Chicago", "said")
    assert zones.confidence(zones.of(who), "US") == 1.0

    details.remove_home(person_id=who.id, by=ORGANISER)
    who.refresh_from_db()
    assert who.time_zone == "America/Chicago"  # what they said outlives the home


# --- addresses ----------------------------------------------------------------------------------


def test_a_second_address_is_sealed_unproven_and_no_consent() -> None:
    who = person()

    added = details.add_contact(
        person_id=who.id, kind="email", value=" More@Example.ORG ", by=ORGANISER
    )
    again = details.add_contact(
        person_id=who.id, kind="email", value="more@example.org", by=ORGANISER
    )

    assert again.id == added.id
    assert queries.address_of(added) == "more@example.org"
    assert b"more@example.org" not in bytes(added.value_sealed)
    assert (added.proven_at, added.problem) == (None, "")
    assert Person.objects.get(id=who.id).reach == 0


def test_an_address_of_somebody_else_is_refused_and_nothing_changes() -> None:
    who, other = person(), person("bea@example.org")

    with pytest.raises(details.SomebodyElseHasIt):
        details.add_contact(person_id=who.id, kind="email", value="bea@example.org", by=ORGANISER)

    assert Contact.objects.filter(person=who).count() == 1
    assert details.address_taken_by("bea@example.org") == other.id


def test_what_must_not_be_written_to_stays_so_on_somebody_new() -> None:
    blind = contacts.lasting_email("never@example.org")
    Suppression.objects.create(blind=blind, reason="asked", at=person().created_at)
    who = person("other@example.org")

    added = details.add_contact(
        person_id=who.id, kind="email", value="never@example.org", by=ORGANISER
    )

    assert added.problem == "asked"


@pytest.mark.parametrize(
    ("kind", "value", "refusal"),
    [
        ("email", "amina@", contacts.NotAnEmail),
        ("phone", "12", contacts.NotAPhone),
    ],
)
def test_what_is_no_address_is_refused(kind: str, value: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        details.add_contact(person_id=person().id, kind=kind, value=value, by=ORGANISER)


def test_reach_follows_a_consent_and_an_address_that_goes() -> None:
    who = person()
    agreed = consents.Agreement("news", 0, "topic-email-1")  # type: ignore[arg-type]  # as stored
    consents.give(person_id=who.id, agreements=[agreed], source="test", by=SYSTEM)
    assert Person.objects.get(id=who.id).reach == 1

    contact = Contact.objects.get(person=who)
    details.remove_contact(person_id=who.id, contact_id=contact.id, by=ORGANISER)

    assert Person.objects.get(id=who.id).reach == 0


def test_reach_ends_with_a_consent_that_has_a_last_day() -> None:
    who, other = person(), person("bilal@example.org")
    for person_id, days in ((who.id, 30), (other.id, 60)):
        agreed = consents.Agreement("news", 0, "topic-email-1", expires_at=in_days(days))  # type: ignore[arg-type]  # as stored
        consents.give(person_id=person_id, agreements=[agreed], source="test", by=SYSTEM)

    with clock.at(in_days(31)):
        reach.follow_ends.call()

    assert Person.objects.get(id=who.id).reach == 0
    assert Person.objects.get(id=other.id).reach == 1


def test_a_home_keeps_the_street_sealed_and_the_town_as_a_coarse_cell() -> None:
    who = person()
    home = details.Home(
        street="12 Mill Lane\n\nFlat 3", postcode="LS1 4DY", town="Leeds", country="GB"
    )

    row = details.put_home(person_id=who.id, home=home, by=ORGANISER)

    assert details.street_of(row) == {"lines": ["12 Mill Lane", "Flat 3"], "postcode": "LS1 4DY"}
    assert (row.town, row.cell_lat, row.cell_lon) == ("Leeds", 537, -16)
    assert b"Mill" not in bytes(row.street_sealed)
    details.put_home(
        person_id=who.id, home=details.Home(street=None, postcode=None, town="York"), by=ORGANISER
    )
    (again,) = PostalAddress.objects.filter(person=who)
    assert (again.town, details.street_of(again)["postcode"]) == ("York", "LS1 4DY")


@pytest.mark.parametrize(("kind", "lives_in"), [("home", "paris"), ("post", ""), ("work", "")])
def test_only_where_they_live_counts_as_home(kind: str, lives_in: str) -> None:
    who = person()
    home = details.Home(town="Paris", country="FR", kind=kind)
    details.put_home(person_id=who.id, home=home, by=ORGANISER)
    assert {town.lower() for town in queries.towns_of([who]).values()} == {lives_in} - {""}
    assert likenesses.records_of([who.id])[who.id].town == lives_in
    assert Person.objects.get(id=who.id).time_zone == ("Europe/Paris" if lives_in else "")


@pytest.mark.parametrize(
    ("home", "refusal"),
    [
        (details.Home(street="12 Mill Lane"), details.WriteAPlace),
        (details.Home(street="x" * 121, town="Leeds"), details.LineIsTooLong),
        (details.Home(street="a\nb\nc\nd", town="Leeds"), details.LineIsTooLong),
    ],
)
def test_a_home_that_cannot_be_kept(home: details.Home, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        details.put_home(person_id=person().id, home=home, by=ORGANISER)


# --- tags ---------------------------------------------------------------------------------------


def test_one_tag_per_word_however_it_is_written() -> None:
    who = person()

    first = tagging.tag(person_id=who.id, name="Speaks Pólish", by=ORGANISER)
    second = tagging.tag(person_id=who.id, name="  speaks  polish", by=ORGANISER)

    assert first.id == second.id
    assert Tagging.objects.count() == 1
    assert Entry.objects.filter(kind="people.Tagged").count() == 1
    tagging.untag(person_id=who.id, tag_id=first.id, by=ORGANISER)
    assert Tagging.objects.count() == 0


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_no_tag_of_nothing_and_none_too_long(name: str) -> None:
    with pytest.raises(Refusal):
        tagging.tag(person_id=person().id, name=name, by=ORGANISER)

    assert Tag.objects.count() == 0


def test_many_get_a_tag_and_an_undo_takes_it_off_only_those() -> None:
    people = [person(f"p{number}@example.org") for number in range(3)]
    far = person("far@example.org", country="CL")
    found = tagging.tag(person_id=people[0].id, name="Van", by=ORGANISER)
    wanted = [who.id for who in [*people, far]]

    got = tagging.tag_people(tag_id=found.id, person_ids=wanted, by=REGIONAL)

    assert sorted(got) == sorted(who.id for who in people[1:])
    tagging.untag_people(tag_id=found.id, person_ids=got, by=REGIONAL)
    assert [row.person_id for row in Tagging.objects.all()] == [people[0].id]


# --- answers ------------------------------------------------------------------------------------

CHOICES = [{"key": "nurse", "labels": {"en": "Nurse"}}, {"key": "cook", "labels": {"en": "Cook"}}]


@pytest.mark.parametrize(
    ("kind", "told", "shown"),
    [
        (Field.Kind.TEXT, "Leeds 2", "Leeds 2"),
        (Field.Kind.NUMBER, "2,5", "2.5"),
        (Field.Kind.DATE, "2026-12-05", "5 Dec 2026"),
        (Field.Kind.YES, "no", "No"),
        (Field.Kind.ONE, "nurse", "Nurse"),
    ],
)
@pytest.mark.parametrize("is_private", [False, True])
def test_an_answer_of_each_kind_is_kept_and_read(
    kind: str, told: str, shown: str, is_private: bool
) -> None:
    who = person()
    field_makers.field_of(key="q", kind=kind, choices=CHOICES, is_private=is_private)

    answers.answer(person_id=who.id, told={"q": told}, by=ORGANISER)
    unchanged = answers.answer(person_id=who.id, told={"q": told}, by=ORGANISER)

    (row,) = FieldValue.objects.select_related("field")
    assert fields.shown(row) == shown
    assert unchanged == 0
    if is_private:
        assert (row.text, row.number, row.on) == ("", None, None)
        assert vault.open_(row, "value_sealed") != ""
    assert answers.answer(person_id=who.id, told={"q": fields.typed(row)}, by=ORGANISER) == 0
    assert answers.answer(person_id=who.id, told={"q": ""}, by=ORGANISER) == 1
    assert FieldValue.objects.count() == 0


@pytest.mark.parametrize("is_private", [False, True])
def test_any_of_several_answers(is_private: bool) -> None:
    who = person()
    field_makers.field_of(key="q", kind=Field.Kind.MANY, choices=CHOICES, is_private=is_private)

    answers.answer(person_id=who.id, told={"q": ["nurse", "cook"]}, by=ORGANISER)
    again = answers.answer(person_id=who.id, told={"q": ["cook", "nurse"]}, by=ORGANISER)

    rows = FieldValue.objects.select_related("field")
    assert sorted(fields.shown(row) for row in rows) == ["Cook", "Nurse"]
    assert again == 0


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (Field.Kind.TEXT, "x" * 201),
        (Field.Kind.NUMBER, "many"),
        (Field.Kind.NUMBER, "1e999"),
        (Field.Kind.NUMBER, "nan"),
        (Field.Kind.DATE, "2026-02-30"),
        (Field.Kind.YES, "maybe"),
        (Field.Kind.ONE, "pilot"),
    ],
)
def test_what_is_no_answer_is_refused_beside_its_question(kind: str, told: str) -> None:
    field_makers.field_of(key="q", kind=kind, choices=CHOICES)
    field_makers.field_of(key="first")

    with pytest.raises(answers.NotAnAnswer) as refused:
        answers.answer(person_id=person().id, told={"first": "kept?", "q": told}, by=ORGANISER)

    assert refused.value.field == "q"
    assert FieldValue.objects.count() == 0


def test_who_may_not_write_an_answer() -> None:
    who = person()
    field_makers.field_of(key="health", sees="see_all", writes="see_all")
    field_makers.field_of(key="closed", is_closed=True)

    for key in ("health", "closed", "absent"):
        with pytest.raises(answers.NotYoursToAnswer):
            answers.answer(person_id=who.id, told={key: "x"}, by=REGIONAL)

    assert answers.answer(person_id=who.id, told={"health": "x"}, by=ORGANISER) == 1


# --- notes --------------------------------------------------------------------------------------


def test_a_note_is_for_whom_it_says_and_nobody_hides_one_from_themselves() -> None:
    who = person()

    note = notes.write_note(person_id=who.id, body="Ring on Monday.", sees="see_all", by=ORGANISER)
    with pytest.raises(NotYours):
        notes.write_note(person_id=who.id, body="For others.", sees="see_all", by=REGIONAL)

    assert (note.is_sensitive, vault.open_(note, "body_sealed")) == (True, "Ring on Monday.")
    assert Note.objects.count() == 1


def test_who_removes_a_note() -> None:
    who = person()
    note = notes.write_note(person_id=who.id, body="Hm.", sees="see_contacts", by=SYSTEM)

    with pytest.raises(NotYours):
        notes.remove_note(person_id=who.id, note_id=note.id, by=REGIONAL)  # another's
    with pytest.raises(notes.NoSuchNote):
        notes.remove_note(person_id=person("bea@example.org").id, note_id=note.id, by=ORGANISER)
    notes.remove_note(person_id=who.id, note_id=note.id, by=ORGANISER)
    with pytest.raises(notes.NoSuchNote):
        notes.remove_note(person_id=who.id, note_id=note.id, by=ORGANISER)


@pytest.mark.parametrize(
    ("body", "sees", "refusal"),
    [
        (" ", "see_names", notes.NoteIsEmpty),
        ("x" * 4001, "see_names", notes.NoteIsTooLong),
        ("Hm.", "everybody", notes.ChooseWhoReadsIt),
    ],
)
def test_a_note_that_cannot_be_kept(body: str, sees: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        notes.write_note(person_id=person().id, body=body, sees=sees, by=ORGANISER)


# --- ties ---------------------------------------------------------------------------------------


def test_a_second_word_replaces_the_first_from_either_side() -> None:
    who, other = person(), person("bea@example.org")

    ties.relate(person_id=who.id, other_id=other.id, kind="friend", by=ORGANISER)
    tie = ties.relate(person_id=other.id, other_id=who.id, kind="parent", by=ORGANISER)

    assert [(row.person_id, row.kind) for row in Relation.objects.all()] == [(other.id, "parent")]
    ties.unrelate(person_id=who.id, relation_id=tie.id, by=ORGANISER)
    with pytest.raises(ties.TieIsGone):
        ties.unrelate(person_id=who.id, relation_id=tie.id, by=ORGANISER)


def test_households_become_one_and_end_with_the_second_last() -> None:
    one, two, three = (person(f"p{number}@example.org") for number in range(3))

    ties.live_together(person_id=one.id, other_id=two.id, by=ORGANISER)
    ties.live_together(person_id=three.id, other_id=two.id, by=ORGANISER)
    assert Person.objects.filter(household__isnull=False).count() == 3

    ties.move_out(person_id=three.id, by=ORGANISER)
    assert Household.objects.count() == 1
    ties.move_out(person_id=one.id, by=ORGANISER)
    assert (Household.objects.count(), Person.objects.exclude(household=None).count()) == (0, 0)


def test_nobody_is_their_own_friend_and_no_kind_is_made_up() -> None:
    who, other = person(), person("bea@example.org")

    with pytest.raises(ties.NotWithOneself):
        ties.relate(person_id=who.id, other_id=who.id, kind="friend", by=ORGANISER)
    with pytest.raises(ties.NotWithOneself):
        ties.live_together(person_id=who.id, other_id=who.id, by=ORGANISER)
    with pytest.raises(ties.NoSuchRelation):
        ties.relate(person_id=who.id, other_id=other.id, kind="boss", by=ORGANISER)
    with pytest.raises(ties.TieIsGone):
        ties.move_out(person_id=who.id, by=ORGANISER)


def test_a_point_person_has_an_open_account() -> None:
    who, account = person(), signing_in.make("priya@example.org", Role.ORGANISER)

    ties.choose_point_person(person_id=who.id, account_id=account.id, by=ORGANISER)
    assert Person.objects.get(id=who.id).point_person_id == account.id

    Account.objects.filter(id=account.id).update(is_active=False)
    with pytest.raises(ties.NotOfTheTeam):
        ties.choose_point_person(person_id=who.id, account_id=account.id, by=ORGANISER)
    ties.choose_point_person(person_id=who.id, account_id=None, by=ORGANISER)
    assert Person.objects.get(id=who.id).point_person_id is None


# --- questions ----------------------------------------------------------------------------------

MANAGER = holding(Role.DATA_MANAGER)


def wanted(**others: Any) -> questions.Wanted:
    told = {"labels": {"en": "Shift"}, "kind": "one", "sees": "see_names", "writes": "see_names"}
    return questions.Wanted(**{**told, "choices": [{"en": "Day"}, {"en": "Night"}], **others})


def test_a_question_keeps_the_keys_of_its_answers_when_words_change() -> None:
    field = questions.add_field(wanted=wanted(), by=MANAGER)
    again = questions.add_field(wanted=wanted(), by=MANAGER)

    assert (field.key, again.key) == ("shift", "shift-2")
    assert [each["key"] for each in field.choices] == ["day", "night"]
    answers.answer(person_id=person().id, told={"shift": "night"}, by=ORGANISER)

    more = questions.change_field(
        field_id=field.id,
        wanted=wanted(choices=[{"en": "Night", "ar": "ليل"}, {"en": "Weekend"}]),
        by=MANAGER,
    )
    assert more.choices == [
        {"key": "night", "labels": {"en": "Night", "ar": "ليل"}},
        {"key": "weekend", "labels": {"en": "Weekend"}},
    ]
    with pytest.raises(questions.ChoiceIsUsed):
        questions.change_field(
            field_id=field.id, wanted=wanted(choices=[{"en": "Day"}, {"en": "Noon"}]), by=MANAGER
        )


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"labels": {"en": " "}}, questions.WriteALabel),
        ({"labels": {"en": "x" * 81}}, questions.WriteALabel),
        ({"choices": [{"en": "Day"}]}, questions.WriteChoices),
        ({"kind": "colour"}, questions.NoSuchKind),
        ({"sees": "run"}, questions.NoSuchRight),
        ({"sees": "see_all", "writes": "see_names"}, questions.NoSuchRight),
    ],
)
def test_a_question_that_cannot_be_asked(wrong: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        questions.add_field(wanted=wanted(**wrong), by=MANAGER)

    assert Field.objects.count() == 0


@pytest.mark.parametrize(
    "by", [ORGANISER, ELSEWHERE, holding(Role.DATA_MANAGER, scopes.country("GB"))]
)
def test_who_may_not_set_questions_up(by: Actor) -> None:
    field = profiles.field()

    for verb in (
        lambda: questions.add_field(wanted=wanted(), by=by),
        lambda: questions.change_field(field_id=field.id, wanted=wanted(), by=by),
        lambda: questions.set_field_closed(field_id=field.id, is_closed=True, by=by),
        lambda: questions.put_topic(topic_id=None, names={"en": "Buses"}, is_closed=False, by=by),
    ):
        with pytest.raises(questions.NotYoursToSetUp):
            verb()


def test_answers_on_a_day_are_days() -> None:
    who = person()
    field_makers.field_of(key="born", kind=Field.Kind.DATE)

    answers.answer(person_id=who.id, told={"born": "1990-05-17"}, by=ORGANISER)

    assert FieldValue.objects.get().on == date(1990, 5, 17)
