"""Changing what is known about somebody: name, languages, zone, addresses, home, answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.people.one import person_or_404
from groundswell.people import fields, sight
from groundswell.people import queries as people_queries
from groundswell.people.models import Contact, Field, FieldValue, Person, PostalAddress
from groundswell.people.operations import answers, details, looking
from groundswell.people.operations.correcting import NameIsEmpty
from groundswell.people.sight import DEPTHS
from groundswell.people.sockets import Depth
from groundswell.places import gazetteer, zones
from groundswell.web import guards
from groundswell.web.forms import Choice, Day, Line, Paragraphs, PlainForm, Yes
from groundswell.web.requests import HouseRequest


class DetailsForm(PlainForm):
    """Name, languages, zone and country."""

    given = Line(label=gettext_lazy("Given name"), max_length=80, required=False)
    family = Line(label=gettext_lazy("Family name"), max_length=80, required=False)
    is_family_first = Yes(label=gettext_lazy("The family name comes first"))
    language = Choice(label=gettext_lazy("Language"))
    other_languages = forms.MultipleChoiceField(
        label=gettext_lazy("Other languages"), required=False, widget=forms.CheckboxSelectMultiple
    )
    country = Choice(label=gettext_lazy("Country"), required=False)
    time_zone = Choice(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Only what they said. Otherwise it follows from where they live."),
        required=False,
    )

    def __init__(self, *args: Any, country: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = [(code, formats.endonym(code)) for code, _name in settings.LANGUAGES]
        self.fields["language"].choices = languages  # type: ignore[attr-defined]  # a choice field
        self.fields["other_languages"].choices = languages  # type: ignore[attr-defined]  # as above
        self.fields["country"].choices = [("", _("Not known")), *countries]  # type: ignore[attr-defined]  # as above
        self.fields["time_zone"].choices = _zone_choices(country)  # type: ignore[attr-defined]  # as above


def _zone_choices(country: str) -> list[tuple[str, str]]:
    """The zones of their country first, then every other."""
    found = gazetteer.country(country) if country else None
    near = list(found.zones) if found else []
    rest = sorted(zone for zone in zones.names() if zone not in near)
    return [("", _("From where they live")), *((z, z.replace("_", " ")) for z in [*near, *rest])]


class ContactForm(PlainForm):
    """One more address or number."""

    value = Line(
        label=gettext_lazy("E-mail address or phone number"),
        help_text=gettext_lazy("Begin a number from abroad with its country code, such as +44."),
        max_length=254,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].widget.attrs["dir"] = "ltr"

    def kind(self) -> Contact.Kind:
        """A number has no letters; everything else is meant for an address."""
        value = self.cleaned_data["value"]
        has_letters = "@" in value or any(letter.isalpha() for letter in value)
        return Contact.Kind.EMAIL if has_letters else Contact.Kind.PHONE


ADDRESSES: dict[str, str | Promise] = {
    PostalAddress.Kind.HOME: gettext_lazy("Where they live"),
    PostalAddress.Kind.POST: gettext_lazy("Where they get post"),
    PostalAddress.Kind.WORK: gettext_lazy("Where they work"),
}


class HomeForm(PlainForm):
    """Where somebody lives, gets post or works."""

    street = Paragraphs(
        label=gettext_lazy("Street and number"), rows=2, max_length=400, required=False
    )
    postcode = Line(label=gettext_lazy("Postcode"), max_length=20, required=False)
    town = Line(label=gettext_lazy("Town"), max_length=120, required=False)
    region = Line(label=gettext_lazy("Region or state"), max_length=80, required=False)
    country = Choice(label=gettext_lazy("Country"), required=False)

    def __init__(self, *args: Any, hides_street: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hides_street:
            del self.fields["street"], self.fields["postcode"]
        self.fields["country"].choices = [("", _("Not known")), *countries]  # type: ignore[attr-defined]  # a choice field


class AnswersForm(PlainForm):
    """The installation's own questions that the reader may answer for this person."""

    def __init__(self, *args: Any, questions: list[Field], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[question.key] = _input(question)


def _input(question: Field) -> forms.Field:
    label: dict[str, Any] = {"label": fields.label(question), "required": False}
    chosen = [(each["key"], fields.in_language(each["labels"])) for each in question.choices]
    match question.kind:
        case Field.Kind.DATE:
            return Day(**label)
        case Field.Kind.YES:
            yes_no = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]
            return Choice(choices=yes_no, **label)
        case Field.Kind.ONE:
            return Choice(choices=[("", _("Not known")), *chosen], **label)
        case Field.Kind.MANY:
            return forms.MultipleChoiceField(
                choices=chosen, widget=forms.CheckboxSelectMultiple, **label
            )
    return Line(max_length=200, **label)


