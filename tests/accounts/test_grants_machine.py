"""S4: after any sequence of giving, ending, closing and removing, nobody keeps what is not theirs.

PyPI 2025: team rights survived leaving the organisation. The machine ships with a seeded bug that
it must find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts import sockets
from groundswell.accounts.models import Grant, is_live
from groundswell.accounts.operations import grants as grant_ops
from groundswell.kernel import clock, scopes
from groundswell.kernel.actor import SYSTEM, Actor, Held, Role
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import RIGHTS, Right
from groundswell.kernel.scopes import EVERYWHERE, Scope, ScopeKind
from groundswell.places import operations as place_ops
from tests.running.signing_in import make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PEOPLE = 4
ROLES = [Role.OWNER, Role.ORGANISER, Role.REGIONAL_ORGANISER, Role.COACH, Role.READ_ONLY]
COUNTRIES = ["CL", "PE", "GB"]


class Giving(RuleBasedStateMachine):
    """Four people, five roles, three countries and a region; time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()  # each example begins with nothing
        self.undone.__enter__()
        self.now = datetime(2026, 3, 4, 10).astimezone()
        self.began = clock.at(self.now)
        self.began.__enter__()
        self.people = [make(f"p{number}@example.org") for number in range(PEOPLE)]
        self.keeper = make("keeper@example.org", Role.OWNER)
        self.region = place_ops.put_region(name="Andes", countries=["CL", "PE"], by=SYSTEM)

    def teardown(self) -> None:
        self.began.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def _scope(self, choice: int) -> Scope:
        found = [EVERYWHERE, *(scopes.country(code) for code in COUNTRIES)]
        return [*found, scopes.of(ScopeKind.REGION, self.region.id)][choice % 5]

    def _actor(self, who: int) -> Actor:
        account = self.people[who] if who < PEOPLE else self.keeper
        return accounts_queries.actor_of(account)

    @rule(
        giver=st.integers(0, PEOPLE),
        to=st.integers(0, PEOPLE - 1),
        role=st.sampled_from(ROLES),
        over=st.integers(0, 4),
        days=st.sampled_from([None, 1, 5]),
    )
    def give(self, giver: int, to: int, role: Role, over: int, days: int | None) -> None:
        ends_at = clock.now() + timedelta(days=days) if days else None
        with suppress(Refusal):
            accounts_ops.grant_role(
                account_id=self.people[to].id,
                role=role,
                scope=self._scope(over),
                ends_at=ends_at,
                by=self._actor(giver),
            )

    @rule(
        who=st.integers(0, PEOPLE),
        of=st.integers(0, PEOPLE - 1),
        role=st.sampled_from(ROLES),
        over=st.integers(0, 4),
    )
    def end(self, who: int, of: int, role: Role, over: int) -> None:
        with suppress(Refusal):
            accounts_ops.end_grant(
                account_id=self.people[of].id,
                role=role,
                scope=self._scope(over),
                by=self._actor(who),
            )

    @rule(of=st.integers(0, PEOPLE - 1))
    def lose_everything(self, of: int) -> None:
        with suppress(Refusal):
            grant_ops.end_grants(account_id=self.people[of].id, by=SYSTEM)

    @rule(days=st.integers(1, 4))
    def wait(self, days: int) -> None:
        self.began.__exit__(None, None, None)
        self.now += timedelta(days=days)
        self.began = clock.at(self.now)
        self.began.__enter__()

    @rule()
    def sweep(self) -> None:
        accounts_ops.sweep_grants()

    @invariant()
    def nobody_holds_more_than_whom_it_came_from(self) -> None:
        live = Grant.objects.filter(is_live(clock.now())).select_related("parent")
        for grant in live:
            parent = grant.parent
            if parent is None:
                continue
            assert parent.ended_at is None, "it came from a role that was ended"
            assert parent.ends_at is None or parent.ends_at > clock.now(), "its whole is over"
            assert RIGHTS[Role(grant.role)] <= RIGHTS[Role(parent.role)], "more than the whole"
            assert parent.scope in (sockets.chain(grant.scope) or ()), "wider than the whole"

    @invariant()
    def only_owners_made_what_has_no_whole(self) -> None:
        for grant in Grant.objects.filter(is_live(clock.now()), parent=None):
            giver = grant.created_by_id
            assert (
                giver is None or Grant.objects.filter(account_id=giver, role=Role.OWNER).exists()
            ), "somebody who never was an owner gave it"

    @invariant()
    def the_keeper_is_an_owner(self) -> None:
        assert Held(Role.OWNER) in self._actor(PEOPLE).held
        assert self._actor(PEOPLE).may(Right.RUN)


def run(steps: int, examples: int) -> None:
    runner: Any = run_state_machine_as_test
    runner(
        Giving,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def test_no_sequence_leaves_somebody_with_too_much() -> None:
    run(steps=30, examples=25)


@contextmanager
def replaced(name: str, value: Any) -> Iterator[None]:
    before = getattr(grant_ops, name)
    setattr(grant_ops, name, value)
    try:
        yield
    finally:
        setattr(grant_ops, name, before)


SEEDED: dict[str, tuple[str, Callable[..., Any]]] = {
    "nobody is asked": ("check_gift", lambda **gift: None),
}


@pytest.mark.parametrize("bug", SEEDED)
def test_the_machine_finds(bug: str) -> None:
    name, value = SEEDED[bug]

    with replaced(name, value), pytest.raises(AssertionError):
        run(steps=30, examples=60)
