"""What stands around every page: headers of refusals, logs, hosts, cookies, onion, security.txt."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.http import url_has_allowed_host_and_scheme
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from groundswell.accounts.sessions import SessionStore
from groundswell.config import environment
from groundswell.kernel.actor import SYSTEM, VISITOR, Role
from groundswell.my import proving
from groundswell.public import slips
from groundswell.site import operations as site_ops
from groundswell.site import queries as site_queries
from groundswell.web import logs, security, signing_in, toasts
from tests.factories import events as make
from tests.factories import links
from tests.running import signing_in as people_signing_in

ONION = "http://" + "a" * 56 + ".onion"


@pytest.fixture(autouse=True)
def fresh() -> Any:
    site_queries.forget_name()
    yield
    site_queries.forget_name()


# --- 405, hosts, logs ----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_page_that_cannot_do_that_says_so_in_words(client: Client, method: str) -> None:
    response = client.generic(method, "/ar/privacy")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert b'<html lang="ar" dir="rtl"' in response.content
    assert b"<h1" in response.content
    assert response["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example", "a" * 300, "127.0.0.1:99999", "x y", "[::bad"])
def test_a_host_that_is_not_ours_gets_400_and_no_line_in_the_log(
    client: Client, settings: Any, host: str, capfd: pytest.CaptureFixture[str]
) -> None:
    settings.ALLOWED_HOSTS = ["act.example.org"]
    told = logging.getLogger("django.security.DisallowedHost")

    response = client.get("/en/", HTTP_HOST=host)

    assert response.status_code == 400
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert logging.NullHandler in {type(each) for each in told.handlers}
    assert (told.propagate, "DisallowedHost" in capfd.readouterr().err) == (False, False)


@pytest.mark.django_db
def test_no_signed_link_stands_in_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    event = make.listed_event()
    token = links.host_token(event)
    caplog.handler.addFilter(logs.ShapesNotAddresses())

    refused = client.post(f"/en/my/event/{token}/message", {"body": ""})
    gone = client.get("/en/my/event/no-such-link")

    assert (refused.status_code, gone.status_code) == (422, 410)
    assert "my/event/<str:token>/message" in caplog.text
    assert (token in caplog.text, "no-such-link" in caplog.text) == (False, False)


def test_control_without_the_filter_the_link_stands_there(rf: RequestFactory) -> None:
    request = rf.get("/en/my/event/SECRET/message")
    record = logging.LogRecord(
        "django.request", logging.WARNING, "x", 1, "%s: %s", ("Gone", request.path), None
    )
    record.request = request

    assert record.getMessage() == "Gone: /en/my/event/SECRET/message"
    assert logs.ShapesNotAddresses().filter(record)
    assert record.getMessage() == "Gone: (no such page)"


def test_a_line_about_no_request_stays_as_it_is() -> None:
    record = logging.LogRecord("groundswell", logging.INFO, "x", 1, "%s sent", ("7",), None)

    assert logs.ShapesNotAddresses().filter(record)
    assert record.getMessage() == "7 sent"


# --- cookies -------------------------------------------------------------------------------------


def test_every_cookie_of_ours_is_locked_to_this_host_over_tls(settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True

    names = {slips.cookie(), toasts.LockedCookies(RequestFactory().get("/")).cookie_name}

    assert names == {"__Host-slip", "__Host-messages"}
    settings.SESSION_COOKIE_SECURE = False
    assert slips.cookie() == "slip"


@pytest.mark.django_db
def test_signing_out_leaves_nothing_in_the_browser(client: Client) -> None:
    response = client.post("/en/sign-out/")

    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "Clear-Site-Data" not in client.get("/en/sign-out/")


@pytest.mark.django_db
def test_signing_out_everywhere_leaves_nothing_either(client: Client) -> None:
    account = people_signing_in.make("amina@example.org", Role.ORGANISER)
    client.force_login(account, backend="groundswell.accounts.backend.AccountBackend")

    response = client.post("/en/my/account/sign-out-everywhere/")

    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'


# --- S15: 300 ways off the site ------------------------------------------------------------------

_HOSTS = ["evil.example", "evil.example:443", "127.0.0.1@evil.example", "evil%2eexample", "[::1]"]
_STARTS = [
    "//", "///", "////", "/\\", "\\\\", "\\/", "/%5c", "/%2f", "/\t/", "/\n/", "\t//", " //",
    "http://", "https://", "HTTPS://", "http:/", "https:", "http:\\\\", "ftp://", "//\\",
    "/\x00/", "\x01//", "javascript://", "javascript:alert(1)//", "JaVaScRiPt:", "data:text/html,",
    "vbscript:", "//;@", "//?@", "/.//", "/..//", "///;@", "http:///", "https:///", "//www.",
    "/\u2028/", "\u3000//", "//\u3002", "http:%5c%5c", "///\\", "@", "?//", "https:\t//",
    "/%09/", "/%0a/", "\r\n//", "/\r/", "ht\ntp://", "blob:", "about:blank//", "file://",
]  # fmt: skip
PAYLOADS = [f"{start}{host}{end}" for start in _STARTS for host in _HOSTS for end in ("", "/x")]


def leads_away(address: str) -> bool:
    """Whether a browser that stands on our page would leave it (WHATWG URL, special schemes)."""
    bare = "".join(
        letter for letter in address.strip("\x00 \t\r\n\f\v\x01") if letter not in "\t\r\n"
    )
    flat = bare.replace("\\", "/")
    return flat.startswith("//") or (":" in flat.split("/")[0].split("?")[0])


def kept(wanted: str) -> str:
    """What the sign-in page remembers of ``?next=``."""
    request = RequestFactory().get("/en/sign-in/", {"next": wanted})
    request.session, request.user = SessionStore(), AnonymousUser()
    signing_in.keep_next(request)
    return str(request.session.get(signing_in.NEXT, ""))


def back_to(wanted: str) -> str:
    """Where the page that asks for the second step again goes on to."""
    request: Any = RequestFactory().get("/en/my/account/prove/", {"next": wanted})
    return proving._back(request)


@pytest.mark.django_db
def test_no_next_leads_off_the_site(client: Client) -> None:
    assert len(PAYLOADS) >= 300
    assert kept("/en/office/?state=waiting") == "/en/office/?state=waiting"

    assert [each for each in PAYLOADS if leads_away(kept(each))] == []
    assert back_to("/en/office/lock/") == "/en/office/lock/"
    assert {back_to(each) for each in PAYLOADS if leads_away(each)} == {"/en/my/account/"}


@pytest.mark.django_db
@given(st.text("/\\\t\n\r.:@?#%2f5cexample ahtp\u3002\uff0f\x00", max_size=24))
@rules(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_address_at_all_leads_off_the_site(wanted: str) -> None:
    assert leads_away(kept(wanted)) is False
    assert leads_away(back_to(wanted)) is False


def test_control_a_naive_check_lets_dozens_through() -> None:
    through = [each for each in PAYLOADS if each.startswith("/") and leads_away(each)]

    assert len(through) > 30
    # Nor is Django's check alone enough for addresses that browsers cannot read.
    assert any(url_has_allowed_host_and_scheme(each, allowed_hosts=None) for each in through)


# --- onion ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_open_pages_offer_the_onion_service(client: Client, settings: Any) -> None:
    settings.GROUNDSWELL_ONION = ONION
    event = make.listed_event()

    page = client.get(f"/en/e/{event.slug}", {"source": "poster"})

    assert page["Onion-Location"] == f"{ONION}/en/e/{event.slug}?source=poster"
    # Not to somebody who is there, not for personal links, not for the office.
    settings.ALLOWED_HOSTS = ["*"]
    there = client.get(f"/en/e/{event.slug}", HTTP_HOST="a" * 56 + ".onion")
    personal = client.get(f"/en/my/event/{links.host_token(event)}")
    office = client.get("/en/office/")
    assert [each.has_header("Onion-Location") for each in (there, personal, office)] == [False] * 3


@pytest.mark.django_db
def test_without_an_onion_service_nothing_is_offered(client: Client) -> None:
    assert not client.get("/en/privacy").has_header("Onion-Location")


@pytest.mark.parametrize(
    ("value", "is_good"),
    [
        (ONION, True), (ONION.upper().replace("HTTP", "http"), True), (f"{ONION}/", True),
        ("https://" + "b" * 56 + ".onion", True), ("", True), ("http://short.onion", False),
        ("a" * 56 + ".onion", False), (f"{ONION}/path", False), (f"{ONION}:80", False),
    ],
)  # fmt: skip
def test_the_onion_address_is_one(
    monkeypatch: pytest.MonkeyPatch, value: str, is_good: bool
) -> None:
    monkeypatch.setenv("GROUNDSWELL_ONION", value)
    if is_good:
        assert environment.onion("GROUNDSWELL_ONION") == value.rstrip("/").lower()
    else:
        with pytest.raises(ImproperlyConfigured, match="GROUNDSWELL_ONION"):
            environment.onion("GROUNDSWELL_ONION")


# --- security.txt, the owner's switch ------------------------------------------------------------


def _set(by: Any = SYSTEM, **changes: str) -> None:
    told = {"forms": "auto", "security_contact": "", "security_policy": "", **changes}
    site_ops.set_safeguards(**told, by=by)


@pytest.mark.django_db
def test_security_txt_is_fresh_and_names_the_contact(client: Client, settings: Any) -> None:
    settings.GROUNDSWELL_ORIGIN = "https://act.example.org"
    _set(security_contact="safe@example.org", security_policy="https://example.org/policy")

    response = client.get("/.well-known/security.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "Contact: mailto:safe@example.org",
        "Expires: 2026-06-02T00:00:00Z",
        "Preferred-Languages: en, es, fr, ar",
        "Policy: https://example.org/policy",
        "Canonical: https://act.example.org/.well-known/security.txt",
    ]


@pytest.mark.django_db
def test_without_a_contact_there_is_no_security_txt(client: Client) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"security_contact": "ring me"}, site_ops.ContactIsNoAddress),
        ({"security_contact": "http://example.org"}, site_ops.ContactIsNoAddress),
        ({"security_contact": "a@example.org\nExpires: x"}, site_ops.ContactIsNoAddress),
        ({"security_policy": "javascript:alert(1)"}, site_ops.PolicyIsNoPage),
    ],
)
def test_a_contact_that_is_none_is_refused(changes: dict[str, str], refused: Any) -> None:
    with pytest.raises(refused):
        _set(**changes)


@pytest.mark.django_db
def test_only_owners_switch() -> None:
    with pytest.raises(site_ops.OnlyOwners):
        _set(by=VISITOR)


# --- the middleware ------------------------------------------------------------------------------


def test_a_view_may_add_to_the_policy_and_nobody_else_does(rf: RequestFactory) -> None:
    def sandboxed(request: Any) -> HttpResponse:
        response = HttpResponse("x")
        response.csp_changes = {"sandbox": []}  # type: ignore[attr-defined]  # as brand.picture
        return response

    request = rf.get("/")
    assert security.security_headers(sandboxed)(request)["Content-Security-Policy"] == (
        f"{security.policy_text()}; sandbox"
    )


def test_hsts_is_on_over_tls_unless_an_owner_says_no() -> None:
    assert django_settings.SECURE_HSTS_SECONDS == 0  # this suite speaks http
    assert timedelta(seconds=31_536_000).days == 365
