"""S2: every address × every method × everybody who may ask × own, foreign and absent things.

What must come out follows from the guard that each view declares. Each request is rolled back, so
all of them meet the same world; what a request writes is seen at the database's door.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from types import CellType
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections, transaction
from django.http import HttpResponse
from django.urls import reverse

from groundswell.kernel.roles import AT_A_DESK, Right, carries
from groundswell.web import guards
from groundswell.web.guards import Guard
from tests.house import world as worlds
from tests.house.routes import Route, all_routes
from tests.house.world import Asker, Token, Where, Whose, World
from tests.running import signing_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LINKS = {"host", "rsvp", "wizard", "data", "prove", "form"}  # guards that a link opens
BELONGS_TO_LINK = {"rsvp_id", "conversation_id"}  # a thing of the event behind the link
BY_LINK = {"sign_in_link"}  # open pages that look at their link themselves
# What asking alone may leave behind: the session of somebody who signs in, a used-up limit.
# Also the count of people that somebody was shown, which must be taken before they are shown.
ALWAYS_MAY_WRITE = {"accounts_session", "accounts_limit", "people_look"}

IN, NOTHING, GONE, METHOD = "in", "404", "410", "405"
SIGN_IN, SECOND_STEP, BROKEN = "to sign in", "to the second step", "broken"
PROVE = "to prove the second step again"


@dataclass(frozen=True)
class Case:
    """One request."""

    route: Route
    asker: Asker = field(compare=False)
    method: str = "GET"
    token: Token = Token.OWN
    changed: tuple[tuple[str, Whose], ...] = ()

    def __str__(self) -> str:
        changed = "".join(f", {whose} {name}" for name, whose in self.changed)
        token = f", {self.token}" if "token" in self.route.parts else ""
        return f"{self.method} {self.route.name} by {self.asker.name}{token}{changed}"


# --- which requests ----------------------------------------------------------------------------


def cases(world: World, route: Route) -> Iterator[Case]:
    """Everybody × every method with our own things; then other things × who may stand here."""
    guard = route.guard.name if route.guard else ""
    if "token" in route.parts:
        some = [one for one in world.askers if one.name in {"visitor", "account", "organiser"}]
        for asker, token, method in itertools.product(some, Token, METHODS):
            yield Case(route, asker, method, token)
    else:
        for asker in world.askers:
            if asker.is_one_of_many and guard != "office":
                continue  # to every other page they are an account like any other
            for method in ("GET", "POST") if asker.is_one_of_many else METHODS:
                yield Case(route, asker, method)
    names = {"visitor", "account", "organiser", "owner"}
    for asker, part, whose, method in itertools.product(
        [one for one in world.askers if one.name in names or (one.is_scoped and guard == "office")],
        [part for part in route.parts if part != "token"],
        [Whose.FOREIGN, Whose.ABSENT, Whose.HUGE],
        ("GET", "HEAD", "POST"),
    ):
        if asker.is_scoped and (method == "HEAD" or whose is not Whose.FOREIGN):
            continue
        yield Case(route, asker, method, changed=((part, whose),))


# --- what must come out ------------------------------------------------------------------------


def expected(case: Case) -> set[str]:
    """What the guard's declaration promises for this request."""
    guard = case.route.guard
    assert guard is not None, f"{case.route.name} has no guard"
    if _is_no_address(case):
        return {NOTHING}
    stopped = _stopped(guard, case.asker, case.token)
    if stopped is not None:
        return {stopped}
    if case.method not in guard.methods:
        return {METHOD}
    if guard.is_fresh and not case.asker.is_fresh:
        return {PROVE}
    if guard.name == "office" and not _reaches(case):
        return {NOTHING, "elsewhere"} if case.route.name == "office:today" else {NOTHING}
    if case.route.name in BY_LINK and not case.token.is_open:
        return {GONE}
    # Somebody else's link does not reach our own things.
    is_apart = case.token is Token.ANOTHERS and bool(set(case.route.parts) & BELONGS_TO_LINK)
    if is_apart or (case.changed and not _is_open_to(case)):
        return {NOTHING, "elsewhere"}
    if case.route.name in {"office:lock", "office:unlock"} and not case.asker.is_fresh:
        return {IN, PROVE}  # the page opens at once; the press asks who it is
    if case.route.name.startswith("my_prove"):  # whoever has none is shown how to set one up
        return {IN, "elsewhere", SECOND_STEP, PROVE}
    return {IN, "elsewhere"}


def _is_open_to(case: Case) -> bool:
    """A campaign that is not public yet is for the whole office; a stop link is its own proof."""
    ((part, whose),) = case.changed
    if case.route.name == "leads":
        return True  # one answer for every key, so that nobody learns which there are
    if whose is not Whose.FOREIGN:
        return False
    prepares = _carries(case.asker, Right.EDIT_CAMPAIGN) and case.asker.where is Where.EVERYTHING
    is_campaign = part == "slug" and not {"event_slug", "digest"} & set(case.route.parts)
    if part in {"account_id", "person_id"}:
        if {"contact_id", "note_id"} & set(case.route.parts):
            return False  # ours are not the other person's
        return case.asker.where in {Where.EVERYTHING, Where.ELSEWHERE}
    return part == "signed" or (is_campaign and prepares and "e/<" not in case.route.pattern)


