"""Forms that bring people in: who may build them, what counts at once, what waits for a mail."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies

from groundswell.accounts.doubts import Doubt, Look
from groundswell.kernel import actor, clock
from groundswell.kernel.actor import SYSTEM, VISITOR, Actor
from groundswell.kernel.roles import Role
from groundswell.ledger import worker
from groundswell.outreach.models import Message
from groundswell.people import agreed, double_opt_in, fields, queries
from groundswell.people.forms import answers as answering
from groundswell.people.forms.content import Choice, Condition, Content, Kind, Question, of_json
from groundswell.people.models import (
    Consent,
    Contact,
    Field,
    FieldValue,
    Form,
    FormEntry,
    FormTally,
    Person,
    PostalAddress,
    Tagging,
)
from groundswell.people.operations import (
    building,
    erasing,
    filling,
    persons,
    sorting,
    tallies,
    thinning,
)
from groundswell.people.operations.persons import Typed
from groundswell.people.sight import listed, visible_to
from groundswell.site import vault
from tests.factories import forms as make
from tests.factories.forms import JOB, WARD

pytestmark = pytest.mark.django_db

TRAPPED = Look(doubt=Doubt.TRAP)
OTHERS = [role for role in Role if role not in {Role.OWNER, Role.ORGANISER, Role.DATA_MANAGER}]


def of_role(role: Role) -> Actor:
    return actor.account(1, [role])


def somebody(email: str = "dara@example.org") -> Person:
    return persons.recognise(typed=Typed(given="Dara", email=email, country="GB")).person


def own(entry: FormEntry) -> Actor:
    return actor.person(entry.person_id)


def seen() -> list[Person]:
    """Everybody whom an owner finds in a list."""
    return list(listed(visible_to(of_role(Role.OWNER))))


def tags_of(person_id: int) -> list[str]:
    rows = Tagging.objects.filter(person_id=person_id).order_by("tag__name")
    return list(rows.values_list("tag__name", flat=True))


def counts(form: Form) -> dict[tuple[str, str], int]:
    return {key: count for key, count in tallies.of_form(form.id).items() if count}


# --- building --------------------------------------------------------------------------------


def test_a_form_is_built_published_and_keeps_its_versions() -> None:
    form = make.open_form()

    building.remove_question(form_id=form.id, key="ward", by=of_role(Role.DATA_MANAGER))
    first = form.version
    assert first is not None
    assert [one.key for one in of_json(first.content).questions] == ["job", "ward"]
    second = building.publish(form_id=form.id, by=of_role(Role.ORGANISER))

    assert (first.number, second.number) == (1, 2)
    assert [one.key for one in of_json(second.content).questions] == ["job"]
    assert Form.objects.get(id=form.id).version_id == second.id


def test_the_address_comes_from_the_title_and_two_are_never_the_same() -> None:
    slugs = [
        building.add(title="Ya Basta", kind="petition", languages=["es"], by=SYSTEM).slug
        for _each in range(2)
    ]
    only_arabic = building.add(title="كفى", kind="petition", languages=["ar"], by=SYSTEM)

    assert slugs[0] == "ya-basta"
    assert slugs[1].startswith("ya-basta-")
    assert len(only_arabic.slug) == 8


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        (replace(JOB, labels={"ar": "ما عملك؟"}), building.QuestionNeedsWords),
        (replace(JOB, choices=JOB.choices[:1]), building.TwoAnswersAtLeast),
        (replace(JOB, choices=(Choice("a", {}), Choice("b", {}))), building.AnswersDoNotMatch),
        (replace(JOB, only_if=Condition("ward", "x")), building.ConditionIsLater),
        (replace(WARD, key="x", only_if=Condition("job", "z")), building.ConditionIsLater),
        (replace(WARD, key="x", only_if=Condition("ward", "z")), building.ConditionIsLater),
        (replace(WARD, key="x", writes="absent"), building.FieldDoesNotFit),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(question: Question, refusal: type) -> None:
    form = make.open_form()
    before = Form.objects.get(id=form.id).draft

    with pytest.raises(refusal):
        building.put_question(form_id=form.id, question=question, by=SYSTEM)

    assert Form.objects.get(id=form.id).draft == before


def test_a_question_that_another_follows_from_stays_above_it() -> None:
    form = make.open_form()

    for forbidden in (
        lambda: building.move_question(form_id=form.id, key="job", steps=1, by=SYSTEM),
        lambda: building.remove_question(form_id=form.id, key="job", by=SYSTEM),
    ):
        with pytest.raises(building.ConditionIsLater):
            forbidden()

    building.put_question(form_id=form.id, question=replace(WARD, only_if=None), by=SYSTEM)
    moved = building.move_question(form_id=form.id, key="job", steps=1, by=SYSTEM)
    assert [one.key for one in of_json(moved.draft).questions] == ["ward", "job"]


@pytest.mark.parametrize(
    "line",
    [
        "example.org", "http://example.org", "https://example.org/path", "https://*.example.org",
        "https://example.org; script-src *", "https://a b", "javascript:alert(1)", "*", "'self'",
    ],
)  # fmt: skip
def test_what_is_no_origin_cannot_frame_a_form(line: str) -> None:
    form = make.open_form()

    with pytest.raises(building.NotAnOrigin):
        building.set_form(
            form_id=form.id, languages=["en"], goal=None, campaign_id=None, origins=[line],
            by=SYSTEM,
        )  # fmt: skip


@pytest.mark.parametrize("by", [VISITOR, *map(of_role, OTHERS)], ids=str)
def test_who_may_not_build_forms(by: Actor) -> None:
    form = make.open_form()
    before = (Form.objects.get(id=form.id).draft, Form.objects.count())
    forbidden: list[Callable[[], Any]] = [
        lambda: building.add(title="x", kind="survey", languages=["en"], by=by),
        lambda: building.set_texts(form_id=form.id, texts={}, by=by),
        lambda: building.set_form(
            form_id=form.id, languages=["en"], goal=1, campaign_id=None, origins=[], by=by
        ),
        lambda: building.set_asks(
            form_id=form.id, family="no", phone="no", postcode="no", purpose="", about_id=0,
            country="", tags=[], by=by,
        ),
        lambda: building.put_question(form_id=form.id, question=WARD, by=by),
        lambda: building.move_question(form_id=form.id, key="job", steps=1, by=by),
        lambda: building.remove_question(form_id=form.id, key="ward", by=by),
        lambda: building.publish(form_id=form.id, by=by),
        lambda: building.close(form_id=form.id, by=by),
    ]  # fmt: skip

    for one in forbidden:
        with pytest.raises(building.OnlyTheTeamBuildsForms):
            one()

    after = Form.objects.get(id=form.id)
    assert (after.draft, Form.objects.count()) == before
    assert (after.state, after.versions.count()) == (Form.State.OPEN, 1)


# --- reading answers ---------------------------------------------------------------------------


def test_a_question_whose_condition_does_not_hold_is_not_asked() -> None:
    content = Content(questions=(JOB, WARD))

    nurse = answering.read(content, {"job": ["a"]})
    driver = answering.read(content, {"job": ["b"], "ward": ["left over"]})

    assert (nurse[0], list(nurse[1])) == ({"job": "a"}, ["ward"])
    assert driver == ({"job": "b"}, {})


@pytest.mark.parametrize(
    ("kind", "given_", "kept"),
    [
        (Kind.NUMBER, " 1,50 ", "1.5"),
        (Kind.NUMBER, "١٢", "12"),
        (Kind.NUMBER, "100", "100"),
        (Kind.NUMBER, "", None),
        (Kind.NUMBER, "12 apples", answering.WriteANumber),
        (Kind.NUMBER, "9" * 40, answering.WriteANumber),
        (Kind.DATE, "2026-02-28", "2026-02-28"),
        (Kind.DATE, "2026-02-30", answering.WriteADay),
        (Kind.YES, "on", "yes"),
        (Kind.YES, "", None),
        (Kind.SHORT, "  a \x00 b ", "a b"),
        (Kind.SHORT, "x" * 201, answering.AnswerIsTooLong),
        (Kind.LONG, "x" * 4001, answering.AnswerIsTooLong),
    ],
)
def test_each_kind_has_one_written_form(kind: Kind, given_: str, kept: Any) -> None:
    content = Content(questions=(Question("q", kind, {"en": "?"}),))

    answers, wrong = answering.read(content, {"q": [given_]})

    if isinstance(kept, type):
        assert (answers, {key: type(one) for key, one in wrong.items()}) == ({}, {"q": kept})
    else:
        assert (answers, wrong) == ({"q": kept} if kept else {}, {})


@given(
    strategies.dictionaries(
        strategies.sampled_from(["job", "ward", "many", "number", "day", "other"]),
        strategies.lists(strategies.text(max_size=300), max_size=4),
    )
)
def test_whatever_comes_is_an_answer_or_a_refusal(given_: dict[str, list[str]]) -> None:
    many = replace(JOB, key="many", kind=Kind.MANY, is_required=False)
    number = Question("number", Kind.NUMBER, {"en": "?"})
    day = Question("day", Kind.DATE, {"en": "?"})
    content = Content(questions=(JOB, WARD, many, number, day))

    answers, wrong = answering.read(content, given_)

    assert not set(answers) & set(wrong)
    assert set(answers) | set(wrong) <= {"job", "ward", "many", "number", "day"}
    again = {key: one if isinstance(one, list) else [one] for key, one in answers.items()}
    if not wrong:
        assert answering.read(content, again) == (answers, {})


# --- filling in --------------------------------------------------------------------------------


def test_somebody_new_counts_at_once_with_tags_and_consent() -> None:
    form = make.open_form(tags=["Petition"], phone="may", postcode="must", family="must")

    entry = make.entry(
        form, has_agreed=True, phone="07400 123456", postcode="hx7 6aa", family="Quinn"
    )

    assert (entry.state, entry.because) == (FormEntry.State.IN, "")
    assert counts(form) == {tallies.TOTAL: 1, ("job", "a"): 1}
    assert tags_of(entry.person_id) == ["Nurse", "Petition"]
    assert queries.phone_of(entry.person_id) == "+447400123456"
    address = PostalAddress.objects.get(person_id=entry.person_id)
    assert json.loads(vault.open_(address, "street_sealed"))["postcode"] == "HX7 6AA"
    assert queries.name_of(entry.person).full == "Dara Quinn"
    assert filling.typed_of(entry)["answers"] == {"job": "a", "ward": "Seven"}


def test_the_consent_names_the_words_that_were_read() -> None:
    form = make.open_form()
    words = {"en": "Yes to news about staffing", "ar": "نعم"}
    texts = {
        code: replace(one, consent=words[code])
        for code, one in of_json(Form.objects.get(id=form.id).draft).texts.items()
    }
    building.set_texts(form_id=form.id, texts=texts, by=SYSTEM)
    building.publish(form_id=form.id, by=SYSTEM)

    entry = make.entry(form, has_agreed=True, language="ar")
    building.set_texts(
        form_id=form.id, texts={"ar": replace(texts["ar"], consent="شيء آخر")}, by=SYSTEM
    )
    building.publish(form_id=form.id, by=SYSTEM)

    line = Consent.objects.get()
    assert (line.wording, line.proof) == (f"form:{form.id}:2:ar", f"form:{entry.id}")
    assert agreed.words(line.wording) == "نعم"
    assert agreed.words("rsvp-event-1").startswith("By pressing")
    assert agreed.words("form:1:2:en") == agreed.words("form:x") == ""


@pytest.mark.parametrize(
    ("country", "waits"), [("GB", False), ("DE", True), ("AT", True), ("", True)]
)
def test_consent_waits_for_a_proof_where_the_law_wants_one(country: str, waits: bool) -> None:
    assert double_opt_in.is_needed(country) == waits
    form = make.open_form(country=country)

    entry = make.entry(form, has_agreed=True)
    about = {"purpose": "news", "about_id": 0}
    before = queries.has_consent(entry.person_id, **about)
    reach = Person.objects.get(id=entry.person_id).reach
    filling.confirm(entry_id=entry.id, by=own(entry))

    assert (before, reach) == (not waits, 0 if waits else 1)
    assert queries.has_consent(entry.person_id, **about)
    assert Person.objects.get(id=entry.person_id).reach == 1


def test_without_a_tick_there_is_no_consent() -> None:
    make.entry(make.open_form(), has_agreed=False)

    assert not Consent.objects.exists()


def test_a_stranger_changes_nothing_about_somebody_we_know() -> None:
    person = somebody()
    form = make.open_form(tags=["Petition"], phone="may")

    entry = make.entry(form, given="Mallory", phone="07400 123456")

    assert (entry.person_id, entry.state) == (person.id, FormEntry.State.IN)
    assert tags_of(person.id) == []
    assert queries.phone_of(person.id) == ""
    assert queries.name_of(Person.objects.get(id=person.id)).given == "Dara"
    filling.confirm(entry_id=entry.id, by=own(entry))
    assert tags_of(person.id) == ["Nurse", "Petition"]
    assert queries.phone_of(person.id) == "+447400123456"


def test_a_second_form_of_the_same_address_waits_and_then_replaces_the_first() -> None:
    form = make.open_form()
    first = make.entry(form)

    again = make.entry(form, answers={"job": ["b"]})
    assert (again.state, again.because) == (FormEntry.State.HELD, filling.AGAIN)
    assert counts(form) == {tallies.TOTAL: 1, ("job", "a"): 1}
    filling.confirm(entry_id=again.id, by=own(again))

    assert counts(form) == {tallies.TOTAL: 1, ("job", "b"): 1}
    assert list(FormEntry.objects.values_list("id", flat=True)) == [again.id]
    with pytest.raises(filling.EntryIsGone):
        filling.confirm(entry_id=first.id, by=own(first))


def test_the_same_press_twice_is_once() -> None:
    form = make.open_form()

    first, second = make.entry(form), make.entry(form)

    assert first.id == second.id
    assert FormEntry.objects.count() == 1
    assert Message.objects.count() == 0
    worker.run_until_idle()
    assert Message.objects.filter(kind="form_thanks").count() == 1


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"given": " "}, filling.NameIsMissing),
        ({"given": "win at http://spam.example"}, filling.NameHoldsALink),
        ({"phone": ""}, filling.PhoneIsMissing),
        ({"postcode": ""}, filling.PostcodeIsMissing),
        ({"family": ""}, filling.FamilyNameIsMissing),
        ({"answers": {}}, answering.AnswerIsMissing),
        ({"answers": {"job": ["z"]}}, answering.ChooseAnAnswer),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(typed: Any, refusal: type) -> None:
    form = make.open_form(phone="must", postcode="must", family="must")
    whole = {"phone": "07400 123456", "postcode": "HX7 6AA", "family": "Quinn"}

    with pytest.raises(refusal):
        make.entry(form, **{**whole, **typed})

    assert (FormEntry.objects.count(), Person.objects.count()) == (0, 0)


def test_a_form_that_is_not_open_takes_nobody() -> None:
    form = make.open_form()
    building.close(form_id=form.id, by=SYSTEM)
    draft = building.add(title="Later", kind="survey", languages=["en"], by=SYSTEM)

    for one in (form, draft):
        with pytest.raises(filling.FormIsClosed):
            make.entry(one)


@pytest.mark.parametrize("is_private", [False, True])
def test_an_answer_goes_into_a_custom_field(is_private: bool) -> None:
    told = {"labels": {"en": "Work"}, "sees": "see_names", "writes": "see_all"}
    field = Field.objects.create(
        id=1, key="work", kind="one", is_private=is_private, created_at=clock.now(),
        choices=[{"key": "a", "labels": {"en": "Nurse"}}, {"key": "b", "labels": {"en": "Driver"}}],
        **told,
    )  # fmt: skip
    form = make.open_form(questions=[replace(JOB, writes="work")])

    entry = make.entry(form, answers={"job": ["b"]})

    value = FieldValue.objects.get(field=field, person_id=entry.person_id)
    assert fields.shown(value) == "Driver"
    assert value.text == ("" if is_private else "b")


# --- doubts --------------------------------------------------------------------------------------


def test_a_doubted_form_counts_nowhere_until_its_link_is_opened() -> None:
    form = make.open_form(tags=["Petition"])

    entry = make.entry(form, look=TRAPPED, has_agreed=True)

    assert (entry.state, entry.because) == (FormEntry.State.HELD, "trap")
    assert (counts(form), tags_of(entry.person_id), Consent.objects.count()) == ({}, [], 0)
    assert seen() == []
    filling.confirm(entry_id=entry.id, by=own(entry))
    filling.confirm(entry_id=entry.id, by=own(entry))
    assert counts(form) == {tallies.TOTAL: 1, ("job", "a"): 1}
    assert Consent.objects.count() == 1
    assert seen() == [entry.person]


def test_organisers_let_in_delete_and_take_back() -> None:
    form, organiser = make.open_form(), of_role(Role.ORGANISER)
    entry = make.entry(form, look=TRAPPED)

    assert sorting.discard(entry_ids=[entry.id], by=organiser) == 1
    with pytest.raises(filling.EntryIsGone):
        filling.confirm(entry_id=entry.id, by=own(entry))
    assert sorting.take_back(deleted_at=clock.now(), by=organiser) == 1
    assert sorting.let_in(entry_ids=[entry.id], by=organiser) == 1

    assert counts(form) == {tallies.TOTAL: 1, ("job", "a"): 1}
    assert tags_of(entry.person_id) == ["Nurse"]
    assert Contact.objects.get(person_id=entry.person_id).proven_at is None


def test_letting_in_changes_nothing_about_somebody_we_knew() -> None:
    person = somebody()
    persons.prove_email(contact_id=person.contacts.get().id, by=SYSTEM)
    entry = make.entry(make.open_form(), look=TRAPPED)

    sorting.let_in(entry_ids=[entry.id], by=SYSTEM)

    assert tags_of(person.id) == []


def test_only_its_owner_replaces_a_form_that_stands() -> None:
    form = make.open_form()
    make.entry(form)
    again = make.entry(form, answers={"job": ["b"]})

    assert list(sorting.in_quarantine()) == []
    assert sorting.let_in(entry_ids=[again.id], by=SYSTEM) == 0


NOT_ORGANISERS = [role for role in Role if role not in {Role.OWNER, Role.ORGANISER}]


@pytest.mark.parametrize("by", [VISITOR, *map(of_role, NOT_ORGANISERS)], ids=str)
def test_who_may_not_sort(by: Actor) -> None:
    entry = make.entry(make.open_form(), look=TRAPPED)

    for forbidden in (
        lambda: sorting.let_in(entry_ids=[entry.id], by=by),
        lambda: sorting.discard(entry_ids=[entry.id], by=by),
        lambda: sorting.take_back(deleted_at=clock.now(), by=by),
    ):
        with pytest.raises(sorting.OnlyOrganisersSort):
            forbidden()

    assert FormEntry.objects.get().state == FormEntry.State.HELD


def test_who_may_not_confirm() -> None:
    form = make.open_form()
    entry, other = make.entry(form), make.entry(form, "eli@example.org")

    for by in (VISITOR, of_role(Role.OWNER), own(other)):
        with pytest.raises(filling.NotYourForm):
            filling.confirm(entry_id=entry.id, by=by)

    assert not FormEntry.objects.get(id=entry.id).is_confirmed


def test_what_nobody_confirms_goes_with_whoever_came_only_with_it() -> None:
    form, known = make.open_form(), somebody("known@example.org")
    persons.prove_email(contact_id=known.contacts.get().id, by=SYSTEM)
    make.entry(form, look=TRAPPED)
    make.entry(form, "known@example.org", look=TRAPPED)
    stays = make.entry(form, "stays@example.org")

    with clock.at(clock.now() + timedelta(days=8)):
        sorting.tidy_forms.call()

    assert list(FormEntry.objects.values_list("id", flat=True)) == [stays.id]
    assert set(Person.objects.values_list("id", flat=True)) == {known.id, stays.person_id}


# --- when somebody goes ------------------------------------------------------------------------


def test_an_erasure_takes_the_answers_out_of_the_counts() -> None:
    form = make.open_form()
    gone, stays = make.entry(form), make.entry(form, "eli@example.org")

    erasing.erase(gone.person_id, gone.person.key_id)

    assert list(FormEntry.objects.values_list("id", flat=True)) == [stays.id]
    assert counts(form) == {tallies.TOTAL: 1, ("job", "a"): 1}
    assert FormTally.objects.filter(count__lt=0).count() == 0


def test_what_somebody_wrote_goes_after_ninety_days_and_the_counts_stay() -> None:
    form = make.open_form()
    person_id = make.entry(form).person_id
    was = counts(form)

    with clock.at(clock.now() + thinning.THIN_AFTER + timedelta(days=2)):
        thinning.thin_people.call()

    assert Person.objects.get(id=person_id).is_thin
    assert not FormEntry.objects.filter(person_id=person_id).exists()
    assert counts(form) == was != {}


# --- the mail -----------------------------------------------------------------------------------


def test_nobody_blocked_gets_a_mail() -> None:
    form = make.open_form()
    entry = make.entry(form)
    FormEntry.objects.filter(id=entry.id).update(because="blocked")
    make.entry(form, "eli@example.org", look=Look(doubt=Doubt.BLOCKED))

    worker.run_until_idle()

    told = Message.objects.filter(kind="form_thanks").values_list("person_id", flat=True)
    assert list(told) == [entry.person_id]
