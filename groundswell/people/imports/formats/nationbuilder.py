"""People exports of NationBuilder, which puts an apostrophe before values for Excel."""

from groundswell.people.imports.columns import To
from groundswell.people.imports.formats.shape import Format

_EMAILS = {f"email{n}": To.EMAIL for n in range(1, 5)}
_BAD = {f"email{n}_is_bad": To.EMAIL_BAD for n in range(1, 5)}
_SECOND = {
    f"{kind}_{part}": To.NOTHING
    for kind in ("billing", "mailing", "user_submitted")
    for part in ("address1", "address2", "address3", "city", "state", "zip", "country")
}

FORMAT = Format(
    key="nationbuilder",
    name="NationBuilder",
    marks=frozenset({"nationbuilder_id"}),
    columns={
        **_EMAILS,
        **_BAD,
        **_SECOND,
        "nationbuilder_id": To.REF,
        "email_opt_in": To.EMAIL_STATUS,
        "phone_number": To.PHONE,
        "work_phone_number": To.PHONE,
        "mobile_number": To.PHONE,
        "is_mobile_bad": To.PHONE_BAD,
        "mobile_opt_in": To.TEXT_STATUS,
        "fax_number": To.NOTHING,
        "do_not_call": To.NEVER_CALL,
        "do_not_contact": To.NEVER,
        "federal_donotcall": To.NOTHING,
        "primary_address1": To.STREET,
        "primary_address2": To.STREET,
        "primary_address3": To.STREET,
        "primary_city": To.TOWN,
        "primary_state": To.REGION,
        "primary_zip": To.POSTCODE,
        "primary_country": To.COUNTRY,
        "is_volunteer": To.TAG_IF,
        "tag_list": To.TAGS,
        "note": To.NOTE,
    },
    apostrophes=True,
    month_first=True,
)
