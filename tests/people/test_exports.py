"""Taking people out: who may, who must agree, what the file holds, and what is left of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.events.models import Event
from groundswell.kernel import actor as actors
from groundswell.kernel.actor import SYSTEM, VISITOR, Actor, Held, Role
from groundswell.kernel.scopes import country
from groundswell.ledger.models import Entry
from groundswell.outreach.models import Message
from groundswell.people import queries, stand_ins
from groundswell.people.exports import deciding, rows, wishes
from groundswell.people.exports.wishes import Wish
from groundswell.people.models import Canary, Export, ExportPart, Person, Suppression
from groundswell.people.operations import consents, erasing, export_files, exports, looking
from groundswell.site import vault
from groundswell.site.models import DataKey
from tests.factories import campaigns
from tests.factories import events as make
from tests.factories.exports import DOMAIN, WRITER, agreeing, member, wanted

pytestmark = pytest.mark.django_db
State = Export.State


@pytest.fixture(autouse=True)
def domain(settings: Any) -> None:
    settings.GROUNDSWELL_RELAY_DOMAIN = DOMAIN
    settings.GROUNDSWELL_CANARY_DOMAINS = [DOMAIN]


@pytest.fixture
def event(db: None) -> Event:
    return make.listed_event(campaigns.live_campaign())


@pytest.fixture
def asha(db: None) -> Actor:
    return member("asha@example.org", Role.DATA_MANAGER)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people are as many as fifty, so that tests need no fifty."""
    monkeypatch.setattr(deciding, "ALONE_MOST", 2)


def lines(export: Export) -> list[list[str]]:
    return list(export_files.lines(export))


def again(export: Export) -> Export:
    return Export.objects.get(id=export.id)


# --- a short one ---------------------------------------------------------------------------------


