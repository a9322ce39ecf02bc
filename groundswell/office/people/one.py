"""One person: what is known about them, what they agreed to, and why the reader may see it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.events.queries import people as event_queries
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame, past, states
from groundswell.office.people import profile
from groundswell.people import aliases, sight, telling
from groundswell.people import queries as people_queries
from groundswell.people.models import Contact, Person
from groundswell.people.operations import erasing, looking
from groundswell.people.sockets import Depth
from groundswell.web import guards
from groundswell.web.forms import OneOf, PlainForm, Yes
from groundswell.web.requests import HouseRequest


class ReasonForm(PlainForm):
    """What an address is needed for."""

    reason = OneOf(
        label=gettext_lazy("What do you need it for?"), choices=list(looking.REASONS.items())
    )


class EraseForm(PlainForm):
    """Whether they may ever be written to again."""

    never_write = Yes(
        label=gettext_lazy(
            "Keep a fingerprint of their address and number, so that nobody writes to them"
        )
    )


def enough(request: HouseRequest, refusal: Refusal) -> HttpResponse:
    """The page instead of more people; the owners hear of it once a day."""
    looking.note_enough(by=frame.by(request))
    context = {"sentence": str(refusal)}
    return frame.page(request, "office/people/enough.html", context, current="people", status=429)


def person_or_404(
    request: HouseRequest, person_id: int, *, at_least: Depth = Depth.NAME
) -> tuple[Person, Depth]:
    """The person of the page, and how deep the reader sees them."""
    person = Person.objects.filter(id=person_id).first()
    depth = sight.depth_of(frame.by(request), person) if person is not None else None
    if person is None or depth is None or depth < at_least:
        raise Http404
    return person, depth


@guards.office(Right.SEE_CONTACTS, post=True)
def person(request: HouseRequest, person_id: int) -> HttpResponse:
    """One person. A post opens the address and the number, and says what for."""
    found, depth = person_or_404(request, aliases.standing_id(person_id))
    if found.id != person_id:  # merged: its old links lead to the record that stays
        return HttpResponseRedirect(reverse("office:person", args=[found.id]))
    actor = frame.by(request)
    try:
        looking.note_seen(person_ids=[found.id], by=actor)
    except looking.EnoughForToday as refusal:
        return enough(request, refusal)
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
            "id": row.id,
            "is_email": row.kind == Contact.Kind.EMAIL,
            "problem": row.problem,
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
    context = {
        **profile.shown(found, actor, depth, is_opened=opened is not None),
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
    found, depth = person_or_404(request, person_id)
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
    path("people/<id:person_id>/", person, name="person"),
    path("people/<id:person_id>/erase/", erase, name="person_erase"),
]