# What a part of the path names.
NAMED = (
    ("event_slug", "event"),
    ("account_id", "member"),
    ("person_id", "person"),
    ("export_slug", "export"),
    ("import_slug", "import"),
)
# What lies inside of what a role is held over: our campaign, our event, people, colleagues.
INSIDE = {
    Where.EVERYTHING: {"everything", "campaign", "event", "person", "member", "export", "import"},
    Where.CAMPAIGN: {"campaign", "event", "person"},
    Where.HERE: {"event", "person", "member"},
    Where.EVENT: {"event", "person"},
    Where.ELSEWHERE: set(),
}
OF_A_CAMPAIGN = {Right.EDIT_CAMPAIGN, Right.SEE_NUMBERS}


def _carries(asker: Asker, right: Right) -> bool:
    return any(carries(role, right) for role in asker.roles) and asker.has_second_step


def _needs(route: Route) -> str | None:
    """What the right must be carried over; None: over anything at all."""
    assert route.guard is not None
    for part, thing in NAMED:
        if part in route.parts:
            return thing
    if "slug" in route.parts and (
        route.guard.right in OF_A_CAMPAIGN or route.name == "office:today"
    ):
        return "campaign"
    return None


def _reaches(case: Case) -> bool:
    """Does our own thing lie inside of what the asker's role is held over?"""
    if {"view_id", "act_id"} & set(case.route.parts):  # somebody else's: for who keeps the data
        return _carries(case.asker, Right.EXPORT) and case.asker.where is Where.EVERYTHING
    needed = _needs(case.route)
    if needed is None or needed in INSIDE[case.asker.where]:
        return True
    is_theirs = case.asker.where is Where.ELSEWHERE and needed in {"person", "member"}
    return is_theirs and any(whose is Whose.FOREIGN for _part, whose in case.changed)


def _is_no_address(case: Case) -> bool:
    """A number that no database can hold is no address at all, whoever asks."""
    return any(
        whose is Whose.HUGE and case.route.parts[part] in {"IdConverter", "IntConverter"}
        for part, whose in case.changed
    )


def _stopped(guard: Guard, asker: Asker, token: Token) -> str | None:
    """Where the guard sends this asker; None: it lets in."""
    if guard.name == "anyone":
        return None
    if guard.name in LINKS:
        return None if token.is_open else GONE
    if guard.name == "demo":
        return NOTHING
    if not asker.is_signed_in:
        return SIGN_IN
    if guard.name == "signed_in":
        return None
    wanted = AT_A_DESK if guard.right is None else {guard.right}
    if not any(carries(role, right) for role in asker.roles for right in wanted):
        return NOTHING
    if guard.is_everywhere and asker.where is not Where.EVERYTHING:
        return NOTHING
    return None if asker.has_second_step else SECOND_STEP


def outcome(response: HttpResponse) -> str:
    """What came out, in the words of :func:`expected`."""
    status = response.status_code
    if status in {301, 302, 303}:
        where = urlsplit(response["Location"])
        if where.path == reverse("sign_in") and where.query.startswith("next="):
            return SIGN_IN
        steps = {reverse("my_second_step"): SECOND_STEP, reverse("my_prove"): PROVE}
        return steps.get(where.path, "elsewhere")
    known = {404: NOTHING, 410: GONE, 405: METHOD, 200: IN, 204: IN, 400: IN, 422: IN}
    return known.get(status, f"{BROKEN} ({status})")


# --- asking ------------------------------------------------------------------------------------


_NO_TABLE = {"INTO", "FROM", "OR", "IGNORE"}  # what stands between the verb and the table


@contextmanager
def rolled_back() -> Iterator[list[str]]:
    """Everything inside is undone; yields the tables that it changed."""
    changed: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        verb, _space, rest = sql.lstrip(" (").partition(" ")
        if verb.upper() in {"INSERT", "UPDATE", "DELETE", "REPLACE"} and context["cursor"].rowcount:
            words = [word for word in rest.split() if word.upper() not in _NO_TABLE]
            changed.append(words[0].strip('"') if words else sql)
        return result

    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(transaction.atomic(using=alias))
            stack.enter_context(connections[alias].execute_wrapper(watch))
        yield changed
        for alias in connections:
            transaction.set_rollback(True, using=alias)


