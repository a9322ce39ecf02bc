"""E-mail addresses and phone numbers: one written form each, and clear refusals."""

from __future__ import annotations

import unicodedata

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.site import vault

EMAIL_MOST = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets
_valid_email = EmailValidator()


class NotAnEmail(Refusal):
    sentence = _("Finish the e-mail address, for example amina@gmail.com.")
    field = "email"


class NotAPhone(Refusal):
    sentence = _(
        "There is no such number. Check its digits, and begin with the country code, such as +44."
    )
    field = "phone"


def normalised_email(text: str) -> str:
    """The one form we compare: trimmed, lower case, the domain in its ASCII form (IDNA).

    Upper and lower case before the @ may differ by RFC 5321, but no provider in use does so, and
    people type both. Raises NotAnEmail.
    """
    # Addresses copied out of right-to-left text carry invisible direction marks.
    typed = clean_line(text).replace(" ", "").lower()
    email = "".join(letter for letter in typed if unicodedata.category(letter) != "Cf")
    local, _at, domain = email.rpartition("@")
    try:
        email = f"{local}@{domain.encode('idna').decode('ascii')}"
        _valid_email(email)
    except (UnicodeError, ValidationError) as wrong:
        raise NotAnEmail from wrong
    if len(email) > EMAIL_MOST:
        raise NotAnEmail
    return email


def blind_email(email: str) -> bytes:
    """The blind index of a normalised address."""
    return vault.blind("email", email)


def lasting_email(email: str) -> bytes:
    """The index of a normalised address in lists that outlive every person and every new index
    key: who must not be written to, who may not come."""
    return vault.lasting_blind("email", email)


def normalised_phone(text: str, *, country: str = "") -> str:
    """E.164, for example ``+447700900123``. A number without a prefix is read as ``country``'s.

    Raises NotAPhone for anything that numbering plans do not know.
    """
    try:
        number = phonenumbers.parse(clean_line(text)[:40], country or None)
    except phonenumbers.NumberParseException as wrong:
        raise NotAPhone from wrong
    if not phonenumbers.is_valid_number(number):
        raise NotAPhone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
