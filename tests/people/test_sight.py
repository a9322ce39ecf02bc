"""Whom somebody sees, how deep, and why: what lies outside does not exist for them."""

from __future__ import annotations

import pytest

from groundswell.events.models import Event, Rsvp
from groundswell.kernel import actor as actors
from groundswell.kernel import scopes
from groundswell.kernel.actor import SYSTEM, VISITOR, Actor, Held, Role
from groundswell.kernel.roles import RIGHTS, Right
from groundswell.kernel.scopes import ScopeKind
from groundswell.people import finding, sight, sockets
from groundswell.people.models import Person
from groundswell.people.operations import looking
from groundswell.people.sockets import Depth, Sight
from tests.factories import campaigns, events

pytestmark = pytest.mark.django_db


class World:
    """An event in Britain and one in Chile, each with a host and a supporter."""

    def __init__(self) -> None:
        self.campaign = campaigns.live_campaign()
        self.here = events.listed_event(self.campaign, host="h1@example.org")
        self.there = events.listed_event(self.campaign, host="h2@example.org", title="Otro")
        Event.objects.filter(id=self.there.id).update(country="CL")
        self.amina = self._person(events.signed_up(self.here, email="amina@example.org"))
        self.carla = self._person(events.signed_up(self.there, email="carla@example.org"))

    @staticmethod
    def _person(rsvp: Rsvp) -> Person:
        assert rsvp.person is not None
        return rsvp.person

    def all(self) -> set[int]:
        return set(Person.objects.values_list("id", flat=True))


@pytest.fixture
def world(db: None) -> World:
    return World()


def holding(role: Role, scope: scopes.Scope = scopes.EVERYWHERE) -> Actor:
    return actors.account(7, [Held(role, scope)])


def ids(actor: Actor, depth: Depth = Depth.FIRST_NAME) -> set[int]:
    return set(sight.visible_to(actor, at_least=depth).values_list("id", flat=True))


def test_somebody_with_a_role_for_everything_sees_everybody_as_deep_as_the_role(
    world: World,
) -> None:
    depths = {
        role: max((depth for depth in Depth if ids(holding(role), depth)), default=None)
        for role in Role
    }

    assert depths == {
        Role.OWNER: Depth.ALL,
        Role.ORGANISER: Depth.ALL,
        Role.REGIONAL_ORGANISER: Depth.CONTACT,
        Role.DATA_MANAGER: Depth.ALL,
        Role.TEXTING_LEAD: Depth.NAME,
        Role.TEXTER: Depth.FIRST_NAME,
        Role.TRAINER: Depth.NAME,
        Role.TEAM_LEAD: Depth.NAME,
        Role.COACH: Depth.NAME,
        Role.READ_ONLY: Depth.FIRST_NAME,
    }
    assert all(ids(holding(role)) == world.all() for role in Role)


@pytest.mark.parametrize("actor", [VISITOR, actors.account(7), actors.person(7)])
def test_nobody_else_sees_anybody(world: World, actor: Actor) -> None:
    assert ids(actor) == set()
    assert sight.depth_of(actor, world.amina) is None


def test_the_system_sees_everybody(world: World) -> None:
    assert ids(SYSTEM, Depth.ALL) == world.all()


def test_a_role_over_a_country_shows_its_events_people_and_nobody_elses(world: World) -> None:
    chile = holding(Role.REGIONAL_ORGANISER, scopes.country("CL"))

    assert ids(chile) == {world.carla.id, world.there.host_id}
    assert sight.depth_of(chile, world.amina) is None
    assert [str(reason) for reason in sight.why(chile, world.carla)] == [
        "They signed up for an event that you look after."
    ] * 3  # by contact, by name and by first name


def test_a_role_over_one_event_shows_its_people(world: World) -> None:
    over = holding(Role.COACH, scopes.of(ScopeKind.EVENT, world.here.id))

    assert ids(over) == {world.amina.id, world.here.host_id}
    assert ids(over, Depth.CONTACT) == set()


def test_a_host_sees_first_names_of_their_own_event_only(world: World) -> None:
    host = events.host_of(world.here)

    assert sight.depths(host, [world.amina, world.carla]) == {world.amina.id: Depth.FIRST_NAME}
    assert sight.name_for(host, world.amina) == "Amina"


def test_who_cancelled_is_gone_from_the_hosts_sight(world: World) -> None:
    Rsvp.objects.filter(person=world.amina).update(state=Rsvp.State.CANCELLED)

    assert ids(events.host_of(world.here)) == set()


