"""Where a column of a file can go."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class To(StrEnum):
    """What a column holds. A custom field is ``field:<key>``."""

    NOTHING = ""
    GIVEN = "given"
    FAMILY = "family"
    NAME = "name"
    EMAIL = "email"
    EMAIL_BAD = "email_bad"
    PHONE = "phone"
    PHONE_BAD = "phone_bad"
    STREET = "street"
    POSTCODE = "postcode"
    TOWN = "town"
    REGION = "region"
    COUNTRY = "country"
    LANGUAGE = "language"
    TAGS = "tags"
    TAG_IF = "tag_if"
    NOTE = "note"
    SOURCE = "source"
    POINT_PERSON = "point_person"
    RECRUITER = "recruiter"
    CREATED_ON = "created_on"
    CONSENT_ON = "consent_on"
    EMAIL_STATUS = "email_status"
    TEXT_STATUS = "text_status"
    NEVER = "never"
    NEVER_CALL = "never_call"
    REF = "ref"
    NEW_FIELD = "new_field"


FIELD = "field:"

LABELS: dict[str, str | Promise] = {
    To.NOTHING: _("Leave out"),
    To.GIVEN: _("First name"),
    To.FAMILY: _("Family name"),
    To.NAME: _("Whole name"),
    To.EMAIL: _("E-mail"),
    To.EMAIL_BAD: _("Yes: the e-mail before it does not work"),
    To.PHONE: _("Phone"),
    To.PHONE_BAD: _("Yes: the phone before it does not work"),
    To.STREET: _("Street and number"),
    To.POSTCODE: _("Postcode"),
    To.TOWN: _("Town"),
    To.REGION: _("State, province or county"),
    To.COUNTRY: _("Country"),
    To.LANGUAGE: _("Language"),
    To.TAGS: _("Tags"),
    To.TAG_IF: _("Yes: a tag with the column’s name"),
    To.NOTE: _("A note"),
    To.SOURCE: _("Source code"),
    To.POINT_PERSON: _("E-mail of the organiser who looks after them"),
    To.RECRUITER: _("E-mail of whoever brought them in"),
    To.CREATED_ON: _("Day they joined"),
    To.CONSENT_ON: _("Day they agreed to be written to"),
    To.EMAIL_STATUS: _("Whether they get e-mails"),
    To.TEXT_STATUS: _("Whether they get texts"),
    To.NEVER: _("Yes: never write to them"),
    To.NEVER_CALL: _("Yes: never call or text them"),
    To.REF: _("Number of the person in the other program"),
    To.NEW_FIELD: _("A new question of our own with the column’s name"),
}

# One column of each at most; of the others, as many as there are.
ONCE = {
    To.GIVEN, To.FAMILY, To.NAME, To.POSTCODE, To.TOWN, To.REGION, To.COUNTRY, To.LANGUAGE,
    To.SOURCE, To.POINT_PERSON, To.RECRUITER, To.CREATED_ON, To.CONSENT_ON, To.EMAIL_STATUS,
    To.TEXT_STATUS, To.REF,
}  # fmt: skip

# Nobody can be told apart without one of these.
TELLS_WHO = {To.EMAIL, To.PHONE, To.NAME, To.GIVEN, To.FAMILY}


def is_target(code: str) -> bool:
    """Whether a column can go there; whether the field of ``field:<key>`` exists is not asked."""
    return code in LABELS or (code.startswith(FIELD) and len(code) > len(FIELD))
