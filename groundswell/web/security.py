"""Headers of every answer: a strict policy without nonces, and nothing for other origins.

Django 6 has a middleware for ``SECURE_CSP``; until then this one sends it under the same name.
A view may set ``view.csp_changes`` (a closed list in the tests): the embed and mail previews.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

_FIXED = {
    "Permissions-Policy": (
        "accelerometer=(), camera=(), geolocation=(self), gyroscope=(), magnetometer=(), "
        "microphone=(), payment=(), usb=(), browsing-topics=()"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}


def policy_text(changes: dict[str, list[str]] | None = None) -> str:
    """The Content-Security-Policy (CSP Level 3) from ``SECURE_CSP`` with a view's changes."""
    rules: dict[str, list[str]] = {**settings.SECURE_CSP, **(changes or {})}
    return "; ".join(f"{name} {' '.join(sources)}".strip() for name, sources in rules.items())


def security_headers(get_response: Answer) -> Answer:
    """Middleware: the policy and its neighbours on every answer, errors included."""
    usual = policy_text()

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        changes = getattr(response, "csp_changes", None)
        policy = policy_text(changes) if changes else usual
        response.headers.setdefault("Content-Security-Policy", policy)
        for name, value in _FIXED.items():
            response.headers.setdefault(name, value)
        return response

    return middleware
