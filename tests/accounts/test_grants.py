"""Roles: given over a scope, as a part of one's own, until a day; ended with all that hangs on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account, Grant, GrantsAreClosed
from groundswell.accounts.operations import grants as grant_ops
from groundswell.kernel import clock, scopes
from groundswell.kernel.actor import SYSTEM, Actor, Held, Role
from groundswell.kernel.roles import RIGHTS, Right
from groundswell.kernel.scopes import EVERYWHERE, Scope, ScopeKind
from groundswell.ledger import worker
from groundswell.ledger.models import Entry
from groundswell.places import operations as place_ops
from tests.factories import events
from tests.running.signing_in import make

pytestmark = pytest.mark.django_db

CHILE, PERU = scopes.country("CL"), scopes.country("PE")


def given(name: str, role: Role, scope: Scope = EVERYWHERE, by: Actor = SYSTEM) -> Account:
    account = make(f"{name}@example.org")
    accounts_ops.grant_role(account_id=account.id, role=role, scope=scope, by=by)
    return account


def actor(account: Account) -> Actor:
    return accounts_queries.actor_of(account)


def held(account: Account) -> set[Held]:
    return set(actor(account).held)


# --- what may be given -------------------------------------------------------------------------


def test_regional_organiser_gives_a_part_over_their_country_and_no_other() -> None:
    rosa, leo = given("rosa", Role.REGIONAL_ORGANISER, CHILE), make("leo@example.org")

    accounts_ops.grant_role(account_id=leo.id, role=Role.COACH, scope=CHILE, by=actor(rosa))

    assert held(leo) == {Held(Role.COACH, CHILE)}
    for scope in (PERU, EVERYWHERE):
        with pytest.raises(accounts_ops.MoreThanYouHold):
            accounts_ops.grant_role(account_id=leo.id, role=Role.COACH, scope=scope, by=actor(rosa))


@pytest.mark.parametrize("role", [Role.OWNER, Role.ORGANISER, Role.DATA_MANAGER, Role.TEXTER])
def test_nobody_gives_what_they_do_not_hold(role: Role) -> None:
    rosa, leo = given("rosa", Role.REGIONAL_ORGANISER, CHILE), make("leo@example.org")

    with pytest.raises((accounts_ops.MoreThanYouHold, accounts_ops.OwnersAreForEverything)):
        accounts_ops.grant_role(account_id=leo.id, role=role, scope=CHILE, by=actor(rosa))
    assert held(leo) == set()


def test_nobody_makes_an_equal() -> None:
    rosa, leo = given("rosa", Role.REGIONAL_ORGANISER, CHILE), make("leo@example.org")

    with pytest.raises(accounts_ops.MoreThanYouHold):
        accounts_ops.grant_role(
            account_id=leo.id, role=Role.REGIONAL_ORGANISER, scope=CHILE, by=actor(rosa)
        )


def test_no_role_that_may_give_carries_more_than_the_owner() -> None:
    assert [role for role in Role if not RIGHTS[role] <= RIGHTS[Role.OWNER]] == []


def test_a_role_over_an_event_lies_inside_of_its_country_campaign_and_region() -> None:
    event = events.listed_event()
    region = place_ops.put_region(name="Islands", countries=["GB", "IE"], by=SYSTEM)
    one = scopes.of(ScopeKind.EVENT, event.id)
    for number, whole in enumerate(
        (
            scopes.country("GB"),
            scopes.of(ScopeKind.CAMPAIGN, event.campaign_id),
            scopes.of(ScopeKind.REGION, region.id),
            EVERYWHERE,
        )
    ):
        rosa = given(f"rosa{number}", Role.REGIONAL_ORGANISER, whole)
        leo = make(f"leo{number}@example.org")
        accounts_ops.grant_role(account_id=leo.id, role=Role.COACH, scope=one, by=actor(rosa))
        assert held(leo) == {Held(Role.COACH, one)}


def test_a_right_over_a_region_is_a_right_over_its_countries_and_not_the_other_way() -> None:
    region = place_ops.put_region(name="Andes", countries=["CL", "PE"], by=SYSTEM)
    andes = scopes.of(ScopeKind.REGION, region.id)
    rosa, leo = given("rosa", Role.REGIONAL_ORGANISER, CHILE), make("leo@example.org")

    with pytest.raises(accounts_ops.MoreThanYouHold):
        accounts_ops.grant_role(account_id=leo.id, role=Role.COACH, scope=andes, by=actor(rosa))


@pytest.mark.parametrize(
    "scope",
    [
        Scope(ScopeKind.COUNTRY, "XX"),
        Scope(ScopeKind.REGION, "1"),
        Scope(ScopeKind.REGION, "x"),
        Scope(ScopeKind.CAMPAIGN, "1"),
        Scope(ScopeKind.EVENT, "1"),
        Scope(ScopeKind.TEAM, "1"),
    ],
    ids=str,
)
def test_a_scope_that_is_not_there_is_refused(scope: Scope) -> None:
    with pytest.raises(accounts_ops.NoSuchScope):
        given("leo", Role.COACH, scope)


def test_an_owner_is_for_everything() -> None:
    with pytest.raises(accounts_ops.OwnersAreForEverything):
        given("leo", Role.OWNER, CHILE)


def test_without_the_check_anybody_could_give_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: this is what the check of a gift stops."""
    rosa, leo = given("rosa", Role.REGIONAL_ORGANISER, CHILE), make("leo@example.org")
    monkeypatch.setattr(grant_ops, "check_gift", lambda **gift: None)

    accounts_ops.grant_role(account_id=leo.id, role=Role.OWNER, by=actor(rosa))

    assert actor(leo).is_owner


