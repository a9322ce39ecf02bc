"""Participations of Mobilize: one row for each sign-up, so a person comes several times."""

from groundswell.people.imports.columns import To
from groundswell.people.imports.formats.shape import Format

FORMAT = Format(
    key="mobilize",
    name="Mobilize",
    marks=frozenset({"user__email_address"}),
    columns={
        "id": To.NOTHING,
        "user_id": To.REF,
        "user__given_name": To.GIVEN,
        "user__family_name": To.FAMILY,
        "user__email_address": To.EMAIL,
        "user__phone_number": To.PHONE,
        "user__postal_code": To.POSTCODE,
        "created_date": To.NOTHING,
        "status": To.NOTHING,
        "organization__name": To.NOTHING,
        "email_at_signup": To.NOTHING,
        "given_name_at_signup": To.NOTHING,
        "family_name_at_signup": To.NOTHING,
        "phone_number_at_signup": To.NOTHING,
        "postal_code_at_signup": To.NOTHING,
        "referrer__utm_source": To.SOURCE,
    },
    month_first=True,
    country="US",
)
