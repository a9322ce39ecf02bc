"""S7, S17, S24: what every answer carries, whoever asks: headers, cookies, a form token."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from groundswell.web import errors, guards, security
from tests.house import world as worlds
from tests.house.routes import Route, all_routes
from tests.house.test_matrix import Case, ask
from tests.house.world import Asker, Token, World
from tests.running import signing_in

pytestmark = pytest.mark.django_db

ROUTES = all_routes()

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
# The only addresses with another policy, and what differs (DESIGN section 4).
OTHER_POLICIES = {
    "demo_mail": "frame-src 'self'",
    "demo_mail_body": "sandbox allow-popups allow-top-navigation-by-user-activation",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Origin-Agent-Cluster": "?1",
}
ON = {
    "geolocation=(self)",
    "publickey-credentials-create=(self)",
    "publickey-credentials-get=(self)",
}
# Opened on its own, an uploaded picture is nobody's page.
SANDBOXED = {"picture": f"{POLICY}; sandbox"}
# Pressed by mail programs for their readers (RFC 8058), where the signed link is the proof; posted
# by mail servers and ad services, where the signature is. A form of the team's is sent from other
# websites too, and acts for nobody who is signed in.
WITHOUT_FORM_TOKEN = {"stop", "inbound_mail", "inbound_provider", "leads", "form", "form_embed"}


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.GROUNDSWELL_ORIGIN = signing_in.HERE
    return worlds.build()


def _asker(world: World, name: str) -> Asker:
    return next(one for one in world.askers if one.name == name)


def poor_headers(response: Mapping[str, str], policy: str = POLICY) -> Iterator[str]:
    """Headers that are missing or differ."""
    if response.get("Content-Security-Policy", "") != policy:
        yield f"Content-Security-Policy: {response.get('Content-Security-Policy', 'missing')}"
    for name, value in ALWAYS.items():
        if response.get(name, "") != value:
            yield f"{name}: {response.get(name, 'missing')}"
    allowed = response.get("Permissions-Policy", "").split(", ")
    if {each for each in allowed if not each.endswith("=()")} != ON or "camera=()" not in allowed:
        yield "Permissions-Policy"
    if "Server" in response or "X-Powered-By" in response:
        yield "an answer tells what made it"


@pytest.mark.slow
def test_every_answer_carries_the_headers(world: World) -> None:
    found = []
    for route in ROUTES:
        for name, method in [("visitor", "GET"), ("owner", "GET"), ("visitor", "PUT")]:
            case = Case(route, _asker(world, name), method)
            response, _changed = ask(world, case)
            is_there = response.status_code == 200
            policy = SANDBOXED.get(route.name, POLICY) if is_there else POLICY
            found += [f"{case}: {what}" for what in poor_headers(response.headers, policy)]

    assert found == [], "\n".join(found)


def test_the_closed_list_of_other_policies(world: World, settings: Any) -> None:
    settings.GROUNDSWELL_MODE = "demo"
    differs = {}
    for route in ROUTES:
        if route.guard and route.guard.name == "demo":
            response, _changed = ask(world, Case(route, _asker(world, "visitor")))
            if response["Content-Security-Policy"] != POLICY:
                differs[route.name] = response["Content-Security-Policy"]

    assert set(differs) == set(OTHER_POLICIES)
    assert all(OTHER_POLICIES[name] in policy for name, policy in differs.items())
    assert all("script-src 'self'" in policy for policy in differs.values())


def test_answers_without_the_middleware_are_found() -> None:
    assert len(list(poor_headers(HttpResponse("bare").headers))) == 8


def test_the_policy_is_the_one_of_the_settings() -> None:
    assert security.policy_text() == POLICY


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (errors.bad_request, 400),
        (errors.not_allowed, 403),
        (errors.not_found, 404),
        (errors.broken, 500),
        (errors.csrf_failed, 403),
    ],
)
def test_pages_about_errors_need_nothing_but_a_request(
    rf: Any, answer: Callable[[HttpRequest], HttpResponse], status: int
) -> None:
    response = answer(rf.get("/en/"))

    assert response.status_code == status
    assert b"<h1" in response.content


# --- private pages are kept nowhere, public ones ask no session ---------------------------------


def test_pages_of_people_are_kept_by_no_cache(world: World) -> None:
    found = []
    for route in ROUTES:
        if route.guard is None or route.guard.name in {"anyone", "demo"}:
            continue
        asker = _asker(world, "visitor" if "token" in route.parts else "owner")
        response, _changed = ask(world, Case(route, asker))
        if "no-store" not in response.headers.get("Cache-Control", ""):
            found.append(route.name)

    assert found == []


def test_public_pages_ask_for_no_session_and_leave_no_cookie_of_one(world: World) -> None:
    found = []
    for route in ROUTES:
        if route.guard is None or route.guard.name != "anyone":
            continue
        with CaptureQueriesContext(connection) as asked:
            response, _changed = ask(world, Case(route, Asker("visitor", Client())))
        if any("accounts_session" in query["sql"] for query in asked.captured_queries):
            found.append(f"{route.name} asks for a session")
        if "session" in response.cookies:
            found.append(f"{route.name} sets a session cookie")

    assert found == []


# --- form tokens -------------------------------------------------------------------------------


def takes_forms_without_token(routes: list[Route], world: World) -> list[str]:
    """Addresses that take a form which another site could have sent."""
    found = []
    for route in routes:
        if route.guard is None or "POST" not in route.guard.methods:
            continue
        owner = _asker(world, "owner")
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = owner.client.cookies
        case = Case(route, Asker("owner", strict, account=owner.account), "POST", Token.OWN)
        response, changed = ask(world, case)
        if response.status_code != 403 or changed:
            found.append(route.name)
    return found


def test_every_form_needs_its_token(world: World) -> None:
    assert set(takes_forms_without_token(ROUTES, world)) == WITHOUT_FORM_TOKEN


def test_an_address_that_needs_no_token_is_found(world: World, settings: Any) -> None:
    @csrf_exempt
    @guards.anyone(post=True)
    def careless(request: HttpRequest) -> HttpResponse:
        return HttpResponse("done")

    class Addresses:
        urlpatterns = [path("careless", careless, name="careless")]

    settings.ROOT_URLCONF = Addresses
    route = Route("careless", "careless", {}, careless)

    assert takes_forms_without_token([route], world) == ["careless"]


# --- closed by default -------------------------------------------------------------------------


def test_a_view_without_a_guard_does_not_exist(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def forgotten(request: HttpRequest) -> HttpResponse:
        return HttpResponse("open to all")

    @guards.anyone()
    def declared(request: HttpRequest) -> HttpResponse:
        return HttpResponse("open on purpose")

    class Addresses:
        urlpatterns = [path("forgotten", forgotten), path("declared", declared)]
        handler404 = staticmethod(lambda request, exception: HttpResponse("none", status=404))

    settings.ROOT_URLCONF = Addresses

    assert client.get("/forgotten").status_code == 404
    assert "has no guard" in caplog.text
    assert client.get("/declared").content == b"open on purpose"


def test_no_view_is_handed_a_name_that_holds_a_nul(client: Client, settings: Any) -> None:
    """PostgreSQL would break over it, and SQLite would look for a name that nothing has."""
    handed = []

    @guards.anyone()
    def named(request: HttpRequest, name: str) -> HttpResponse:
        handed.append(name)
        return HttpResponse("seen")

    class Addresses:
        urlpatterns = [path("named/<str:name>", named)]
        handler404 = staticmethod(lambda request, exception: HttpResponse("none", status=404))

    settings.ROOT_URLCONF = Addresses

    assert client.get("/named/a%00b").status_code == 404
    assert client.get("/named/a%20b").status_code == 200
    assert handed == ["a b"]


OPEN_TO_EVERYBODY = {
    "accessibility", "brand_css", "campaign", "campaign_map", "event", "event_done", "event_ics",
    "event_phone", "event_report", "event_reported", "event_sign_up", "form", "form_embed",
    "healthz", "help", "home",
    "host_start", "inbound_mail", "inbound_provider", "leads", "picture", "privacy", "robots",
    "second_step", "security_txt", "sign_in", "sign_in_code", "sign_in_link", "sign_in_passkey",
    "sign_in_passkey_begin", "sign_in_recovery", "sign_out", "sitemap", "stop", "stop_again",
    "your_data", "your_data_erased", "your_data_from_mail", "your_data_sent",
}  # fmt: skip


def test_what_is_open_to_everybody_is_written_down_here() -> None:
    opened = {route.name for route in ROUTES if route.guard and route.guard.name == "anyone"}

    assert opened == OPEN_TO_EVERYBODY


def test_no_address_takes_a_number_that_the_database_cannot_hold() -> None:
    unbounded = [route.pattern for route in ROUTES if "IntConverter" in route.parts.values()]

    assert unbounded == []