# --- until when --------------------------------------------------------------------------------


def test_a_role_ends_on_its_day_before_anybody_sweeps() -> None:
    leo = make("leo@example.org")
    day = clock.now() + timedelta(days=2)
    accounts_ops.grant_role(account_id=leo.id, role=Role.COACH, scope=CHILE, ends_at=day, by=SYSTEM)
    assert held(leo) == {Held(Role.COACH, CHILE)}

    with clock.at(day):
        assert held(leo) == set()
        assert accounts_ops.sweep_grants() == 1
        assert accounts_ops.sweep_grants() == 0
    assert Grant.objects.get(account=leo).ended_at == day


def test_a_role_is_given_again_after_its_day_and_longer_before_it() -> None:
    leo = make("leo@example.org")
    day = clock.now() + timedelta(days=2)
    for ends_at in (day, None):
        accounts_ops.grant_role(
            account_id=leo.id, role=Role.COACH, scope=CHILE, ends_at=ends_at, by=SYSTEM
        )

    with clock.at(day):
        assert held(leo) == {Held(Role.COACH, CHILE)}
    assert [grant.ends_at for grant in Grant.objects.filter(ended_at=None)] == [None]


def test_another_last_day_keeps_what_was_given_away_no_longer_than_itself() -> None:
    olga, rosa, leo = chain_of_gifts()
    day = clock.now() + timedelta(days=3)

    accounts_ops.grant_role(account_id=olga.id, role=Role.ORGANISER, ends_at=day, by=SYSTEM)

    assert [len(held(each)) for each in (olga, rosa, leo)] == [1, 1, 1]
    assert set(Grant.objects.values_list("ends_at", "ended_at")) == {(day, None)}
    accounts_ops.grant_role(account_id=olga.id, role=Role.ORGANISER, by=SYSTEM)
    with clock.at(day):
        assert [len(held(each)) for each in (olga, rosa, leo)] == [1, 0, 0]


def test_only_who_gave_a_role_or_an_owner_changes_its_day() -> None:
    rosa = given("rosa", Role.REGIONAL_ORGANISER, CHILE)
    by_an_owner = given("leo", Role.COACH, CHILE)
    day = clock.now() + timedelta(days=3)

    with pytest.raises(accounts_ops.OnlyOwnersDoThis):
        accounts_ops.grant_role(
            account_id=by_an_owner.id, role=Role.COACH, scope=CHILE, ends_at=day, by=actor(rosa)
        )
    own = given("paz", Role.COACH, CHILE, by=actor(rosa))
    accounts_ops.grant_role(
        account_id=own.id, role=Role.COACH, scope=CHILE, ends_at=day, by=actor(rosa)
    )

    with clock.at(day):
        assert (held(by_an_owner), held(own)) == ({Held(Role.COACH, CHILE)}, set())


