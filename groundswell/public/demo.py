"""The demonstration's own pages: seats to sit in, the outbox, and a new start."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse, translate_url
from django.utils.translation import get_language, override

from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.operations import links
from groundswell.events.queries import people as events_people
from groundswell.kernel import clock
from groundswell.outreach import queries as outreach_queries
from groundswell.site import demonstration
from groundswell.web import guards, signing_in

LINK_LASTS = timedelta(days=1)


@guards.demo()
def seats(request: HttpRequest) -> HttpResponse:
    """Who to sit in as."""
    return render(request, "public/demo/seats.html", {"languages_here": settings.LANGUAGES})


@guards.demo(post=True)
def sit(request: HttpRequest, seat: str) -> HttpResponse:
    """Sit in as the organiser, the data manager, the host or the supporter, without a password."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("demo"))
    at_a_desk = {
        "organiser": demonstration.ORGANISER,
        "data_manager": demonstration.DATA_MANAGER,
    }
    if seat in at_a_desk:
        account = accounts_queries.account_by_email(at_a_desk[seat])
        if account is None:
            raise Http404
        language = get_language() or ""
        gone_in = signing_in.go_in(request, account, method="demo", has_second_step=True)
        # The seat keeps the language it was chosen in, whatever the account's own is; an address
        # is found only while its own language is active.
        with override(account.language):
            return HttpResponseRedirect(translate_url(gone_in["Location"], language))
    finders = {
        "host": (events_people.hosted_by_email, demonstration.HOST, "my_host"),
        "supporter": (events_people.rsvp_by_email, demonstration.SUPPORTER, "my_rsvp"),
    }
    if seat not in finders:
        raise Http404
    find, email, page = finders[seat]
    found = find(email)
    if found is None:
        raise Http404
    token = links.make_link(
        purpose="host" if seat == "host" else "rsvp",
        person_id=found.person_id,
        object_id=found.object_id,
        expires_at=clock.now() + LINK_LASTS,
    )
    return HttpResponseRedirect(reverse(page, args=[token]))


@guards.demo()
def outbox(request: HttpRequest) -> HttpResponse:
    """Every mail that the demonstration would have sent."""
    shown = outreach_queries.shown_mails()
    return render(request, "public/demo/outbox.html", {"mails": shown})


@guards.demo()
def mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """One mail, as its reader sees it: headers here, the mail itself in a sandbox."""
    found = outreach_queries.shown_mail(mail_id)
    if found is None:
        raise Http404
    response = render(request, "public/demo/mail.html", {"mail": found})
    response.csp_changes = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]  # web/security.py
    return response


@guards.demo()
def mail_body(request: HttpRequest, mail_id: int) -> HttpResponse:
    """The mail's own HTML, in a sandbox that allows its inline styles and nothing else."""
    found = outreach_queries.shown_mail(mail_id)
    if found is None:
        raise Http404
    response = HttpResponse(found.html)
    response.csp_changes = {  # type: ignore[attr-defined]  # read by web/security.py
        "style-src": ["'unsafe-inline'"],
        "frame-ancestors": ["'self'"],
        "sandbox": ["allow-popups", "allow-top-navigation-by-user-activation"],
    }
    return response


@guards.demo(post=True)
def start_again(request: HttpRequest) -> HttpResponse:
    """Everything as it was in the beginning."""
    if request.method == "POST":
        language = get_language()
        demonstration.lay_back()
        signing_in.forget(request)
        return HttpResponseRedirect(f"/{language}/demo")
    return HttpResponseRedirect(reverse("demo"))


urlpatterns = [
    path("demo", seats, name="demo"),
    path("demo/outbox", outbox, name="demo_outbox"),
    path("demo/outbox/<id:mail_id>", mail, name="demo_mail"),
    path("demo/outbox/<id:mail_id>/body", mail_body, name="demo_mail_body"),
    path("demo/again", start_again, name="demo_again"),
    path("demo/<slug:seat>", sit, name="demo_sit"),
]
