"""Everything held about a person, by the link of a mail: see, correct, take along, stop, erase."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock, formats
from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.my import topics
from groundswell.people import exporting, telling
from groundswell.people import queries as people_queries
from groundswell.people.models import Person
from groundswell.people.operations import correcting, erasing, new_address
from groundswell.people.operations.correcting import NothingToSwitch
from groundswell.people.sockets import Fate
from groundswell.site import queries as site_queries
from groundswell.web import guards
from groundswell.web.forms import Choice, Email, FirstName, Line, Phone, PlainForm, Yes
from groundswell.web.requests import HouseRequest


class NameForm(PlainForm):
    """What we call somebody, and in which language we write."""

    given = FirstName()
    family = Line(label=_("Family name"), required=False, max_length=60, autocomplete="family-name")
    language = Choice(label=_("Language of our mails"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, Choice)
        field.choices = [(code, formats.endonym(code)) for code, _name in settings.LANGUAGES]


class PhoneForm(PlainForm):
    """Their number; empty takes it away."""

    phone = Phone(
        label=_("Phone"),
        required=False,
        help_text=_("Begin with the country code, such as +44. Leave it empty to take it away."),
    )


class AddressForm(PlainForm):
    """A new address."""

    email = Email(
        label=_("New e-mail address"),
        help_text=_("We send a mail there. Nothing changes until you open its link."),
    )


class EraseForm(PlainForm):
    """The one question of an erasure."""

    never_write = Yes(
        label=_("Keep a fingerprint of my address and number, so that nobody can sign me up again")
    )


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of the page; the one that was refused keeps what was typed."""

    name: NameForm
    phone: PhoneForm
    address: AddressForm

    @property
    def refused(self) -> PlainForm | None:
        return next((form for form in (self.name, self.phone, self.address) if form.is_bound), None)


def _person(request: HouseRequest) -> Person:
    """Whose link it is; the guard has found the link already."""
    return Person.objects.get(id=request.link.person_id or 0)


def _forms(person: Person, **refused: Any) -> Forms:
    name = people_queries.name_of(person)
    known = {"given": name.given, "family": name.family, "language": person.language}
    given: dict[str, Any] = {
        "name": NameForm(initial=known),
        "phone": PhoneForm(initial={"phone": people_queries.phone_of(person.id)}),
        "address": AddressForm(),
        **refused,
    }
    return Forms(**given)


def _page(request: HouseRequest, token: str, **refused: Any) -> HttpResponse:
    person = _person(request)
    contact = people_queries.email_contact(person.id)
    forms = _forms(person, **refused)
    switches = topics.of_person(person.id)
    context = {
        "token": token,
        "forms": forms,
        "form": forms.refused,  # for the summary of errors, and the page's title
        "email": people_queries.address_of(contact) if contact else "",
        "waits_for": telling.waiting_address(person.id),
        "topics": switches,
        "gets_some": any(switch.topic.is_on for switch in switches),
        "offers": topics.offered(person.id),
        "told": telling.tell(person.id),
        "is_leaving": person.warned_on is not None,
    }
    status = 422 if forms.refused is not None else 200
    return render(request, "my/data/data.html", context, status=status)


def _back(token: str, part: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('my_data', args=[token])}#{part}")


@guards.data()
def data(request: HouseRequest, token: str) -> HttpResponse:
    """Everything on one page. Opening it changes nothing: scanners open links too."""
    return _page(request, token)


@guards.data(post=True)
def name(request: HouseRequest, token: str) -> HttpResponse:
    """Put the name and the language right."""
    if request.method != "POST":
        return _back(token, "you")
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            correcting.correct(person_id=_person(request).id, by=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _t("Saved."))
            return _back(token, "you")
    return _page(request, token, name=form)