def test_a_short_file_with_stand_ins_is_made_at_once_and_fetched_once(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    (amina, boris) = agreeing(event, 2)
    export = exports.ask(wanted(event.campaign), by=asha)
    work()

    taken = export_files.fetch(export_id=export.id, by=asha)
    made = {line[0]: line[1] for line in lines(taken)}

    assert taken.columns == ["given_name", "stand_in", "country", "language"]
    assert set(made) == {"Givenp0", "Givenp1"}
    assert {stand_ins.read(address) for address in made.values()} == {
        stand_ins.StandIn(export.id, amina.id),
        stand_ins.StandIn(export.id, boris.id),
    }
    assert "example.net" not in str(lines(taken))
    assert looking.Look.objects.filter(account_id=asha.id).count() == 2
    with pytest.raises(export_files.FetchedAlready):
        export_files.fetch(export_id=export.id, by=asha)


def test_only_whoever_asked_fetches_and_only_for_a_day(
    event: Event, asha: Actor, work: Callable[[], int], still_clock: Any
) -> None:
    agreeing(event, 1)
    other = member("omar@example.org", Role.DATA_MANAGER)
    export = exports.ask(wanted(event.campaign), by=asha)
    with pytest.raises(export_files.NotReady):
        export_files.fetch(export_id=export.id, by=asha)
    work()
    with pytest.raises(export_files.NotReady):
        export_files.fetch(export_id=export.id, by=other)

    still_clock.shift(timedelta(hours=24, minutes=1))
    with pytest.raises(export_files.NotReady):
        export_files.fetch(export_id=export.id, by=asha)
    key_id = again(export).key_id
    work()

    assert again(export).state == State.EXPIRED
    assert ExportPart.objects.count() == 0
    assert not DataKey.objects.filter(id=key_id).exists()


def test_what_the_file_was_made_of_is_destroyed_with_its_key(
    event: Event, asha: Actor, work: Callable[[], int], still_clock: Any
) -> None:
    agreeing(event, 1)
    export = exports.ask(wanted(event.campaign), by=asha)
    work()
    part = ExportPart.objects.get()
    export_files.fetch(export_id=export.id, by=asha)
    still_clock.shift(timedelta(hours=2))
    work()

    vault.forget()
    with pytest.raises(vault.KeyIsGone):
        vault.open_(part, "rows_sealed")
    assert ExportPart.objects.count() == 0


def test_parts_are_joined_whatever_their_number(
    event: Event, asha: Actor, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    people = agreeing(event, 7)
    monkeypatch.setattr(export_files, "AT_ONCE", 3)
    export = exports.ask(wanted(event.campaign), by=asha)
    work()

    told = [stand_ins.read(line[1]) for line in lines(again(export))]

    assert again(export).row_count == 7
    assert {found.person_id for found in told if found} == {one.id for one in people}
    assert ExportPart.objects.count() == 3


# --- whom ----------------------------------------------------------------------------------------


def test_only_proven_people_who_agreed_and_may_be_written_to(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    kept, withdrew, closed = agreeing(event, 3)
    make.signed_up(event, email="never@example.net", wants_campaign_mail=True)  # proved nothing
    consents.withdraw(
        person_id=withdrew.id,
        purpose="campaign",
        about_id=event.campaign_id,
        source="test",
        by=SYSTEM,
    )
    (contact,) = closed.contacts.all()
    (blind,) = queries.lasting_blinds([contact]).values()
    Suppression.objects.create(blind=blind, reason="asked", at=contact.created_at)
    export = exports.ask(wanted(event.campaign), by=asha)
    work()

    assert [stand_ins.read(line[1]) for line in lines(again(export))] == [
        stand_ins.StandIn(export.id, kept.id)
    ]


def test_whoever_was_erased_after_it_was_made_is_not_in_it(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    gone, kept = agreeing(event, 2)
    export = exports.ask(wanted(event.campaign), by=asha)
    work()
    erasing.erase_person(person_id=gone.id, by=actors.person(gone.id))

    assert [stand_ins.read(line[1]) for line in lines(again(export))] == [
        stand_ins.StandIn(export.id, kept.id)
    ]


def test_a_right_over_one_country_takes_out_people_of_that_country(event: Event) -> None:
    here, there = agreeing(event, 2)
    Person.objects.filter(id=there.id).update(country="CL")
    # An organiser sees everybody, and takes nobody out by that.
    far = actors.account(7, [Held(Role.DATA_MANAGER, country("CL")), Held(Role.ORGANISER)])

    assert set(wishes.people_of(Wish(), far)) == {there}
    assert here.id != there.id


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OWNER, Role.DATA_MANAGER}))
def test_no_other_role_takes_anybody_out(event: Event, role: Role) -> None:
    agreeing(event, 1)
    for by in (actors.account(7, [role]), VISITOR):
        with pytest.raises(exports.MayNotExport):
            exports.ask(wanted(event.campaign), by=by)
    assert Export.objects.count() == 0


def test_a_right_that_ends_while_the_file_is_made_ends_the_file(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    agreeing(event, 1)
    export = exports.ask(wanted(event.campaign), by=asha)
    assert asha.id is not None
    accounts_ops.end_grant(account_id=asha.id, role=Role.DATA_MANAGER, by=SYSTEM)
    work()

    assert again(export).state == State.WITHDRAWN
    assert ExportPart.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"columns": ["nonsense"]}, exports.NoColumns),
        ({"wish": Wish()}, exports.ChooseTheCampaign),
        ({"columns": ["email"], "wish": Wish()}, exports.ChooseTheCampaign),
        ({"writes_from": ""}, exports.WhoWrites),
        ({"writes_from": "nobody"}, exports.WhoWrites),
        ({"reason": " because "}, exports.SayWhy),
        ({"wish": Wish(campaign_id=5)}, exports.NobodyFits),
    ],
)
def test_what_is_missing_is_said(
    event: Event, asha: Actor, change: dict[str, Any], refusal: type[Exception]
) -> None:
    agreeing(event, 1)
    told = {
        "wish": Wish(campaign_id=event.campaign_id),
        "columns": wishes.USUAL,
        "reason": "Print badges for the day",
        "writes_from": WRITER,
        **change,
    }
    with pytest.raises(refusal):
        exports.ask(exports.Asked(**told), by=asha)


