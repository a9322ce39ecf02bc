"""The form of two fields that brings somebody to an event, and the optional one after it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from groundswell.events.operations import rsvps
from groundswell.kernel import formats
from groundswell.people import contacts
from groundswell.people.operations.persons import Typed
from groundswell.people.wordings import WORDINGS
from groundswell.public.frame import page_language
from groundswell.web.forms import Email, FirstName, Phone, PlainForm, Yes

_REPORT = {"invalid_choice": _("Choose a number of people between 1 and 5.")}


def _parties() -> list[tuple[int, str]]:
    several = [
        (
            size,
            ngettext("{number} person", "{number} people", size).format(
                number=formats.number(size)
            ),
        )
        for size in range(2, rsvps.PARTY_MOST + 1)
    ]
    return [(1, _now("Just me")), *several]


class Party(forms.TypedChoiceField):
    """How many come; somebody who says nothing comes alone."""

    def clean(self, value: Any) -> Any:
        return super().clean(value or "1")


class SignUpForm(PlainForm):
    """What a visitor fills in to come to an event."""

    given = FirstName()
    email = Email()
    party = Party(
        label=_("How many are coming?"),
        coerce=int,
        choices=_parties,
        initial=1,
        error_messages={**_REPORT, "invalid": _REPORT["invalid_choice"]},
    )
    wants_reminder = Yes(label=_("Remind me the day before"), initial=True)
    can_help = Yes(label=_("I can help to set up"))
    wants_campaign_mail = Yes(label=WORDINGS["rsvp-campaign-1"])

    def typed(self) -> Typed:
        """What was typed about the person."""
        return Typed(
            given=self.cleaned_data["given"],
            email=self.cleaned_data["email"],
            language=page_language(),
        )

    def sign_up(self, source: dict[str, str]) -> rsvps.SignUp:
        """What was chosen, with where the visitor came from."""
        chosen: dict[str, Any] = {
            name: self.cleaned_data[name]
            for name in ("party", "wants_reminder", "can_help", "wants_campaign_mail")
        }
        utm = {name: value for name, value in source.items() if name not in {"source", "ref"}}
        ref, code = source.get("ref", ""), source.get("source", "")
        return rsvps.SignUp(**chosen, source=code, utm=utm, ref=ref)


class PhoneForm(PlainForm):
    """The number is asked for after signing up, with its reason, and never before."""

    phone = Phone(
        label=_("Phone"),
        help_text=_("Begin with the country code, such as +44."),
    )

    def __init__(self, *args: Any, country: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country

    def clean_phone(self) -> str:
        """The number in one written form. Checked here, so that every answer is the same."""
        try:
            return contacts.normalised_phone(self.cleaned_data["phone"], country=self.country)
        except contacts.NotAPhone as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