def test_an_owner_has_no_last_day_so_the_last_one_cannot_run_out() -> None:
    owner = given("first", Role.OWNER)

    with pytest.raises(accounts_ops.OwnersHaveNoLastDay):
        accounts_ops.grant_role(
            account_id=owner.id,
            role=Role.OWNER,
            ends_at=clock.now() + timedelta(days=3),
            by=SYSTEM,
        )


@pytest.mark.parametrize("days", [-1, 0])
def test_an_end_that_is_over_is_refused(days: int) -> None:
    leo = make("leo@example.org")

    with pytest.raises(accounts_ops.EndsBeforeItBegins):
        accounts_ops.grant_role(
            account_id=leo.id,
            role=Role.COACH,
            ends_at=clock.now() + timedelta(days=days),
            by=SYSTEM,
        )


def test_a_part_ends_no_later_than_the_whole() -> None:
    rosa, leo = make("rosa@example.org"), make("leo@example.org")
    day = clock.now() + timedelta(days=10)
    accounts_ops.grant_role(
        account_id=rosa.id, role=Role.REGIONAL_ORGANISER, scope=CHILE, ends_at=day, by=SYSTEM
    )
    for ends_at in (None, day + timedelta(seconds=1)):
        with pytest.raises(accounts_ops.EndsAfterYours):
            accounts_ops.grant_role(
                account_id=leo.id, role=Role.COACH, scope=CHILE, ends_at=ends_at, by=actor(rosa)
            )
    accounts_ops.grant_role(
        account_id=leo.id, role=Role.COACH, scope=CHILE, ends_at=day, by=actor(rosa)
    )
    assert held(leo) == {Held(Role.COACH, CHILE)}


# --- what ends with what -----------------------------------------------------------------------


def chain_of_gifts() -> tuple[Account, Account, Account]:
    """An organiser, the regional one they made, and that one's coach."""
    olga = given("olga", Role.ORGANISER)
    rosa = given("rosa", Role.REGIONAL_ORGANISER, CHILE, by=actor(olga))
    return olga, rosa, given("leo", Role.COACH, CHILE, by=actor(rosa))