def back_to(person_id: int, part: str = "") -> HttpResponse:
    """The person's page, at one of its parts."""
    return HttpResponseRedirect(
        reverse("office:person", args=[person_id]) + (f"#{part}" if part else "")
    )


def form_page(
    request: HouseRequest, found: Person, depth: Depth, form: PlainForm, heading: str, **more: Any
) -> HttpResponse:
    """One form about one person."""
    context = {
        "form": form,
        "person": found,
        "name": sight.shown_name(people_queries.name_of(found), depth),
        "heading": heading,
        **more,
    }
    status = 422 if form.errors else 200
    return frame.page(request, "office/people/form.html", context, current="people", status=status)


@guards.office(Right.SEE_CONTACTS, post=True)
def change(request: HouseRequest, person_id: int) -> HttpResponse:
    """Name, languages, zone, country."""
    found, depth = person_or_404(request, person_id, at_least=Depth.CONTACT)
    name = people_queries.name_of(found)
    known = {
        "given": name.given,
        "family": name.family,
        "is_family_first": name.is_family_first,
        "language": found.language,
        "other_languages": found.other_languages,
        "country": found.country,
        "time_zone": found.time_zone if found.zone_from == Person.ZoneFrom.SAID else "",
    }
    posted = request.POST if request.method == "POST" else None
    form = DetailsForm(posted, initial=known, country=found.country)
    if posted is not None and form.is_valid():
        try:
            wanted = details.Details(**form.cleaned_data)
            details.change_details(person_id=found.id, details=wanted, by=frame.by(request))
        except NameIsEmpty:
            form.add_error("given", _("Write a given name, a family name or both."))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return back_to(found.id, "known")
    return form_page(request, found, depth, form, _("Name, languages and time zone"))


@guards.office(Right.SEE_CONTACTS, post=True)
def contact_add(request: HouseRequest, person_id: int) -> HttpResponse:
    """One more address or number that the team was given."""
    found, depth = person_or_404(request, person_id, at_least=Depth.CONTACT)
    posted = request.POST if request.method == "POST" else None
    form = ContactForm(posted)
    if posted is not None and form.is_valid():
        value, by = form.cleaned_data["value"], frame.by(request)
        try:
            details.add_contact(person_id=found.id, kind=form.kind(), value=value, by=by)
        except Refusal as refusal:
            form.add_error("value", str(refusal))
        else:
            messages.success(request, _("Added. It is no consent: nothing is sent because of it."))
            return back_to(found.id, "reach")
    return form_page(request, found, depth, form, _("Add an address or a number"))


@guards.office(Right.SEE_CONTACTS, post=True)
def contact_remove(request: HouseRequest, person_id: int, contact_id: int) -> HttpResponse:
    """Take an address or a number away; a second page asks, because it cannot be undone."""
    found, depth = person_or_404(request, person_id, at_least=Depth.CONTACT)
    held = Contact.objects.filter(person=found, id=contact_id).first()
    if held is None and request.method != "POST":
        raise Http404
    if held is None or request.method == "POST":
        try:
            details.remove_contact(person_id=found.id, contact_id=contact_id, by=frame.by(request))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Taken away."))
        return back_to(found.id, "reach")
    is_email = held.kind == Contact.Kind.EMAIL
    heading = _("Take this address away?") if is_email else _("Take this number away?")
    return form_page(
        request, found, depth, PlainForm(), heading,
        why=_("It is deleted here, and nothing reaches them by it. This cannot be undone."),
        verb=_("Take it away"), is_removal=True,
    )  # fmt: skip


