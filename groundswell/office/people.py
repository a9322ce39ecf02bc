"""People: finding somebody, what is known about them, and why the reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from groundswell.events.queries import people as event_queries
from groundswell.kernel import formats
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.kernel.text import clean_line
from groundswell.office import frame, listing, past, states
from groundswell.people import finding, sight, telling
from groundswell.people import queries as people_queries
from groundswell.people.models import Contact, Person
from groundswell.people.operations import erasing, looking
from groundswell.people.sockets import Depth
from groundswell.web import guards
from groundswell.web.forms import OneOf, PlainForm, Yes
from groundswell.web.requests import HouseRequest

PER_PAGE = 50


class ReasonForm(PlainForm):
    """What an address is needed for."""

    reason = OneOf(
        label=gettext_lazy("What do you need it for?"), choices=list(looking.REASONS.items())
    )


class EraseForm(PlainForm):
    """Whether they may ever be written to again."""

    never_write = Yes(
        label=gettext_lazy("Keep a fingerprint of their address, so that nobody writes to them")
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the list."""

    name: str
    href: str
    hint: str


def _enough(request: HouseRequest, refusal: Refusal) -> HttpResponse:
    """The page instead of more people; the owners hear of it once a day."""
    looking.note_enough(by=frame.by(request))
    context = {"sentence": str(refusal)}
    return frame.page(request, "office/people/enough.html", context, current="people", status=429)


@guards.office(Right.SEE_CONTACTS)
def people(request: HouseRequest) -> HttpResponse:
    """People whom the reader looks after; a search by name, address or number."""
    words = clean_line(request.GET.get("q", ""))[:120]
    actor = frame.by(request)
    found = finding.find(words, by=actor)
    page = listing.with_links(
        Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        lambda number: urlencode({"q": words, "page": number} if words else {"page": number}),
    )
    shown = list(page.object_list)
    try:
        looking.note_seen(person_ids=[person.id for person in shown], by=actor)
    except looking.EnoughForToday as refusal:
        return _enough(request, refusal)
    context = {
        "rows": _rows(actor, shown),
        "page": page,
        "words": words,
        "count": page.paginator.count,
    }
    return frame.page(request, "office/people/index.html", context, current="people")


def _rows(actor: Actor, shown: list[Person]) -> list[Row]:
    names, depths = people_queries.names_of(shown), sight.depths(actor, shown)
    return [
        Row(
            sight.shown_name(names[person.id], depths.get(person.id, Depth.FIRST_NAME)),
            reverse("office:person", args=[person.id]),
            _hint(person),
        )
        for person in shown
    ]


def _hint(person: Person) -> str:
    country = countries.name(person.country) if person.country else ""
    parts = [country, formats.endonym(person.language), formats.day_and_year(person.last_active_on)]
    return " · ".join(part for part in parts if part)


def _person_or_404(request: HouseRequest, person_id: int) -> tuple[Person, Depth]:
    person = Person.objects.filter(id=person_id).first()
    depth = sight.depth_of(frame.by(request), person) if person is not None else None
    if person is None or depth is None or depth < Depth.NAME:
        raise Http404
    return person, depth


@guards.office(Right.SEE_CONTACTS, post=True)
def person(request: HouseRequest, person_id: int) -> HttpResponse:
    """One person. A post opens the address and the number, and says what for."""
    found, depth = _person_or_404(request, person_id)
    actor = frame.by(request)
    try:
        looking.note_seen(person_ids=[found.id], by=actor)
    except looking.EnoughForToday as refusal:
        return _enough(request, refusal)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    opened: list[dict[str, Any]] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            looking.open_contacts(person_id=found.id, reason=form.cleaned_data["reason"], by=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            opened = _contacts(found)
    return _show(request, found, depth, form, opened)


def _contacts(found: Person) -> list[dict[str, Any]]:
    rows = found.contacts.order_by("kind", "id")
    return [
        {
            "is_email": row.kind == Contact.Kind.EMAIL,
            "value": people_queries.address_of(row),
            "is_proven": row.proven_at is not None,
        }
        for row in rows
    ]


def _show(
    request: HouseRequest,
    found: Person,
    depth: Depth,
    form: ReasonForm,
    opened: list[dict[str, Any]] | None,
) -> HttpResponse:
    actor = frame.by(request)
    name = people_queries.name_of(found)
    context = {
        "person": found,
        "name": sight.shown_name(name, depth),
        "since": formats.day_and_year(found.created_at.date()),
        "last_active": formats.day_and_year(found.last_active_on),
        "country": countries.name(found.country) if found.country else "",
        "language_name": formats.endonym(found.language),
        "why": sight.why(actor, found),
        "can_open": depth >= Depth.CONTACT,
        "can_erase": actor.is_owner,
        "form": form,
        "opened": opened,
        "took_part": [_part(part) for part in event_queries.took_part(found.id, actor)],
        "timeline": past.of_person(found, actor),
    }
    status = 422 if form.errors else 200
    return frame.page(
        request, "office/people/person.html", context, current="people", status=status
    )


def _part(part: event_queries.Part) -> dict[str, Any]:
    return {
        "title": part.event.title,
        "href": reverse("office:event", args=[part.event.campaign.slug, part.event.slug]),
        "event": part.event,
        "words": states.PART_WORDS[part.what],
    }


@guards.office(Right.RUN, post=True, is_everywhere=True, is_fresh=True)
def erase(request: HouseRequest, person_id: int) -> HttpResponse:
    """An owner erases somebody who asked for it and cannot press the button themselves."""
    found, depth = _person_or_404(request, person_id)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        erasing.erase_person(
            person_id=found.id, never_write=form.cleaned_data["never_write"], by=frame.by(request)
        )
        messages.success(request, _("Erased. Nothing here leads back to them."))
        return HttpResponseRedirect(reverse("office:people"))
    context = {
        "form": form,
        "person": found,
        "name": sight.shown_name(people_queries.name_of(found), depth),
        "is_needed": telling.still_needed(found.id),
    }
    status = 422 if form.errors else 200
    return frame.page(request, "office/people/erase.html", context, current="people", status=status)


urlpatterns = [
    path("people/", people, name="people"),
    path("people/<id:person_id>/", person, name="person"),
    path("people/<id:person_id>/erase/", erase, name="person_erase"),
]
