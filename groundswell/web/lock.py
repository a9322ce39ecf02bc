"""While the panic lock is on, every address but a few answers one neutral page.

The page names nobody and asks nothing; it says 503 with Retry-After, so search engines keep what
they know and come back. The lock is asked for with every request and never remembered.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

from groundswell.site import queries as site_queries
from groundswell.site import vault

Answer = Callable[[HttpRequest], HttpResponse]

# What an owner needs to come in and unlock, and the page that monitors ask. A closed list.
OPEN = frozenset(
    {
        "healthz",
        "sign_in",
        "sign_in_code",
        "sign_in_link",
        "sign_in_passkey",
        "sign_in_passkey_begin",
        "sign_in_recovery",
        "second_step",
        "sign_out",
        "office:unlock",
    }
)
_ASKS_NOTHING = "/healthz"
RETRY_AFTER_SECONDS = 3600


def closed_when_locked(get_response: Answer) -> Answer:
    """Middleware: the neutral page in place of everything that is not on the list."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info == _ASKS_NOTHING or not site_queries.is_locked():
            return get_response(request)
        vault.forget()  # this process drops its opened data keys (lock_watch.py for idle ones)
        request.house_is_locked = True  # type: ignore[attr-defined]  # read by web/requests
        if _name(request) in OPEN:
            return get_response(request)
        return resting()

    return middleware


def resting() -> HttpResponse:
    """The neutral page, in the reader's language."""
    page = HttpResponse(render_to_string("web/resting.html"), status=503)
    page.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    page.headers["Cache-Control"] = "no-store"
    return page


def _name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
