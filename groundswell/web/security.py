"""Headers of every answer: a strict policy without nonces, and nothing for other origins.

Django 6 has a middleware for ``SECURE_CSP``; until then this one sends it under the same name.
A view may set ``view.csp_changes`` (a closed list in the tests): the embed and mail previews.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

# Everything off that a browser could ask for us, but "Use my location" and passkeys.
_OFF = (
    "accelerometer", "autoplay", "browsing-topics", "camera",
    "display-capture", "encrypted-media", "fullscreen", "gamepad", "gyroscope", "hid",
    "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer", "microphone",
    "midi", "otp-credentials", "payment", "picture-in-picture", "screen-wake-lock", "serial",
    "storage-access", "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip
_OUR_OWN = ("geolocation", "publickey-credentials-create", "publickey-credentials-get")

_FIXED = {
    "Permissions-Policy": ", ".join(
        [*(f"{name}=()" for name in _OFF), *(f"{name}=(self)" for name in _OUR_OWN)]
    ),
    "Origin-Agent-Cluster": "?1",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}


def policy_text(changes: dict[str, list[str]] | None = None) -> str:
    """The Content-Security-Policy (CSP Level 3) from ``SECURE_CSP`` with a view's changes."""
    rules: dict[str, list[str]] = {**settings.SECURE_CSP, **(changes or {})}
    return "; ".join(f"{name} {' '.join(sources)}".strip() for name, sources in rules.items())


def _has_onion(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether this page may be offered by the onion service: an open page, asked for elsewhere.

    A page behind a personal link is not: the link would stand in one more header.
    """
    match = request.resolver_match
    if match is None:
        return False
    guard = getattr(match.func, "guard", None)
    is_open = guard is not None and guard.name == "anyone" and "token" not in match.kwargs
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    is_there = request.META.get("HTTP_HOST", "").partition(":")[0].endswith(".onion")
    return is_open and is_page and not is_there and request.method == "GET"


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
        if settings.GROUNDSWELL_ONION and _has_onion(request, response):
            here = settings.GROUNDSWELL_ONION + request.get_full_path()
            response.headers["Onion-Location"] = here
        return response

    return middleware