@guards.data(post=True)
def phone(request: HouseRequest, token: str) -> HttpResponse:
    """Change the number, or take it away."""
    if request.method != "POST":
        return _back(token, "phone")
    form = PhoneForm(request.POST)
    if form.is_valid():
        try:
            correcting.set_phone(
                person_id=_person(request).id, phone=form.cleaned_data["phone"], by=request.actor
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            kept = bool(form.cleaned_data["phone"])
            messages.success(request, _t("Saved.") if kept else _t("Your number is gone."))
            return _back(token, "phone")
    return _page(request, token, phone=form)


@guards.data(post=True)
def address(request: HouseRequest, token: str) -> HttpResponse:
    """Ask for another address; it counts once its own mail was opened."""
    if request.method != "POST":
        return _back(token, "address")
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            new_address.ask_new_address(
                person_id=_person(request).id, email=form.cleaned_data["email"], by=request.actor
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request,
                _t("Look into the mailbox of the new address: nothing changes before."),
            )
            return _back(token, "address")
    return _page(request, token, address=form)


@guards.data(post=True)
def switch(request: HouseRequest, token: str) -> HttpResponse:
    """Turn one kind of message off or on, or everything off."""
    if request.method == "POST":
        person_id, what = _person(request).id, request.POST.get("what", "")
        try:
            if what == "everything":
                correcting.stop_everything(person_id=person_id, by=request.actor)
            elif what == "topic":
                correcting.hear_about(
                    person_id=person_id,
                    topic_id=read_id(request.POST.get("topic", "")) or 0,
                    channel=request.POST.get("channel", ""),
                    by=request.actor,
                )
            elif request.POST.get("turn") in {"on", "off"}:
                is_on = request.POST.get("turn") == "on"
                correcting.switch(person_id=person_id, key=what, is_on=is_on, by=request.actor)
            else:
                raise NothingToSwitch
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _t("Done."))
    return _back(token, "messages")


@guards.data(post=True)
def stay(request: HouseRequest, token: str) -> HttpResponse:
    """Keep me for two more years."""
    if request.method == "POST":
        correcting.stay(person_id=_person(request).id, by=request.actor)
        messages.success(request, _t("Good. We keep what we hold for two more years."))
    return _back(token, "you")


@guards.data()
def file(request: HouseRequest, token: str) -> HttpResponse:
    """The same as a file that other programs read."""
    told = {
        "from": site_queries.installation_name(),
        "at": clock.now().isoformat(),
        "held": exporting.export(_person(request).id),
    }
    content = json.dumps(told, ensure_ascii=False, indent=2)
    return HttpResponse(
        content,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="your-data.json"'},
    )


@guards.data(post=True)
def erase(request: HouseRequest, token: str) -> HttpResponse:
    """First what would go and what must stay, then the button, then a calm page."""
    person = _person(request)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        never_write = form.cleaned_data["never_write"]
        erasing.erase_person(person_id=person.id, never_write=never_write, by=request.actor)
        return HttpResponseRedirect(reverse("your_data_erased"))
    told = telling.tell(person.id)
    context = {
        "token": token,
        "form": form,
        "goes": [each for each in told if each.fate == Fate.GOES],
        "cut": [each for each in told if each.fate == Fate.CUT],
        "stays": [each for each in told if each.fate == Fate.STAYS],
    }
    return render(request, "my/data/erase.html", context, status=422 if form.is_bound else 200)


@guards.prove(post=True)
def prove(request: HouseRequest, token: str) -> HttpResponse:
    """The mail to a new address leads here; pressing makes it theirs."""
    if request.method != "POST":
        return render(request, "my/data/prove.html", {"token": token})
    try:
        new_address.prove_new_address(new_address_id=request.link.object_id or 0, by=request.actor)
    except Refusal as refusal:
        context = {"token": token, "refusal": refusal}
        return render(request, "my/data/prove.html", context, status=422)
    return render(request, "my/data/proved.html")


urlpatterns = [
    path("my/data/<str:token>", data, name="my_data"),
    path("my/data/<str:token>/name", name, name="my_data_name"),
    path("my/data/<str:token>/phone", phone, name="my_data_phone"),
    path("my/data/<str:token>/address", address, name="my_data_address"),
    path("my/data/<str:token>/messages", switch, name="my_data_messages"),
    path("my/data/<str:token>/stay", stay, name="my_data_stay"),
    path("my/data/<str:token>/file", file, name="my_data_file"),
    path("my/data/<str:token>/erase", erase, name="my_data_erase"),
    path("my/address/<str:token>", prove, name="my_new_address"),
]