def ask(world: World, case: Case) -> tuple[HttpResponse, set[str]]:
    """The answer, and the tables that asking changed."""
    client = case.asker.client
    cookies = deepcopy(client.cookies)
    path = case.route.path(world.parts(case.route, dict(case.changed), case.token))
    client.raise_request_exception = False
    with rolled_back() as changed:
        if case.method == "POST":
            response = client.post(path, {})
        else:
            response = client.generic(case.method, path)
        if response.streaming:
            b"".join(response)
    client.cookies = cookies
    return response, set(changed) - ALWAYS_MAY_WRITE


def deviation(world: World, case: Case) -> str | None:
    """What is wrong with the answer to one request; None: nothing."""
    response, changed = ask(world, case)
    came, wanted = outcome(response), expected(case)
    if came not in wanted:
        error = getattr(response, "exc_info", None)
        why = f": {error[0].__name__}: {error[1]}" if error else ""
        return f"{case}: {came} instead of {' or '.join(sorted(wanted))}{why}"
    is_other = any(whose is not Whose.OWN for _part, whose in case.changed)
    may_write = case.method == "POST" and wanted == {IN, "elsewhere"}
    if changed and not may_write:
        return f"{case}: {came}, and {', '.join(sorted(changed))} changed"
    if is_other and IN not in wanted and came == "elsewhere" and _shows(response, world):
        return f"{case}: leads to somebody else's page"
    return None


def _shows(response: HttpResponse, world: World) -> bool:
    foreign = {world.campaigns[1].slug, world.events[1].slug, world.event_elsewhere.slug}
    return any(f"/{slug}" in response["Location"] for slug in foreign)


# --- the tests ---------------------------------------------------------------------------------

ROUTES = all_routes()


def _groups() -> list[str]:
    return sorted({route.view.__module__.removeprefix("groundswell.") for route in ROUTES})


def _of(group: str) -> list[Route]:
    return [route for route in ROUTES if route.view.__module__ == f"groundswell.{group}"]


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.GROUNDSWELL_ORIGIN = signing_in.HERE  # where a passkey can be made
    return worlds.build()


def test_every_route_has_a_guard_and_a_name() -> None:
    assert [route.pattern for route in ROUTES if route.guard is None] == []
    assert [route.pattern for route in ROUTES if not route.name or route.name.endswith(":")] == []


@pytest.mark.parametrize("group", _groups())
def test_nobody_gets_further_than_the_guard_says(group: str, world: World) -> None:
    found = [
        wrong
        for route in _of(group)
        for case in cases(world, route)
        if (wrong := deviation(world, case)) is not None
    ]

    assert found == [], "\n".join(found)


# --- controls: without its guard every closed route turns red ----------------------------------


def _cell(view: Callable[..., Any], name: str) -> CellType:
    """What a guarded view holds under ``name`` (guards._guarding)."""
    while getattr(view, "__wrapped__", None) is not None and name not in view.__code__.co_freevars:
        view = view.__wrapped__
    assert view.__closure__ is not None
    return view.__closure__[view.__code__.co_freevars.index(name)]


@contextmanager
def swapped(route: Route, name: str, value: object) -> Iterator[None]:
    cell = _cell(route.view, name)
    before = cell.cell_contents
    cell.cell_contents = value
    try:
        yield
    finally:
        cell.cell_contents = before


def _closed() -> list[Route]:
    return [route for route in ROUTES if route.guard and route.guard.name != "anyone"]


def test_a_route_whose_guard_is_taken_away_is_found(world: World) -> None:
    """Each guard in turn lets everybody in; asking as somebody it should stop must show it."""
    survivors = []
    for route in _closed():
        with swapped(route, "check", lambda request, **kwargs: None):
            stopped = (
                case
                for case in cases(world, route)
                if case.method == "GET" and not case.changed and IN not in expected(case)
            )
            if not any(deviation(world, case) for case in stopped):
                survivors.append(route.name)

    assert len(_closed()) > 50
    assert survivors == []


def test_a_route_that_takes_any_method_is_found(world: World) -> None:
    visitor = world.askers[0]
    opened = [route for route in ROUTES if route.guard and route.guard.name == "anyone"]
    survivors = []
    for route in opened:
        with swapped(route, "methods", METHODS):
            if not any(deviation(world, Case(route, visitor, verb)) for verb in METHODS):
                survivors.append(route.name)

    assert survivors == []


def test_a_view_that_writes_when_it_is_read_is_found(world: World) -> None:
    (route,) = (route for route in ROUTES if route.name == "healthz")

    def nosy(request: Any) -> HttpResponse:
        world.events[0].title = "Seen"
        world.events[0].save()
        return HttpResponse("fine")

    with swapped(route, "view", nosy):
        found = deviation(world, Case(route, world.askers[0]))

    assert found == "GET healthz by visitor: in, and events_event changed"


def test_a_part_that_nobody_supplies_is_named(world: World) -> None:
    route = Route("new", "en/lift/<id:lift_id>", {"lift_id": "IdConverter"}, guards.anyone())

    with pytest.raises(LookupError, match="nothing supplies the part 'lift_id'"):
        world.parts(route, {}, Token.OWN)