@guards.office(Right.SEE_CONTACTS, post=True)
def home(request: HouseRequest, person_id: int) -> HttpResponse:
    """Where they live, or with ``?kind=`` where they get post or work. The street is shown after a
    press (``do=show``), which the log keeps."""
    found, depth = person_or_404(request, person_id, at_least=Depth.CONTACT)
    asked = request.GET.get("kind", "")
    kind = asked if asked in ADDRESSES else PostalAddress.Kind.HOME.value
    held = PostalAddress.objects.filter(person=found, kind=kind).first()
    by, do = frame.by(request), request.POST.get("do", "")
    if do == "remove":
        details.remove_home(person_id=found.id, kind=kind, by=by)
        messages.success(request, _("Taken away."))
        return back_to(found.id, "known")
    hides_street = held is not None and bool(held.street_sealed)
    if do == "show" or request.POST.get("street") is not None:
        hides_street = False
    if do == "show" and held is not None:
        looking.open_contacts(person_id=found.id, reason="mistake", by=by)
    posted = request.POST if request.method == "POST" and do != "show" else None
    known = _as_typed(held, with_street=not hides_street) if held else {"country": found.country}
    form = HomeForm(posted, initial=known, hides_street=hides_street)
    if posted is not None and form.is_valid():
        try:
            told = {"street": None, "postcode": None, **form.cleaned_data, "kind": kind}
            wanted = details.Home(**told)
            details.put_home(person_id=found.id, home=wanted, by=by)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return back_to(found.id, "known")
    return form_page(
        request, found, depth, form, str(ADDRESSES[kind]), tabs=_tabs(kind),
        can_remove=held is not None, hides_street=hides_street,
    )  # fmt: skip


def _tabs(kind: str) -> list[dict[str, Any]]:
    return [
        {"href": f"?kind={key}", "label": words, "is_open": key == kind}
        for key, words in ADDRESSES.items()
    ]


def _as_typed(held: PostalAddress, *, with_street: bool) -> dict[str, Any]:
    street = details.street_of(held) if with_street else {"lines": [], "postcode": ""}
    return {
        "street": "\n".join(street["lines"]),
        "postcode": street["postcode"],
        "town": held.town,
        "region": held.region,
        "country": held.country,
    }


@guards.office(Right.SEE_CONTACTS, post=True)
def answer(request: HouseRequest, person_id: int) -> HttpResponse:
    """Answers to the installation's own questions."""
    found, depth = person_or_404(request, person_id)
    questions = [
        question
        for question in Field.objects.filter(is_closed=False).order_by("position", "id")
        if depth >= DEPTHS[Right(question.writes)]
    ]
    posted = request.POST if request.method == "POST" else None
    form = AnswersForm(posted, questions=questions, initial=_answered(found, questions))
    if posted is not None and form.is_valid():
        told = {key: _as_text(value) for key, value in form.cleaned_data.items()}
        try:
            answers.answer(person_id=found.id, told=told, by=frame.by(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return back_to(found.id, "answers")
    return form_page(request, found, depth, form, _("Our own questions"), is_empty=not questions)


def _answered(found: Person, questions: list[Field]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    rows = FieldValue.objects.filter(person=found, field__in=questions).select_related("field")
    for row in rows.order_by("text"):
        told = fields.typed(row)
        if row.field.kind == Field.Kind.MANY:
            known.setdefault(row.field.key, []).append(told)
        else:
            known[row.field.key] = told
    return known


def _as_text(value: Any) -> str | list[str]:
    if isinstance(value, list):
        return [str(each) for each in value]
    return "" if value is None else str(value)


urlpatterns = [
    path("people/<id:person_id>/details/", change, name="person_details"),
    path("people/<id:person_id>/contacts/", contact_add, name="person_contact_add"),
    path(
        "people/<id:person_id>/contacts/<id:contact_id>/",
        contact_remove,
        name="person_contact_remove",
    ),
    path("people/<id:person_id>/home/", home, name="person_home"),
    path("people/<id:person_id>/answers/", answer, name="person_answers"),
]