def test_an_erasure_rewrites_a_file_that_waits(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    gone, kept = agreeing(event, 2)
    export = exports.ask(wanted(event.campaign), by=asha)
    work()
    erasing.erase_person(person_id=gone.id, by=actors.person(gone.id))

    told = vault.open_(ExportPart.objects.get(), "rows_sealed")
    assert str(gone.id) not in told
    assert "Givenp0" not in told
    assert str(kept.id) in told
    assert len(lines(again(export))) == 1


# --- two people ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("short")
def test_more_than_fifty_wait_for_somebody_else(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    agreeing(event, 3)
    omar = member("omar@example.org", Role.OWNER)
    helper = member("helper@example.org", Role.ORGANISER)
    export = exports.ask(wanted(event.campaign), by=asha)
    work()

    assert again(export).state == State.ASKED
    asked = Message.objects.filter(kind="export_notice")
    assert [(row.account_id, row.args["what"]) for row in asked] == [(omar.id, "asked")]
    for nobody in (asha, helper, VISITOR):
        with pytest.raises(exports.NotForYouToDecide):
            exports.agree(export_id=export.id, by=nobody)
    exports.agree(export_id=export.id, by=omar)
    work()

    assert again(export).state == State.READY
    assert again(export).decided_by_id == omar.id
    with pytest.raises(exports.DecidedAlready):
        exports.agree(export_id=export.id, by=omar)


def test_one_real_address_waits_for_somebody_else(event: Event, asha: Actor) -> None:
    agreeing(event, 1)
    member("omar@example.org", Role.OWNER)

    assert exports.ask(wanted(event.campaign, "email"), by=asha).state == State.ASKED
    assert exports.ask(wanted(event.campaign, "stand_in"), by=asha).state == State.MAKING


@pytest.mark.usefixtures("short")
def test_fifty_a_week_not_fifty_a_file(event: Event, asha: Actor, work: Callable[[], int]) -> None:
    agreeing(event, 2)
    member("omar@example.org", Role.OWNER)
    first = exports.ask(wanted(event.campaign), by=asha)
    second = exports.ask(wanted(event.campaign), by=asha)

    assert (first.state, second.state) == (State.MAKING, State.ASKED)


def test_an_agreement_by_somebody_whom_one_let_in_is_none(
    event: Event, work: Callable[[], int]
) -> None:
    agreeing(event, 1)
    boss = member("boss@example.org", Role.OWNER)
    puppet = member("puppet@example.org", Role.DATA_MANAGER, by=boss)
    export = exports.ask(wanted(event.campaign, "email"), by=boss)

    assert export.opens_at is not None  # nobody else could agree
    with pytest.raises(exports.NotForYouToDecide):
        exports.agree(export_id=export.id, by=puppet)


def test_whoever_has_no_second_step_cannot_be_waited_for(event: Event, asha: Actor) -> None:
    agreeing(event, 1)
    accounts_ops.create_account(email="o@example.org", name="O", roles=[Role.OWNER], by=SYSTEM)

    assert exports.ask(wanted(event.campaign, "email"), by=asha).opens_at is not None


def test_in_a_demonstration_where_nobody_has_one_they_can_agree(
    event: Event, asha: Actor, settings: Any
) -> None:
    agreeing(event, 1)
    owner = accounts_ops.create_account(
        email="o@example.org", name="O", roles=[Role.OWNER], by=SYSTEM
    )
    settings.GROUNDSWELL_MODE = "demo"
    export = exports.ask(wanted(event.campaign, "email"), by=asha)

    assert export.opens_at is None
    exports.agree(export_id=export.id, by=accounts_queries.actor_of(owner))
    assert again(export).state == State.MAKING


def test_alone_a_day_passes_in_which_everybody_hears_of_it(
    event: Event, asha: Actor, work: Callable[[], int], still_clock: Any
) -> None:
    agreeing(event, 1)
    texter = member("texter@example.org", Role.TEXTER)
    export = exports.ask(wanted(event.campaign, "email"), by=asha)
    work()

    told = Message.objects.filter(kind="export_notice")
    assert [(row.account_id, row.args["what"]) for row in told] == [(texter.id, "alone")]
    still_clock.shift(timedelta(hours=23))
    work()
    assert again(export).state == State.ASKED
    still_clock.shift(timedelta(hours=1, minutes=11))
    work()
    assert again(export).state == State.READY


def test_an_owner_refuses_and_the_day_does_not_pass(
    event: Event, asha: Actor, work: Callable[[], int], still_clock: Any
) -> None:
    agreeing(event, 1)
    export = exports.ask(wanted(event.campaign, "email"), by=asha)
    late = member("late@example.org", Role.OWNER)
    exports.stop(export_id=export.id, by=late)
    still_clock.shift(timedelta(hours=30))
    work()

    assert again(export).state == State.REFUSED
    with pytest.raises(exports.DecidedAlready):
        exports.stop(export_id=export.id, by=asha)


def test_nobody_decides_for_a_week(
    event: Event, asha: Actor, work: Callable[[], int], still_clock: Any
) -> None:
    agreeing(event, 1)
    member("omar@example.org", Role.OWNER)
    export = exports.ask(wanted(event.campaign, "email"), by=asha)
    still_clock.shift(timedelta(days=7, minutes=11))
    work()

    assert again(export).state == State.EXPIRED


def test_while_everything_is_locked_no_file_is_made(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    agreeing(event, 1)
    export = exports.ask(wanted(event.campaign), by=asha)
    accounts_ops.lock_everything(by=SYSTEM)
    work()
    assert again(export).state == State.MAKING
    accounts_ops.unlock_everything(by=SYSTEM)
    work()
    assert again(export).state == State.READY


def test_the_owners_hear_that_a_file_left(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    agreeing(event, 1)
    omar = member("omar@example.org", Role.OWNER)
    export = exports.ask(wanted(event.campaign), by=asha)
    work()
    export_files.fetch(export_id=export.id, by=asha)
    work()

    told = Message.objects.filter(kind="export_notice")
    assert [(row.account_id, row.args["what"]) for row in told] == [(omar.id, "fetched")]
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {"people.ExportAsked", "people.ExportFetched"} <= kinds


# --- a leaked file is traced ---------------------------------------------------------------------


def _real_file(event: Event, by: Actor, count: int, work: Callable[[], int]) -> Export:
    agreeing(event, count)
    boss = member("boss@example.org", Role.OWNER)
    export = exports.ask(wanted(event.campaign, "given_name", "family_name", "email"), by=by)
    exports.agree(export_id=export.id, by=boss)
    work()
    return export_files.fetch(export_id=export.id, by=by)


def test_any_single_row_of_stand_ins_names_its_export_recased_and_alone(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    agreeing(event, 3)
    first = exports.ask(wanted(event.campaign), by=asha)
    second = exports.ask(wanted(event.campaign), by=asha)
    work()

    for export in (first, second):
        for line in lines(again(export)):
            for text in (line[1], line[1].upper(), f"  <{line[1].title()}> "):
                assert exports.trace(text) == export
    assert exports.trace("p-" + "a" * 52 + f"@{DOMAIN}") is None
    assert exports.trace("amina@example.org") is None


def test_a_fifth_of_a_file_of_real_addresses_names_its_export(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    """1,000 draws of a fifth of the rows, shuffled and in capitals: 99 of 100 are traced."""
    export = _real_file(event, asha, 110, work)
    addresses = [line[2] for line in lines(export)]
    canaries = {one for one in addresses if exports.trace(one) == export}
    drawing = random.Random(20)

    found = sum(
        not canaries.isdisjoint(drawing.sample(addresses, len(addresses) // 5))
        for _each in range(1000)
    )

    assert len(canaries) == rows.CANARIES_LEAST == Canary.objects.count()
    assert found >= 980  # 0.99 expected, less four deviations
    assert {exports.trace(one.upper()) for one in canaries} == {export}


def test_control_without_made_up_rows_nothing_is_traced(
    event: Event, asha: Actor, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "canaries_of", lambda count: 0)
    export = _real_file(event, asha, 10, work)

    assert {exports.trace(line[2]) for line in lines(export)} == {None}


def test_a_made_up_row_holds_nobody_s_stand_in(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    agreeing(event, 6)
    boss = member("boss@example.org", Role.OWNER)
    export = exports.ask(wanted(event.campaign, "given_name", "stand_in", "email"), by=asha)
    exports.agree(export_id=export.id, by=boss)
    work()

    told = lines(again(export))
    people = set(Person.objects.values_list("id", flat=True))
    standing = [stand_ins.read(line[1]) for line in told if line[2].endswith(DOMAIN)]

    assert len({line[1] for line in told}) == len(told) == 8
    assert len(standing) == 2
    assert not people & {found.person_id for found in standing if found}
    assert {found.export_id for found in standing if found} == {export.id}


def test_a_file_that_ends_with_a_full_part_has_all_its_made_up_rows(
    event: Event, asha: Actor, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_files, "AT_ONCE", 5)
    _real_file(event, asha, 10, work)

    assert Canary.objects.count() == rows.canaries_of(10)


@pytest.mark.parametrize(
    ("people", "made_up"), [(1, 1), (10, 2), (100, 20), (105, 21), (4000, 21), (10_000, 50)]
)
def test_how_many_are_made_up(people: int, made_up: int) -> None:
    assert rows.canaries_of(people) == made_up


def test_made_up_people_bear_names_of_the_file_and_stand_nowhere_as_such(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    export = _real_file(event, asha, 10, work)
    told = lines(export)
    made_up = [line for line in told if line[2].endswith(DOMAIN)]

    assert len(made_up) == 2
    assert all(line[0].startswith("Givenp") and line[1].startswith("Family") for line in made_up)
    stored = str(list(Canary.objects.values()))
    assert not any(line[2].partition("@")[0] in stored for line in made_up)