def test_a_link_of_another_event_shows_nobody(world: World) -> None:
    assert world.there.host_id is not None
    stranger = actors.person(world.there.host_id, event_id=world.here.id)

    assert ids(stranger) == set()


def test_the_deepest_part_counts(world: World) -> None:
    both = actors.account(
        7,
        [
            Held(Role.READ_ONLY),
            Held(Role.REGIONAL_ORGANISER, scopes.country("CL")),
        ],
    )

    assert sight.depths(both, [world.amina, world.carla]) == {
        world.amina.id: Depth.FIRST_NAME,
        world.carla.id: Depth.CONTACT,
    }


def test_without_the_scope_the_other_country_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a part of sight that forgets the scope shows everybody."""
    from django.db.models import Q

    monkeypatch.setitem(
        sockets.sight._things, "events", lambda actor: [Sight(Q(), Depth.CONTACT, "Because.")]
    )

    assert world.amina.id in ids(holding(Role.REGIONAL_ORGANISER, scopes.country("CL")))


# --- finding -----------------------------------------------------------------------------------


def found(text: str, by: Actor) -> set[int]:
    return set(finding.find(text, by=by).values_list("id", flat=True))


def test_search_looks_only_inside_of_what_is_seen(world: World) -> None:
    """NGP VAN 2015: what leaked was a search over lists of somebody else."""
    chile = holding(Role.REGIONAL_ORGANISER, scopes.country("CL"))
    answers = {
        text: found(text, chile)
        for text in ("amina", "Amina", "amina@example.org", "carla@example.org", "am")
    }

    assert answers == {
        "amina": {world.carla.id},  # every supporter of the factory is called Amina
        "Amina": {world.carla.id},
        "amina@example.org": set(),
        "carla@example.org": {world.carla.id},
        "am": {world.carla.id},
    }


def test_an_address_is_no_question_for_who_may_not_open_it(world: World) -> None:
    coach = holding(Role.COACH)

    assert found("carla@example.org", coach) == set()
    assert found("carla@example.org", holding(Role.ORGANISER)) == {world.carla.id}


def test_high_risk_installations_find_by_whole_addresses_only(
    world: World, settings: object
) -> None:
    settings.GROUNDSWELL_HIGH_RISK = True  # type: ignore[attr-defined]  # pytest-django's fixture

    assert found("amina", holding(Role.ORGANISER)) == set()
    assert found("carla@example.org", holding(Role.ORGANISER)) == {world.carla.id}


# --- the day's number --------------------------------------------------------------------------


def test_the_days_number_counts_different_people(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(looking.A_DAY, Role.COACH, 2)  # type: ignore[arg-type]  # a dict behind
    coach, people = holding(Role.COACH), sorted(world.all())

    looking.note_seen(person_ids=people[:2], by=coach)
    looking.note_seen(person_ids=people[:2], by=coach)
    with pytest.raises(looking.EnoughForToday):
        looking.note_seen(person_ids=[people[2]], by=coach)
    looking.note_seen(person_ids=people[:1], by=coach)  # who was seen today may be seen again


def test_every_role_has_a_number() -> None:
    assert set(looking.A_DAY) == set(Role)


def test_opening_an_address_needs_a_reason_and_the_depth(world: World) -> None:
    organiser = holding(Role.ORGANISER)
    with pytest.raises(looking.SayWhatFor):
        looking.open_contacts(person_id=world.amina.id, reason="because", by=organiser)
    for who in (holding(Role.COACH), holding(Role.REGIONAL_ORGANISER, scopes.country("CL"))):
        with pytest.raises(looking.NotYours):
            looking.open_contacts(person_id=world.amina.id, reason="event", by=who)
    with pytest.raises(looking.NotYours):
        looking.open_contacts(person_id=1, reason="event", by=organiser)

    looking.open_contacts(person_id=world.amina.id, reason="event", by=organiser)


def test_each_depth_has_its_right_and_carries_the_ones_below() -> None:
    order = [right for right, _depth in sorted(sight.DEPTHS.items(), key=lambda item: item[1])]

    assert list(sight.DEPTHS.values()) == sorted(sight.DEPTHS.values(), reverse=True)
    for role in Role:
        held = [right in RIGHTS[role] for right in order]
        assert held == sorted(held, reverse=True), role
    assert order[0] == Right.SEE_FIRST_NAMES
