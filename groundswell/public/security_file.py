"""``/.well-known/security.txt`` (RFC 9116): whom to tell about a way around our promises."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import path, reverse

from groundswell.kernel import clock
from groundswell.site import queries as site_queries
from groundswell.web import guards
from groundswell.web.requests import HouseRequest

_GOOD_FOR = timedelta(days=90)  # RFC 9116 section 2.5.5: less than a year


@guards.anyone()
def security_txt(request: HouseRequest) -> HttpResponse:
    """The file, always fresh; none before an owner has set a contact."""
    told = site_queries.safeguards()
    contact = told.security_contact
    if not contact:
        raise Http404
    until = (clock.now() + _GOOD_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    here = settings.GROUNDSWELL_ORIGIN + reverse("security_txt")
    lines = [
        f"Contact: {contact if contact.startswith('https://') else f'mailto:{contact}'}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
    ]
    if told.security_policy:
        lines.append(f"Policy: {told.security_policy}")
    if here.startswith("https://"):  # section 2.5.2
        lines.append(f"Canonical: {here}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


urlpatterns = [path(".well-known/security.txt", security_txt, name="security_txt")]