ENDINGS: dict[str, Callable[[Account], None]] = {
    "role ended": lambda olga: accounts_ops.end_grant(
        account_id=olga.id, role=Role.ORGANISER, by=SYSTEM
    ),
    "account closed": lambda olga: accounts_ops.close_account(account_id=olga.id, by=SYSTEM),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_was_given_away_ends_with_the_right_that_it_came_from(ending: str) -> None:
    olga, rosa, leo = chain_of_gifts()

    ENDINGS[ending](olga)

    assert (held(olga), held(rosa), held(leo)) == (set(), set(), set())
    told = Entry.objects.filter(kind="accounts.RoleEnded").order_by("id")
    assert [entry.rest["account_id"] for entry in told] == [olga.id, rosa.id, leo.id]


def test_what_an_owner_gave_stays_when_the_owner_goes() -> None:
    """Owners give in the name of the installation; nobody loses a role because one retires."""
    given("first", Role.OWNER)
    olga = given("olga", Role.OWNER)
    rosa = given("rosa", Role.REGIONAL_ORGANISER, CHILE, by=actor(olga))

    accounts_ops.close_account(account_id=olga.id, by=SYSTEM)

    assert held(rosa) == {Held(Role.REGIONAL_ORGANISER, CHILE)}


def test_who_gave_a_role_ends_it_and_nobody_beside_them_does() -> None:
    _olga, rosa, leo = chain_of_gifts()
    beside = given("beside", Role.REGIONAL_ORGANISER, CHILE)

    for stranger in (beside, leo):
        with pytest.raises(accounts_ops.OnlyOwnersDoThis):
            accounts_ops.end_grant(
                account_id=leo.id, role=Role.COACH, scope=CHILE, by=actor(stranger)
            )
    accounts_ops.end_grant(account_id=leo.id, role=Role.COACH, scope=CHILE, by=actor(rosa))

    assert held(leo) == set()
    assert held(rosa) == {Held(Role.REGIONAL_ORGANISER, CHILE)}


def test_a_stale_actor_gives_nothing() -> None:
    """The request began before the role was ended: what counts is what the table says now."""
    olga, rosa, _leo = chain_of_gifts()
    before, new = actor(rosa), make("new@example.org")
    accounts_ops.end_grant(account_id=olga.id, role=Role.ORGANISER, by=SYSTEM)

    with pytest.raises(accounts_ops.MoreThanYouHold):
        accounts_ops.grant_role(account_id=new.id, role=Role.COACH, scope=CHILE, by=before)


def test_removing_a_region_closes_it_at_once_and_ends_its_roles() -> None:
    region = place_ops.put_region(name="Andes", countries=["CL", "PE"], by=SYSTEM)
    scope = scopes.of(ScopeKind.REGION, region.id)
    rosa = given("rosa", Role.REGIONAL_ORGANISER, scope)
    leo = given("leo", Role.COACH, CHILE, by=actor(rosa))
    event = events.listed_event(place=events.leeds(country="CL"))
    from groundswell.events import scopes as event_scopes

    assert event_scopes.may(actor(rosa), Right.REVIEW_EVENTS, event)
    place_ops.remove_region(region_id=region.id, by=SYSTEM)

    assert not event_scopes.may(actor(rosa), Right.REVIEW_EVENTS, event)
    worker.run_until_idle()
    assert (held(rosa), held(leo)) == (set(), set())


def test_roles_over_what_disappeared_some_other_way_are_swept() -> None:
    event = events.listed_event()
    leo = given("leo", Role.COACH, scopes.of(ScopeKind.EVENT, event.id))
    stays = given("stays", Role.COACH, CHILE)
    event.delete()

    assert accounts_ops.sweep_grants() == 1
    assert (held(leo), held(stays)) == (set(), {Held(Role.COACH, CHILE)})


# --- inviting ----------------------------------------------------------------------------------


def test_inviting_somebody_who_has_an_account_gives_the_role_and_says_nothing_else() -> None:
    rosa = given("rosa", Role.REGIONAL_ORGANISER, CHILE)
    known = make("known@example.org")

    for email in ("known@example.org", "new@example.org"):
        account = accounts_ops.invite(
            email=email, name="Leo", role=Role.COACH, scope=CHILE, by=actor(rosa)
        )
        assert held(account) == {Held(Role.COACH, CHILE)}

    assert accounts_queries.name_of(known) == "Amina Khan"
    assert Entry.objects.filter(kind="accounts.AccountInvited").count() == 2


def test_an_invitation_beyond_ones_own_makes_no_account() -> None:
    rosa = given("rosa", Role.REGIONAL_ORGANISER, CHILE)

    with pytest.raises(accounts_ops.MoreThanYouHold):
        accounts_ops.invite(email="new@example.org", name="Leo", role=Role.OWNER, by=actor(rosa))
    assert accounts_queries.account_by_email("new@example.org") is None


# --- the list ----------------------------------------------------------------------------------


def test_the_team_shows_whom_somebody_looks_after() -> None:
    olga, rosa, leo = chain_of_gifts()
    given("paz", Role.COACH, PERU)

    def seen(account: Account) -> set[int]:
        return {member.account.id for member in accounts_queries.team(actor(account))}

    assert seen(rosa) == {rosa.id, leo.id}
    assert accounts_queries.member(olga.id, actor(rosa)) is None
    assert {olga.id, rosa.id, leo.id} < seen(olga)
    assert seen(leo) == set()


def test_grants_refuse_every_write_past_the_operation() -> None:
    leo = given("leo", Role.COACH)
    grant = Grant.objects.get(account=leo)
    writes: list[Callable[[], object]] = [
        grant.save,
        grant.delete,
        lambda: Grant.objects.update(role=Role.OWNER),
        lambda: Grant.objects.all().delete(),
        lambda: Grant.objects.create(account=leo, role=Role.OWNER, created_at=clock.now()),
        lambda: Grant.objects.bulk_create([Grant(account=leo, role="owner")]),
        lambda: Grant.objects.bulk_update([grant], ["role"]),
    ]
    for write in writes:
        with pytest.raises(GrantsAreClosed):
            write()
    assert held(leo) == {Held(Role.COACH)}
